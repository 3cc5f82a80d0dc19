"""One writer at a time: an object in control that names its holder, expires, and counts up with every holder."""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from uuid import uuid4

from sales_etl_spark.control import Control, Stored
from sales_etl_spark.errors import RunError

KEY = "lease.json"
_POLL_SECONDS = 2.0


@dataclass(frozen=True)
class Held:
    holder: str
    """The run. Its sub-steps share one lease."""
    process: str | None
    """Of the holder's processes the one that works; None between two sub-steps, and when it was given back."""
    token: int
    """Grows with each holder: what a holder of an older token writes, nobody may publish."""
    expires: float
    """Seconds since 1970, UTC."""


def _parse(stored: Stored) -> Held:
    try:
        return Held(**json.loads(stored.text))
    except (ValueError, TypeError) as error:
        raise RunError("LEASE_INVALID", f"{KEY} is no lease: {error}; look at it, and delete it") from error


def _when(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


class Lease:
    """Held from `acquire` until `park` or `release`; renewed by a thread of its own while the work goes on."""

    def __init__(
        self, control: Control, holder: str, seconds: float = 300.0, clock: Callable[[], float] = time.time
    ) -> None:
        self._control = control
        self._holder = holder
        self._seconds = seconds
        self._clock = clock
        self._process = uuid4().hex
        self._held: Held | None = None
        self._stop = threading.Event()
        self._renewing: threading.Thread | None = None
        self._changing = threading.Lock()

    @property
    def token(self) -> int:
        if self._held is None:
            raise RunError("LEASE_LOST", "this run holds no lease")
        return self._held.token

    def acquire(self, wait_seconds: float = 0.0) -> int:
        """Takes the lease and returns its token; a run that comes second waits, and ends with LEASE_HELD."""
        deadline = time.monotonic() + wait_seconds
        while True:
            other = self._take()
            if other is None:
                break
            if time.monotonic() >= deadline:
                raise RunError(
                    "LEASE_HELD",
                    f"the run {other.holder} writes to this warehouse until {_when(other.expires)} at least; "
                    "run again when it has ended",
                )
            time.sleep(min(_POLL_SECONDS, self._seconds / 4))
        self._renewing = threading.Thread(target=self._renew_until_stopped, daemon=True)
        self._renewing.start()
        return self.token

    def _take(self) -> Held | None:
        """None when taken; else who has it."""
        stored = self._control.read(KEY)
        if stored is None:
            mine = self._mine(1)
            return None if self._control.create(KEY, _text(mine)) and self._keep(mine) else self._someone()
        found = _parse(stored)
        is_parked_here = found.process is None and found.holder == self._holder
        if found.expires > self._clock() and not is_parked_here:
            return found
        # A run goes on under its own token as long as nobody else had the lease in between.
        mine = self._mine(found.token if is_parked_here else found.token + 1)
        return None if self._control.replace(KEY, _text(mine), stored.version) and self._keep(mine) else found

    def _someone(self) -> Held:
        stored = self._control.read(KEY)
        return self._mine(0) if stored is None else _parse(stored)

    def _mine(self, token: int) -> Held:
        return Held(self._holder, self._process, token, self._clock() + self._seconds)

    def _keep(self, held: Held) -> bool:
        self._held = held
        return True

    def verify(self) -> None:
        """Renews; whoever has lost the lease meanwhile must not publish: LEASE_LOST."""
        with self._changing:
            token = self.token
            stored = self._control.read(KEY)
            found = None if stored is None else _parse(stored)
            mine = self._mine(token)
            if (
                stored is None
                or found is None
                or (found.token, found.process) != (token, self._process)
                or not self._control.replace(KEY, _text(mine), stored.version)
            ):
                self._held = None
                who = "nobody" if found is None else f"the run {found.holder}"
                raise RunError("LEASE_LOST", f"{who} holds the lease now: nothing was published; run again")
            self._held = mine

    def _renew_until_stopped(self) -> None:
        while not self._stop.wait(self._seconds / 4):
            try:
                self.verify()
            except RunError:
                return  # The work finds out at its next look.
            except Exception:
                continue  # A fault of the network: there is time for two more tries.

    def stop_renewing(self) -> None:
        self._stop.set()
        if self._renewing is not None:
            self._renewing.join()

    def _leave(self, expires: Callable[[Held], float], holder: str) -> None:
        self.stop_renewing()
        stored = self._control.read(KEY)
        if stored is None or self._held is None:
            return
        found = _parse(stored)
        if (found.token, found.process) == (self._held.token, self._process):
            self._control.replace(KEY, _text(Held(holder, None, found.token, expires(found))), stored.version)
        self._held = None

    def park(self) -> None:
        """Between two sub-steps: the run keeps its token unless another one takes the lease."""
        self._leave(lambda held: held.expires, self._holder)

    def release(self) -> None:
        # The object stays: a token must never come back.
        self._leave(lambda _: self._clock(), "")


def _text(held: Held) -> str:
    return json.dumps(asdict(held))
