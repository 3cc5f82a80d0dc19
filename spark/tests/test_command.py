import json
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pytest
from pyspark.sql import SparkSession
from small_dataset import SEASONS, Landing, contract_json

from sales_etl_spark.command import main


class Command:
    def __init__(self, spark: SparkSession, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.spark = spark
        self.folder = folder
        self.capsys = capsys
        self.landing = Landing(folder / "landing")
        self.landing.export("2024-02-29", visits="day,site,people\n2024-02-29,1,2.5\n2024-02-29,2,x\n", seasons=SEASONS)
        (folder / "park.json").write_text(contract_json(), encoding="utf-8")

    def session(self) -> AbstractContextManager[SparkSession]:
        return nullcontext(self.spark)

    def run(self, *arguments: str) -> tuple[int, list[dict[str, object]]]:
        """The exit code and the log."""
        folders = ["--landing", str(self.landing.folder), "--warehouse", str(self.folder / "warehouse")]
        contract = ["--contract", str(self.folder / "park.json")]
        code = main([*contract, *folders, "--run-id", "r1", *arguments], self.session)
        lines = self.capsys.readouterr().err.splitlines()
        return code, [json.loads(line) for line in lines if line.startswith("{")]


@pytest.fixture
def command(spark: SparkSession, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(spark, tmp_path, capsys)


def test_a_run_says_what_it_did(command: Command):
    code, log = command.run("--business-date", "2024-02-29")
    assert code == 0
    events = ["run_started", "table_checked", "table_checked", "table_loaded", "table_loaded", "run_ended"]
    assert [line["event"] for line in log] == events
    assert log[-1].items() >= {"rowsRead": 5, "rowsAccepted": 4, "rowsRejected": 1, "periods": ["low"]}.items()
    assert all(line.items() >= {"dataset": "park", "contractVersion": "1", "runId": "r1"}.items() for line in log)


def test_data_that_cannot_be_loaded_is_1(command: Command):
    code, log = command.run("--business-date", "2024-03-01")
    assert (code, log[-1]["event"], log[-1]["code"]) == (1, "run_failed", "MANIFEST_MISSING")


def test_wrong_usage_is_2(command: Command):
    code, log = command.run()
    assert (code, log[-1]["event"], log[-1]["code"]) == (2, "run_failed", "USAGE")


def test_a_contract_that_is_not_there_is_2(command: Command):
    code, log = command.run("--business-date", "2024-02-29", "--contract", str(command.folder / "none.json"))
    assert (code, log[-1]["code"]) == (2, "USAGE")


def test_a_system_that_fails_is_2_too(command: Command):
    (command.folder / "warehouse").write_text("a file where the folder should be", encoding="utf-8")
    code, log = command.run("--business-date", "2024-02-29")
    assert (code, log[-1]["code"]) == (2, "SYSTEM")
