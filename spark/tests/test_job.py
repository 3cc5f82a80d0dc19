"""The whole job on landings worked by hand."""

import csv
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from conftest import RETAIL, TINY, Cells
from house import House
from pyspark.sql import DataFrame, SparkSession
from small_dataset import SEASONS, contract_json, quality_check, visits_table

from sales_etl_spark.errors import DataError

TINY_DATES = ["2017-06-30", "2017-07-01", "2017-07-02", "2017-07-03", "2017-07-04"]
EXPECTED: Cells = sorted(map(tuple, csv.reader(io.StringIO((TINY / "expected_weekly_fact.csv").read_text()))))[:-1]

Read = Callable[[DataFrame], Cells]
VISITS = "day,site,people\n"


def test_the_tiny_landing(spark: SparkSession, tmp_path: Path, cells: Read):
    house = House(spark, tmp_path, RETAIL.read_text(encoding="utf-8"), TINY / "landing")
    ended = house.run(*TINY_DATES[:4])
    checked = ended.events("table_checked")
    assert {one["table"]: (one["read"], one["accepted"], one["rejected"]) for one in checked} == {
        "sales": (116, 114, 2),
        "inventory": (17, 17, 0),
        "store": (8, 8, 0),
        "product": (12, 12, 0),
        "calendar": (84, 84, 0),
    }
    assert ended.code == 0
    assert ended.log[-1]["periods"] == [201725, 201726, 201727]

    file = "sales/dt=2017-07-01/sales_2017-07-01.csv"
    quarantine = house.table("quarantine").select(
        "business_date", "run_id", "table_name", "file_name", "line_num", "column_name", "problem_code", "field_value"
    )
    assert cells(quarantine) == [
        ("2017-07-01", "r1", "sales", file, "5", "sales_qty", "VALUE_TOO_PRECISE", "1.005"),
        ("2017-07-01", "r1", "sales", file, "6", "trans_dt", "DATE_OUTSIDE_FILE", "2017-06-23"),
    ]

    last = house.run(*TINY_DATES[4:])
    assert last.log[-1]["periods"] == [201727]
    assert cells(house.fact()) == EXPECTED
    # Store 1 has another name from the third day on (see the fixture's README); product has none that changes.
    versions = house.table("store_dim").select("store_key", "valid_from", "valid_to", "is_current")
    assert cells(versions) == [
        ("1", "2017-06-30", "2017-07-02", "False"),
        ("1", "2017-07-02", "", "True"),
        ("2", "2017-06-30", "", "True"),
    ]
    assert {row["valid_from"] for row in house.table("product_dim").collect()} == {date(2017, 6, 30)}
    assert house.table("calendar_dim").count() == 21

    # Nothing has changed: nothing is done.
    assert house.run("2017-07-02").log[-1]["periods"] == []
    runs = house.table("receipts").select("business_date", "run_id", "rows_read", "rows_rejected")
    assert cells(runs)[1] == ("2017-07-01", "r1", "135", "2")
    assert cells(house.table("sales").groupBy("load_dt").count())[0] == ("2017-06-30", "4")


def test_another_data_set_and_a_corrected_date(house: House, cells: Read):
    house.landing.export("2024-02-29", visits=f"{VISITS}2024-02-29,1,2.5\n2024-02-28,2,4.0\n", seasons=SEASONS)
    house.landing.export("2024-03-01", visits=f"{VISITS}2024-03-01,1,7.0\n2024-03-01,1,oops\n", seasons=SEASONS)
    ended = house.run("2024-02-29", "2024-03-01")
    weeks = {one["businessDate"]: one["weeksRestated"] for one in ended.events("date_published")}
    assert weeks == {"2024-02-29": ["low"], "2024-03-01": ["high"]}
    assert cells(house.fact()) == [("high", "1", "7.0"), ("low", "1", "2.5"), ("low", "2", "4.0")]
    assert cells(
        house.table("quarantine").select("line_num", "column_name", "problem_code", "field_value", "message")
    ) == [("3", "people", "VALUE_NOT_DECIMAL", "oops", "No decimal.")]

    # The corrected file has no row of its old season any more, and nothing to reject.
    house.landing.export("2024-03-01", visits=f"{VISITS}2024-02-28,1,1.0\n", seasons=SEASONS)
    assert house.run("2024-03-01").log[-1]["periods"] == ["high", "low"]
    assert cells(house.fact()) == [("low", "1", "3.5"), ("low", "2", "4.0")]
    assert cells(house.table("quarantine")) == []


def test_late_rows_and_returns_change_the_week_they_belong_to(house: House, cells: Read):
    house.landing.export("2024-02-28", visits=f"{VISITS}2024-02-28,1,5.0\n", seasons=SEASONS)
    house.landing.export("2024-03-01", visits=f"{VISITS}2024-03-01,1,1.0\n2024-02-28,1,-2.0\n", seasons=SEASONS)
    house.run("2024-02-28")
    assert house.run("2024-03-01").log[-1]["periods"] == ["high", "low"]
    assert cells(house.fact()) == [("high", "1", "1.0"), ("low", "1", "3.0")]


def test_the_newest_snapshot_counts_and_moves_the_periods_of_rows_before(house: House, cells: Read):
    house.landing.export("2024-02-29", visits=f"{VISITS}2024-02-29,1,2.5\n", seasons="day,season\n2024-02-29,winter\n")
    house.run("2024-02-29")
    assert cells(house.fact()) == [("winter", "1", "2.5")]
    house.landing.export("2024-03-01", visits=VISITS, seasons="day,season\n2024-02-29,leap\n")
    assert house.run("2024-03-01").log[-1]["periods"] == ["leap", "winter"]
    assert cells(house.fact()) == [("leap", "1", "2.5")]


