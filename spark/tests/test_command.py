import json
from contextlib import AbstractContextManager, nullcontext
from itertools import count
from pathlib import Path

import pytest
from pyspark.sql import SparkSession
from small_dataset import SEASONS, Landing, contract_json

from sales_etl_spark.command import main
from sales_etl_spark.control import FolderControl
from sales_etl_spark.lease import Lease

NUMBERS = count(1)


class Command:
    def __init__(self, spark: SparkSession, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.spark = spark
        self.number = next(NUMBERS)
        self.folder = folder
        self.capsys = capsys
        self.landing = Landing(folder / "landing")
        self.landing.export("2024-02-29", visits="day,site,people\n2024-02-29,1,2.5\n2024-02-29,2,x\n", seasons=SEASONS)
        self.files = [f"{name}/dt=2024-02-29/{name}_2024-02-29.csv" for name in ("visits", "seasons")]
        (folder / "park.json").write_text(contract_json(), encoding="utf-8")

    def session(self) -> AbstractContextManager[SparkSession]:
        return nullcontext(self.spark)

    def run(self, *arguments: str) -> tuple[int, list[dict[str, object]]]:
        """The exit code and the log."""
        folders = ["--landing", str(self.landing.folder), "--warehouse", str(self.folder / "warehouse")]
        # A session knows a catalog by its name for good.
        contract = ["--contract", str(self.folder / "park.json"), "--catalog", f"command{self.number}"]
        code = main([*contract, *folders, "--run-id", "r1", *arguments], self.session)
        lines = self.capsys.readouterr().err.splitlines()
        return code, [json.loads(line) for line in lines if line.startswith("{")]


@pytest.fixture
def command(spark: SparkSession, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(spark, tmp_path, capsys)


def test_a_run_says_what_it_did(command: Command):
    code, log = command.run("--business-date", "2024-02-29")
    assert code == 0
    events = ["run_started", "lease_taken", *["schema_changed"] * 6, *["table_checked", "table_loaded"] * 2]
    events += ["fact_computed", "checked", *["table_published"] * 6, "date_published", "run_ended"]
    assert sorted(line["event"] for line in log) == sorted(events)
    assert log[-1].items() >= {"rowsRead": 5, "rowsAccepted": 4, "rowsRejected": 1, "periods": ["low"]}.items()
    visits, seasons = (len((command.landing.folder / file).read_text()) for file in command.files)
    assert log[-1]["bytes"] == visits + seasons
    assert all(line.items() >= {"dataset": "park", "contractVersion": "1", "runId": "r1"}.items() for line in log)


def test_data_that_cannot_be_loaded_is_1(command: Command):
    code, log = command.run("--business-date", "2024-03-01")
    assert (code, log[-2]["event"], log[-2]["code"]) == (1, "date_rejected", "MANIFEST_MISSING")
    assert (log[-1]["event"], log[-1]["rejectedDates"]) == ("run_ended", ["2024-03-01"])


def test_wrong_usage_is_2(command: Command):
    code, log = command.run("--step", "load")
    assert (code, log[-1]["event"], log[-1]["code"]) == (2, "run_failed", "USAGE")


def test_a_second_run_that_does_not_want_to_wait_is_2(command: Command):
    Lease(FolderControl(command.folder / "warehouse" / "_control"), "other").acquire()
    code, log = command.run("--business-date", "2024-02-29", "--wait-seconds", "0")
    assert (code, log[-1]["event"], log[-1]["code"]) == (2, "run_failed", "LEASE_HELD")


def test_a_contract_of_another_version_is_2(command: Command):
    code, log = command.run("--business-date", "2024-02-29", "--contract-version", "7")
    assert (code, log[-1]["code"]) == (2, "USAGE")


def test_a_contract_that_is_not_there_is_2(command: Command):
    code, log = command.run("--business-date", "2024-02-29", "--contract", str(command.folder / "none.json"))
    assert (code, log[-1]["code"]) == (2, "USAGE")


def test_a_system_that_fails_is_2_too(command: Command):
    (command.folder / "warehouse").write_text("a file where the folder should be", encoding="utf-8")
    code, log = command.run("--business-date", "2024-02-29")
    assert (code, log[-1]["code"]) == (2, "SYSTEM")
