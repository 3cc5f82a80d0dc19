"""The whole job on landings worked by hand."""

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from conftest import TINY, Cells
from pyspark.sql import DataFrame, SparkSession
from small_dataset import SEASONS, Landing, contract_json

from sales_etl_spark.contract import Contract, parse_contract
from sales_etl_spark.errors import DataError
from sales_etl_spark.job import Result, Run, run_job
from sales_etl_spark.log import Log
from sales_etl_spark.storage import Storage
from sales_etl_spark.warehouse import Warehouse

TINY_DATES = ["2017-06-30", "2017-07-01", "2017-07-02", "2017-07-03", "2017-07-04"]
EXPECTED: Cells = sorted(map(tuple, csv.reader(io.StringIO((TINY / "expected_weekly_fact.csv").read_text()))))[:-1]


def run(spark: SparkSession, contract: Contract, landing: Path, warehouse: Path, dates: Sequence[str]) -> Result:
    return run_job(Run(spark, contract, str(landing), str(warehouse), dates, Log({})))


def fact(spark: SparkSession, storage: Storage, contract: Contract, warehouse: Path) -> DataFrame:
    return Warehouse(spark, storage, str(warehouse)).read(contract.fact.name, contract.fact.schema)


ReadFact = Callable[[DataFrame], Cells]


def test_the_tiny_landing(spark: SparkSession, storage: Storage, retail: Contract, tmp_path: Path, cells: ReadFact):
    result = run(spark, retail, TINY / "landing", tmp_path, TINY_DATES[:4])
    assert {table: (rows.read, rows.accepted, rows.rejected) for table, rows in result.rows.items()} == {
        "sales": (116, 114, 2),
        "inventory": (17, 17, 0),
        "store": (8, 8, 0),
        "product": (12, 12, 0),
        "calendar": (84, 84, 0),
    }
    assert result.periods == [201725, 201726, 201727]

    quarantine = spark.read.parquet(str(tmp_path / "quarantine" / "sales"))
    file = "sales/dt=2017-07-01/sales_2017-07-01.csv"
    assert cells(quarantine.select("trans_id", "sales_qty", "trans_dt", "_problems", "_file", "load_dt")) == [
        ("5000000014", "", "2017-07-01", "sales_qty=VALUE_TOO_PRECISE", file, "2017-07-01"),
        ("5000000015", "1.00", "2017-06-23", "trans_dt=DATE_OUTSIDE_FILE", file, "2017-07-01"),
    ]

    last = run(spark, retail, TINY / "landing", tmp_path, TINY_DATES[4:])
    assert last.periods == [201727]
    assert cells(fact(spark, storage, retail, tmp_path)) == EXPECTED

    # One date again: its rows are replaced, not doubled. It brings a sale of the week before, too.
    again = run(spark, retail, TINY / "landing", tmp_path, ["2017-07-02"])
    assert again.periods == [201726, 201727]
    assert cells(fact(spark, storage, retail, tmp_path)) == EXPECTED


@pytest.fixture
def park(spark: object) -> Contract:
    return parse_contract(contract_json())


def test_another_data_set_and_a_corrected_date(
    spark: SparkSession, storage: Storage, park: Contract, tmp_path: Path, cells: ReadFact
):
    landing, warehouse = Landing(tmp_path / "landing"), tmp_path / "warehouse"
    landing.export("2024-02-29", visits="day,site,people\n2024-02-29,1,2.5\n2024-02-28,2,4.0\n", seasons=SEASONS)
    landing.export("2024-03-01", visits="day,site,people\n2024-03-01,1,7.0\n2024-03-01,1,oops\n", seasons=SEASONS)
    result = run(spark, park, landing.folder, warehouse, ["2024-02-29", "2024-03-01"])
    assert result.periods == ["high", "low"]
    assert cells(fact(spark, storage, park, warehouse)) == [
        ("high", "1", "7.0"),
        ("low", "1", "2.5"),
        ("low", "2", "4.0"),
    ]

    # The corrected file has no row of its old season any more, and nothing to reject.
    landing.export("2024-03-01", visits="day,site,people\n2024-02-28,1,1.0\n", seasons=SEASONS)
    assert run(spark, park, landing.folder, warehouse, ["2024-03-01"]).periods == ["high", "low"]
    assert cells(fact(spark, storage, park, warehouse)) == [("low", "1", "3.5"), ("low", "2", "4.0")]
    assert not list((warehouse / "quarantine" / "visits").glob("load_dt=*"))