def test_a_date_without_any_row(house: House, cells: Read):
    house.landing.export("2024-02-29", visits=VISITS, seasons=SEASONS)
    ended = house.run("2024-02-29")
    assert (ended.code, ended.log[-1]["periods"]) == (0, [])
    assert cells(house.fact()) == []
    assert cells(house.table("receipts").select("business_date", "rows_accepted")) == [("2024-02-29", "3")]


def test_a_day_that_the_calendar_lacks_ends_the_run_and_shows_nothing(house: House, cells: Read):
    house.landing.export("2024-03-02", visits=f"{VISITS}2024-03-02,1,2.5\n", seasons=SEASONS)
    with pytest.raises(DataError, match="DAY_WITHOUT_PERIOD: seasons lacks 1 days with rows: 2024-03-02"):
        house.run("2024-03-02")
    assert cells(house.table("visits")) == []


def test_one_bad_date_of_a_range_does_not_stop_the_others(house: House, cells: Read):
    house.landing.export("2024-02-28", visits=f"{VISITS}2024-02-28,1,2.5\n", seasons=SEASONS)
    house.landing.export("2024-02-29", visits="day,site\n2024-02-29,1\n", seasons=SEASONS)
    house.landing.export("2024-03-01", visits=f"{VISITS}2024-03-01,1\n", seasons=SEASONS)
    house.landing.export("2024-03-02", visits=f"{VISITS}2024-02-28,1,1.0\n", seasons=SEASONS)
    dates = ["2024-02-28", "2024-02-29", "2024-03-01", "2024-03-02", "2024-03-03"]
    ended = house.run(*dates)
    assert ended.code == 1
    assert {one["businessDate"]: one["code"] for one in ended.events("date_rejected")} == {
        "2024-02-29": "HEADER_COLUMN_MISSING",
        "2024-03-01": "FILE_ROW_RAGGED",
        "2024-03-03": "MANIFEST_MISSING",
    }
    assert cells(house.fact()) == [("low", "1", "3.5")]


def test_stop_loads_nothing_after_the_first_bad_date(house: House, cells: Read):
    house.landing.export("2024-02-28", visits=f"{VISITS}2024-02-28,1,2.5\n", seasons=SEASONS)
    house.landing.export("2024-03-01", visits=f"{VISITS}2024-03-01,1,9.0\n", seasons=SEASONS)
    assert house.run("2024-02-28", "2024-02-29", "2024-03-01", stop=True).code == 1
    assert cells(house.fact()) == [("low", "1", "2.5")]


def test_more_rejected_rows_than_tolerated(spark: SparkSession, tmp_path: Path, cells: Read):
    from small_dataset import seasons_table

    tables = [visits_table(tolerance=0.25), seasons_table()]
    house = House(spark, tmp_path, contract_json(tables=tables))
    three = "2024-02-29,1,1.0\n" * 3
    house.landing.export("2024-02-28", visits=f"{VISITS}{three}2024-02-28,1,x\n".replace("-29", "-28"), seasons=SEASONS)
    house.landing.export("2024-02-29", visits=f"{VISITS}{three}2024-02-29,1,x\n2024-02-29,1,y\n", seasons=SEASONS)
    ended = house.run("2024-02-28", "2024-02-29")
    rejected = ended.events("date_rejected")
    assert [(one["businessDate"], one["code"]) for one in rejected] == [("2024-02-29", "TOO_MANY_ROWS_REJECTED")]
    assert "2 of 5 rows" in rejected[0]["message"]
    # Exactly the tolerated share is loaded; the other date leaves no trace.
    assert cells(house.fact()) == [("low", "1", "3.0")]
    assert cells(house.table("quarantine").select("business_date", "line_num")) == [("2024-02-28", "5")]


def test_a_failed_check_names_the_rows_and_leaves_main_untouched(spark: SparkSession, tmp_path: Path, cells: Read):
    import json

    house = House(spark, tmp_path)
    house.landing.export("2024-02-28", visits=f"{VISITS}2024-02-28,1,2.5\n", seasons=SEASONS)
    house.run("2024-02-28")
    contract = json.loads(contract_json())
    rule = "SELECT site, people FROM candidate WHERE people > 5"
    contract["fact"]["checks"] += [quality_check("few_people", "at most 5 people", rule)]
    house.contract_text = json.dumps(contract)
    house.landing.export("2024-03-01", visits=f"{VISITS}2024-03-01,1,7.0\n2024-02-28,3,1.0\n", seasons=SEASONS)
    with pytest.raises(DataError, match=r'few_people \(at most 5 people\): {"site": 1, "people": "7.0"}') as raised:
        house.run("2024-03-01", run_id="bad")
    assert raised.value.code == "QUALITY_CHECK_FAILED"
    assert cells(house.fact()) == [("low", "1", "2.5")]
    branch = house.catalog.read("season_fact", "audit_2024-03-01_bad")
    assert cells(branch) == [("high", "1", "7.0"), ("low", "1", "2.5"), ("low", "3", "1.0")]
    # The next run begins with a clean table.
    house.contract_text = contract_json()
    assert house.run("2024-03-01").code == 0
    assert house.catalog.branches("season_fact") == ["main"]
    assert cells(house.fact()) == [("high", "1", "7.0"), ("low", "1", "2.5"), ("low", "3", "1.0")]
