"""One JSON object a line on stderr: read by people and by CloudWatch's metric filters alike."""

import json
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Log:
    context: Mapping[str, object]
    """In every line: the data set, the run."""
    started: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        """Since the run started."""
        return round(time.monotonic() - self.started, 3)

    def write(self, event: str, **values: object) -> None:
        line = {"event": event, **self.context, **values, "seconds": self.seconds}
        print(json.dumps(line, default=str), file=sys.stderr, flush=True)