def test_a_corrected_date_whose_run_died_on_the_way_is_repaired_by_running_it_again(
    spark: SparkSession,
    storage: Storage,
    park: Contract,
    tmp_path: Path,
    cells: ReadFact,
    monkeypatch: pytest.MonkeyPatch,
):
    landing, warehouse = Landing(tmp_path / "landing"), tmp_path / "warehouse"
    landing.export("2024-03-01", visits="day,site,people\n2024-03-01,1,7.0\n", seasons=SEASONS)
    run(spark, park, landing.folder, warehouse, ["2024-03-01"])
    landing.export("2024-03-01", visits="day,site,people\n2024-02-28,1,1.0\n", seasons=SEASONS)

    replace = Warehouse.replace

    def replace_until(failing: str) -> None:
        def replace_or_die(self: Warehouse, name: str, *arguments: object) -> None:
            if name == failing:
                raise RuntimeError(f"died before {name}")
            replace(self, name, *arguments)

        monkeypatch.setattr(Warehouse, "replace", replace_or_die)

    for failing in ("season_fact", "visits", "quarantine/visits", "seasons"):
        replace_until(failing)
        with pytest.raises(RuntimeError, match=f"died before {failing}"):
            run(spark, park, landing.folder, warehouse, ["2024-03-01"])
    monkeypatch.undo()
    run(spark, park, landing.folder, warehouse, ["2024-03-01"])
    assert cells(fact(spark, storage, park, warehouse)) == [("low", "1", "1.0")]


def test_the_newest_snapshot_counts(
    spark: SparkSession, storage: Storage, park: Contract, tmp_path: Path, cells: ReadFact
):
    landing, warehouse = Landing(tmp_path / "landing"), tmp_path / "warehouse"
    visits = "day,site,people\n2024-02-29,1,2.5\n"
    landing.export("2024-02-29", visits=visits, seasons="day,season\n2024-02-29,winter\n")
    landing.export("2024-03-01", visits="day,site,people\n", seasons="day,season\n2024-02-29,leap\n")
    run(spark, park, landing.folder, warehouse, ["2024-02-29", "2024-03-01"])
    assert cells(fact(spark, storage, park, warehouse)) == [("leap", "1", "2.5")]


def test_a_date_without_any_row(spark: SparkSession, storage: Storage, park: Contract, tmp_path: Path, cells: ReadFact):
    landing, warehouse = Landing(tmp_path / "landing"), tmp_path / "warehouse"
    landing.export("2024-02-29", visits="day,site,people\n", seasons=SEASONS)
    assert run(spark, park, landing.folder, warehouse, ["2024-02-29"]).periods == []
    assert cells(fact(spark, storage, park, warehouse)) == []


def test_a_day_that_the_calendar_lacks_ends_the_run_before_anything_is_written(
    spark: SparkSession, park: Contract, tmp_path: Path
):
    landing, warehouse = Landing(tmp_path / "landing"), tmp_path / "warehouse"
    landing.export("2024-03-02", visits="day,site,people\n2024-03-02,1,2.5\n", seasons=SEASONS)
    with pytest.raises(DataError, match="DAY_WITHOUT_PERIOD: seasons lacks 1 days with rows: 2024-03-02"):
        run(spark, park, landing.folder, warehouse, ["2024-03-02"])
    assert not warehouse.exists()


def test_one_bad_date_of_a_range_ends_the_run_before_anything_is_written(
    spark: SparkSession, park: Contract, tmp_path: Path
):
    landing, warehouse = Landing(tmp_path / "landing"), tmp_path / "warehouse"
    landing.export("2024-02-28", visits="day,site,people\n2024-02-28,1,2.5\n", seasons=SEASONS)
    landing.export("2024-02-29", visits="day,site\n2024-02-29,1\n", seasons=SEASONS)
    with pytest.raises(DataError, match="HEADER_COLUMN_MISSING"):
        run(spark, park, landing.folder, warehouse, ["2024-02-28", "2024-02-29"])
    assert not warehouse.exists()
