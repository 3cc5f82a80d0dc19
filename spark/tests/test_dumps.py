"""Dumps of all days: each says, whenever it comes, what it would have said in time."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Cells
from house import House
from pyspark.sql import DataFrame, SparkSession
from small_dataset import SEASONS, contract_json, seasons_table, visits_table

Read = Callable[[DataFrame], Cells]
VISITS = "day,site,people\n"
DUMPS = contract_json(tables=[visits_table(load="cumulative"), seasons_table()])
DAY = "2024-02-28,1,1.0\n"


@pytest.fixture
def dumps(spark: SparkSession, tmp_path: Path) -> House:
    return House(spark, tmp_path, DUMPS)


def land(house: House, date: str, rows: str) -> None:
    house.landing.export(date, visits=f"{VISITS}{rows}", seasons=SEASONS)


def restated(house: House, *dates: str, **changes: object) -> list[tuple[str, list[str]]]:
    ended = house.run(*dates, **changes)
    assert ended.code == 0
    return [(line["businessDate"], line["weeksRestated"]) for line in ended.events("date_published")]


def test_rows_count_once_and_only_changed_days_are_computed(dumps: House, cells: Read):
    land(dumps, "2024-02-28", f"{DAY}{DAY}")
    land(dumps, "2024-02-29", f"{DAY}{DAY}2024-02-29,1,2.0\n")
    dumps.run("2024-02-28")
    assert restated(dumps, "2024-02-29") == [("2024-02-29", ["low"])]
    # Repeated lines are data; the first day is not there twice although both dumps have it.
    assert cells(dumps.table("visits").select("day", "people", "load_dt")) == [
        ("2024-02-28", "1.0", "2024-02-28"),
        ("2024-02-28", "1.0", "2024-02-28"),
        ("2024-02-29", "2.0", "2024-02-29"),
    ]
    # One line less on the first day, a new day, the second day gone.
    land(dumps, "2024-03-01", f"{DAY}2024-03-01,2,5.0\n")
    assert restated(dumps, "2024-03-01") == [("2024-03-01", ["high", "low"])]
    assert cells(dumps.fact()) == [("high", "2", "5.0"), ("low", "1", "1.0")]
    # It comes again and says nothing of February any more: there the dump before it holds.
    land(dumps, "2024-03-01", "2024-03-01,2,6.0\n")
    assert restated(dumps, "2024-03-01") == [("2024-03-01", ["high", "low"])]
    assert cells(dumps.fact()) == [("high", "2", "6.0"), ("low", "1", "4.0")]
    # An older dump that is corrected late: of its days the newest one says nothing.
    land(dumps, "2024-02-29", "2024-02-28,1,9.0\n")
    assert restated(dumps, "2024-02-29") == [("2024-02-29", ["low"])]
    assert cells(dumps.fact()) == [("high", "2", "6.0"), ("low", "1", "9.0")]
    assert cells(dumps.table("visits").select("day", "people", "load_dt")) == [
        ("2024-02-28", "9.0", "2024-02-29"),
        ("2024-03-01", "6.0", "2024-03-01"),
    ]
    gone = [("2024-02-28", "1.0", "2024-02-28", "2024-02-29")]
    assert cells(dumps.table("visits_gone").select("day", "people", "load_dt", "gone_dt")) == gone * 2


def test_a_dump_that_comes_late_says_since_when_rows_are_known(dumps: House, cells: Read):
    land(dumps, "2024-03-01", f"{DAY}{DAY}2024-03-01,2,5.0\n")
    dumps.run("2024-03-01")
    land(dumps, "2024-02-29", f"{DAY}2024-02-28,7,7.0\n")
    # No number changes: the newest dump speaks of all days. One of its rows was known before it.
    assert restated(dumps, "2024-02-29") == [("2024-02-29", [])]
    assert cells(dumps.fact()) == [("high", "2", "5.0"), ("low", "1", "2.0")]
    assert cells(dumps.table("visits").select("day", "people", "load_dt", "source_file")) == [
        ("2024-02-28", "1.0", "2024-02-29", "visits/dt=2024-02-29/visits_2024-02-29.csv"),
        ("2024-02-28", "1.0", "2024-03-01", "visits/dt=2024-03-01/visits_2024-03-01.csv"),
        ("2024-03-01", "5.0", "2024-03-01", "visits/dt=2024-03-01/visits_2024-03-01.csv"),
    ]
    assert cells(dumps.table("visits_gone").select("site", "load_dt", "gone_dt")) == [("7", "2024-02-29", "2024-03-01")]
    # Its correction had none of that: both rows are known from the newer one again.
    land(dumps, "2024-02-29", "")
    assert restated(dumps, "2024-02-29") == [("2024-02-29", [])]
    assert dumps.table("visits_gone").isEmpty()
    file = ("2024-03-01", "visits/dt=2024-03-01/visits_2024-03-01.csv")
    assert cells(dumps.table("visits").where("site = 1").select("load_dt", "source_file")) == [file, file]


def test_weeks_are_restated_by_the_date_that_changed_them_in_one_run_too(dumps: House, cells: Read):
    land(dumps, "2024-02-29", DAY)
    dumps.run("2024-02-29")
    land(dumps, "2024-02-28", f"{DAY}{DAY}")
    land(dumps, "2024-03-01", f"{DAY}2024-03-01,2,5.0\n")
    # The second row of the first dump was gone the day after.
    assert restated(dumps, "2024-02-28", "2024-03-01") == [("2024-02-28", []), ("2024-03-01", ["high"])]
    assert cells(dumps.table("visits").select("load_dt")) == [("2024-02-28",), ("2024-03-01",)]
    assert cells(dumps.table("visits_gone").select("load_dt", "gone_dt")) == [("2024-02-28", "2024-02-29")]


def test_a_run_that_is_repeated_changes_nothing(dumps: House):
    land(dumps, "2024-02-28", DAY)
    dumps.run("2024-02-28")
    before = dumps.catalog.snapshot("visits")
    assert len(dumps.run("2024-02-28").events("date_unchanged")) == 1
    assert dumps.catalog.snapshot("visits") == before


def earlier_layout(house: House) -> None:
    """As the job left a warehouse that noted neither what dumps speak of nor what was gone."""
    catalog, run = house.catalog, house.catalog.spark.sql
    run(f"DROP TABLE {catalog.identifier('visits_gone')}")
    run(f"ALTER TABLE {catalog.identifier('receipts')} DROP COLUMN dumps_since")


def test_a_warehouse_of_before_goes_on_and_says_what_a_late_dump_lacks(dumps: House, cells: Read):
    land(dumps, "2024-02-28", f"{DAY}{DAY}")
    land(dumps, "2024-02-29", f"{DAY}2024-02-29,1,2.0\n")
    dumps.run("2024-02-28", "2024-02-29", run_id="before")
    earlier_layout(dumps)
    # Dumps that come in time go on as ever.
    land(dumps, "2024-03-01", f"{DAY}2024-02-29,1,3.0\n2024-03-01,2,5.0\n")
    ended = dumps.run("2024-03-01")
    assert [line["change"] for line in ended.events("schema_changed")] == [
        "made visits_gone",
        "added receipts.dumps_since",
    ]
    assert cells(dumps.fact()) == [("high", "2", "5.0"), ("low", "1", "4.0")]
    assert cells(dumps.table("visits_gone").select("people", "gone_dt")) == [("2.0", "2024-03-01")]
    # One that comes late might count beside one of which nothing is known.
    land(dumps, "2024-02-28", f"{DAY}2024-02-28,7,7.0\n")
    ended = dumps.run("2024-02-28")
    assert ended.code == 1
    [rejected] = ended.events("date_rejected")
    assert rejected["code"] == "DUMPS_NOT_NOTED"
    assert "(2024-02-29)" in rejected["message"]
    assert "Run all of 2024-02-28 to 2024-02-29 again in one run" in rejected["message"]
    assert cells(dumps.fact()) == [("high", "2", "5.0"), ("low", "1", "4.0")]
    # As it says, with one that has not changed itself.
    assert restated(dumps, "2024-02-28", "2024-02-29") == [("2024-02-28", []), ("2024-02-29", [])]
    assert cells(dumps.table("visits").select("day", "people", "load_dt")) == [
        ("2024-02-28", "1.0", "2024-02-28"),
        ("2024-02-29", "3.0", "2024-03-01"),
        ("2024-03-01", "5.0", "2024-03-01"),
    ]
    assert cells(dumps.table("visits_gone").select("people", "load_dt", "gone_dt")) == [
        ("2.0", "2024-02-29", "2024-03-01"),
        ("7.0", "2024-02-28", "2024-02-29"),
    ]
    assert len(dumps.run("2024-02-28", "2024-02-29").events("date_unchanged")) == 2


def test_back_to_a_run_of_before_leaves_nothing_of_what_was_gone_since(dumps: House, cells: Read):
    land(dumps, "2024-02-28", DAY)
    dumps.run("2024-02-28", run_id="before")
    # A publish of then names no table of what is gone.
    [done] = [key for key in dumps.control.keys("publish/") if key.endswith(".done.json")]
    intent = json.loads(dumps.control.read(done).text)
    intent["moves"] = [move for move in intent["moves"] if move["table"] != "visits_gone"]
    dumps.control.write(done, json.dumps(intent))
    earlier_layout(dumps)
    land(dumps, "2024-02-29", "2024-02-28,2,9.0\n")
    dumps.run("2024-02-29")
    assert cells(dumps.table("visits_gone").select("site")) == [("1",)]
    dumps.run(step="rollback", to_run="before")
    assert dumps.table("visits_gone").isEmpty()
    assert cells(dumps.fact()) == [("low", "1", "1.0")]
    assert restated(dumps, "2024-02-29") == [("2024-02-29", ["low"])]
    assert cells(dumps.table("visits_gone").select("site", "load_dt", "gone_dt")) == [("1", "2024-02-28", "2024-02-29")]


def test_rows_of_a_day_alone_do_not_count_beside_a_newer_dump(dumps: House, cells: Read):
    land(dumps, "2024-02-28", DAY)
    land(dumps, "2024-02-29", f"{DAY}2024-02-29,1,2.0\n")
    dumps.run("2024-02-28", "2024-02-29")
    dumps.contract_text = contract_json(contractVersion="2")
    land(dumps, "2024-02-28", f"{DAY}2024-02-28,2,3.0\n")
    land(dumps, "2024-03-01", "2024-03-01,1,4.0\n")
    ended = dumps.run("2024-02-28", "2024-03-01")
    assert [(line["businessDate"], line["code"]) for line in ended.events("date_rejected")] == [
        ("2024-02-28", "DUMPS_NEWER")
    ]
    assert cells(dumps.fact()) == [("high", "1", "4.0"), ("low", "1", "3.0")]
