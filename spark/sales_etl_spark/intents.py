"""What a publish is going to do, and that it is done: two objects in control, the second one its receipt."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime

from sales_etl_spark.control import Control

FOLDER = "publish/"
INTENT, DONE = ".intent.json", ".done.json"


@dataclass(frozen=True)
class Move:
    table: str
    before: int
    after: int


@dataclass(frozen=True)
class Intent:
    name: str
    """Sorts by the token of the lease."""
    kind: str
    """`publish`: to the end of a branch; `rollback`: back to what an earlier run published."""
    run_id: str
    business_dates: list[str]
    branch: str | None
    moves: list[Move]
    loads: dict[str, dict[str, object]] = field(default_factory=dict)
    """By date what is published of it: rows, and the periods that are others now."""
    outcome: str | None = None
    """`done`, or `abandoned` when main was not as it should be and no table had been moved yet."""
    when: str = ""


def _parse(text: str) -> Intent:
    values = json.loads(text)
    return Intent(**{**values, "moves": [Move(**move) for move in values["moves"]]})


def _read(control: Control, key: str) -> Iterator[Intent]:
    stored = control.read(key)
    if stored is not None:
        yield _parse(stored.text)


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def create_intent(control: Control, intent: Intent) -> bool:
    """False where there is one of that name."""
    return control.create(f"{FOLDER}{intent.name}{INTENT}", json.dumps(asdict(intent), indent=1))


def write_done(control: Control, intent: Intent, outcome: str) -> None:
    ended = replace(intent, outcome=outcome, when=now())
    control.write(f"{FOLDER}{intent.name}{DONE}", json.dumps(asdict(ended), indent=1))


def unfinished_intents(control: Control) -> list[Intent]:
    """Oldest first; at most one, as each run begins with what is left of the one before."""
    keys = set(control.keys(FOLDER))
    names = sorted(key.removesuffix(INTENT) for key in keys if key.endswith(INTENT))
    left = [f"{name}{INTENT}" for name in names if f"{name}{DONE}" not in keys]
    return [intent for key in left for intent in _read(control, key)]


def done_intents(control: Control) -> Iterator[Intent]:
    """The publishes and rollbacks that came to their end, newest first; each is read when it is asked for."""
    keys = sorted((key.removesuffix(DONE) for key in control.keys(FOLDER) if key.endswith(DONE)), reverse=True)
    for key in keys:
        yield from (intent for intent in _read(control, f"{key}{DONE}") if intent.outcome == "done")


def last_done(control: Control) -> Intent | None:
    return next(done_intents(control), None)
