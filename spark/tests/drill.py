"""Kills runs that are processes of their own: readers have the state before or after, and the next run repairs all.

`drill.py [--moments N] [--seed S]` kills at each named point once and at N random moments:
`npm run drill:kill -- --engine spark`.
"""

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from house import House
from pyspark.sql import SparkSession
from small_dataset import SEASONS

from sales_etl_spark.errors import RunError
from sales_etl_spark.intents import last_done, unfinished_intents

PROGRAM = Path(__file__).parent / "process_run.py"
VISITS = "day,site,people\n"
TABLES = ("visits", "seasons", "seasons_dim", "quarantine", "receipts", "season_fact")
BOUNDARIES = (
    *("leased", "branched", *[f"loaded:{name}" for name in TABLES if name != "receipts"], "loaded"),
    *("transformed", "checked", "intended", *[f"published:{name}" for name in TABLES], "all_published", "done"),
)
LEASE_SECONDS = 3
"""Of the run that is killed: so long the next one must wait."""

SLOWEST = 900
"""Seconds after which a run is held to hang, on a machine that does much else."""

_FOLDERS = ("warehouse", "control")
_OF_THE_RUN = ("run_id", "loaded_at", "seconds")

State = dict[str, list[tuple[str, ...]]]


class Process:
    """A run of the job in a process group of its own; gone at the end of its `with`, however that is left."""

    def __init__(self, arguments: Sequence[str], boundary: str = "nowhere", how: str = "kill") -> None:
        self._popen = subprocess.Popen(
            [sys.executable, str(PROGRAM), boundary, how, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
            env={**os.environ, "PYTHONPATH": str(PROGRAM.parents[1])},
        )
        self.lines: list[str] = []
        self._news = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        for line in self._popen.stdout or ():
            with self._news:
                self.lines.append(line.strip())
                self._news.notify_all()
        with self._news:
            self._news.notify_all()

    def wait_until(self, line: str, seconds: float = SLOWEST) -> None:
        deadline = time.monotonic() + seconds
        with self._news:
            while line not in self.lines:
                if not self._reader.is_alive() or time.monotonic() > deadline:
                    raise AssertionError(f"the run did not come to '{line}'; it said {self.lines}")
                self._news.wait(1)

    def go_on(self) -> None:
        if self._popen.stdin is not None:
            self._popen.stdin.write("\n")
            self._popen.stdin.flush()

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._popen.pid, signal.SIGKILL)

    def end(self, seconds: float = SLOWEST) -> int:
        """The exit code; negative where a signal ended it."""
        try:
            return self._popen.wait(seconds)
        finally:
            # The Java process ends with it; what has not is ended here.
            self.kill()

    def __enter__(self) -> "Process":
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        self._popen.wait()


def state_of(house: House) -> State:
    """The rows that readers have: of the snapshots that the last done receipt names."""
    done = last_done(house.control)
    assert done is not None
    rows: State = {}
    for move in done.moves:
        table = house.catalog.read_snapshot(move.table, move.after)
        kept = table.select(*[name for name in table.columns if name not in _OF_THE_RUN])
        rows[move.table] = sorted(tuple(str(value) for value in row) for row in kept.collect())
    return rows


@dataclass
class Drill:
    spark: SparkSession
    folder: Path
    faults: list[str] = field(default_factory=list)
    published: int = 0
    """How often a killed run had published already."""

    def __post_init__(self) -> None:
        self.house = House(self.spark, self.folder)
        landing = self.house.landing
        landing.export("2024-02-28", visits=f"{VISITS}2024-02-28,1,2.5\n2024-02-28,1,many\n", seasons=SEASONS)
        self.house.run("2024-02-28", run_id="old")
        for name in _FOLDERS:
            shutil.copytree(self.folder / name, self.folder / "prepared" / name)
        self.before = state_of(self.house)
        # A correction and a new date: old and new periods, and another row that is refused.
        landing.export("2024-02-28", visits=f"{VISITS}2024-02-28,1,7.0\n", seasons=SEASONS)
        landing.export("2024-03-01", visits=f"{VISITS}2024-03-01,1,1.0\n2024-03-01,2,few\n", seasons=SEASONS)
        self.house.run("2024-02-28", "2024-03-01", run_id="undisturbed")
        self.after = state_of(self.house)
        assert self.before != self.after

    def restore(self) -> None:
        """Iceberg's metadata names whole paths: the copy goes back to where it came from."""
        for name in _FOLDERS:
            shutil.rmtree(self.folder / name)
            shutil.copytree(self.folder / "prepared" / name, self.folder / name)

    def process(self, boundary: str = "nowhere", how: str = "kill", **changes: str) -> Process:
        options = {
            "contract": str(self.folder / "contract.json"),
            "landing": str(self.folder / "landing"),
            "warehouse": str(self.folder / "warehouse"),
            "control": str(self.folder / "control"),
            "database": self.house.catalog.namespace,
            "run-id": "killed",
            "business-dates": "2024-02-28,2024-03-01",
            "lease-seconds": str(LEASE_SECONDS),
            "wait-seconds": "0",
            **changes,
        }
        (self.folder / "contract.json").write_text(self.house.contract_text, encoding="utf-8")
        return Process([part for key, value in options.items() for part in (f"--{key}", value)], boundary, how)

    def look(self, where: str) -> str:
        """What the killed run left, and what the next one makes of it; in words what readers had meanwhile."""

        def fault(what: str) -> None:
            self.faults.append(f"killed {where}: {what}")

        left = state_of(self.house)
        if left not in (self.before, self.after):
            fault("readers have neither the state before nor the one after")
        if left == self.after:
            self.published += 1
        try:
            code = self.house.run(
                "2024-02-28", "2024-03-01", run_id="next", wait_seconds=4.0 * LEASE_SECONDS, lease_seconds=300.0
            ).code
        except RunError as error:
            fault(f"the next run ended with {error}")
            return f"killed {where}"
        if code != 0 or state_of(self.house) != self.after:
            fault("the next run did not repair it")
        if unfinished_intents(self.house.control):
            fault("an intent is left unfinished")
        for table in TABLES:
            if self.house.catalog.branches(table) != ["main"]:
                fault(f"{table} still has the branches {self.house.catalog.branches(table)}")
        return f"killed {where}, readers had the state {'after' if left == self.after else 'before'}"

    def kill_at(self, boundary: str) -> str:
        self.restore()
        with self.process(boundary) as process:
            code = process.end()
        if code != -signal.SIGKILL or process.lines[-1] != f"at {boundary}":
            self.faults.append(f"the run was not killed at {boundary}: {code}, {process.lines[-1:]}")
        return self.look(f"at {boundary}")

    def lasts(self) -> float:
        """Undisturbed, in seconds from the lease to the end."""
        self.restore()
        with self.process() as process:
            process.wait_until("at leased")
            start = time.monotonic()
            if process.end() != 0:
                self.faults.append("the undisturbed run failed")
            return time.monotonic() - start

    def kill_after(self, seconds: float) -> str:
        self.restore()
        with self.process() as process:
            process.wait_until("at leased")
            time.sleep(seconds)
            process.kill()
            process.end()
        last = process.lines[-1].removeprefix("at ")
        return self.look(f"{seconds:.2f} s after the lease, behind '{last}'")


def end_on_signals() -> None:
    """SystemExit, so that what was started is ended; once, as npm hands on what the terminal has sent already."""

    def end(number: int, _: object) -> None:
        for one in (signal.SIGINT, signal.SIGTERM):
            signal.signal(one, signal.SIG_IGN)
        sys.exit(128 + number)

    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, end)


def main() -> int:
    from conftest import open_test_session

    parser = argparse.ArgumentParser()
    parser.add_argument("--moments", type=int, default=20)
    parser.add_argument("--seed", type=int, default=2026)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    total = len(BOUNDARIES) + options.moments
    killed = 0
    faults: list[str] = []
    published = 0
    start = time.monotonic()
    try:
        with tempfile.TemporaryDirectory(prefix="sales-etl-drill-") as folder, open_test_session() as spark:
            # PySpark has set a handler of its own meanwhile.
            end_on_signals()
            drill = Drill(spark, Path(folder), faults)
            lasts = drill.lasts()
            print(f"a run that is left alone: {lasts:.0f} s from the lease to its end", flush=True)
            moments = [chance.random() * lasts for _ in range(options.moments)]
            for where in (*BOUNDARIES, *moments):
                known = len(faults)
                said = drill.kill_at(where) if isinstance(where, str) else drill.kill_after(where)
                killed, published = killed + 1, drill.published
                print(f"{killed}/{total} {said}: {'as it must be' if len(faults) == known else 'FAULT'}", flush=True)
                for fault in faults[known:]:
                    print(f"  {fault}", flush=True)
    finally:
        took = time.monotonic() - start
        print(f"{killed} of {total} killed in {took / 60:.0f} minutes, {published} of them after the publish; ", end="")
        print(f"{len(faults)} faults", flush=True)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
