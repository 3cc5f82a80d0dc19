"""What is special about a load: snapshots that may be late, tables that grow."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Cells
from house import House
from pyspark.sql import DataFrame, SparkSession
from small_dataset import SEASONS, column, contract_json, seasons_table, visits_table

from sales_etl_spark.errors import RunError

Read = Callable[[DataFrame], Cells]
VISITS = "day,site,people\n"


def test_a_snapshot_may_be_missing_as_long_as_the_last_one_is_fresh(spark: SparkSession, tmp_path: Path, cells: Read):
    house = House(spark, tmp_path, contract_json(tables=[visits_table(), seasons_table(freshness=1)]))
    house.landing.export("2024-02-28", visits=f"{VISITS}2024-02-28,1,1.0\n", seasons=SEASONS)
    house.landing.export("2024-02-29", visits=f"{VISITS}2024-02-29,1,2.0\n")
    house.landing.export("2024-03-01", visits=f"{VISITS}2024-03-01,1,4.0\n")
    # That of an earlier date counts, whether it is loaded in the same run or was before; it is not handed on.
    assert house.run("2024-02-28", "2024-02-29").code == 0
    ended = house.run("2024-03-01")
    assert [line["code"] for line in ended.events("date_rejected")] == ["TABLE_MISSING"]
    assert cells(house.fact()) == [("low", "1", "3.0")]


def test_a_snapshot_without_rows_is_refused(house: House, cells: Read):
    house.landing.export("2024-02-28", visits=f"{VISITS}2024-02-28,1,1.0\n", seasons="day,season\n")
    ended = house.run("2024-02-28")
    assert [line["code"] for line in ended.events("date_rejected")] == ["SNAPSHOT_EMPTY"]
    assert house.table("seasons").isEmpty()


def test_a_key_in_two_files_of_a_date(house: House):
    files = []
    for number in (1, 2):
        text = f"day,season\n2024-02-2{7 + number},low\n2024-02-29,low\n"
        key = house.landing.write(f"seasons/dt=2024-02-28/seasons_2024-02-28.part{number}.csv", text)
        files.append({"table": "seasons", "file": key, "rows": 2, "bytes": len(text)})
    key = house.landing.write("visits/dt=2024-02-28/visits_2024-02-28.csv", VISITS)
    files.append({"table": "visits", "file": key, "rows": 0, "bytes": len(VISITS)})
    house.landing.manifest("2024-02-28", files)
    [rejected] = house.run("2024-02-28").events("date_rejected")
    assert (rejected["code"], "1 keys of seasons stand in two files" in rejected["message"]) == (
        "KEY_IN_TWO_FILES",
        True,
    )


def test_lines_are_those_of_the_file_where_fields_have_line_ends_and_files_are_many(
    spark: SparkSession, tmp_path: Path, cells: Read
):
    house = House(spark, tmp_path, contract_json(tables=[visits_table(drift="ignore"), seasons_table()]))
    seasons = 'day,season\n2024-02-28,"l\no\nw"\n2024-02-29,low\n2024-03-01,high\n'
    parts = [
        'day,site,people\n2024-02-28,"1\n",1.0\n2024-02-28,1,a\n2024-02-28,"x\ny",b\n2024-02-28,2,c\n',
        # A column that is left out has line ends, too.
        'people,day,site,note\r\n1.0,2024-02-28,1,"a\nb\nc"\r\nd,2024-02-28,2,\r\n',
    ]
    files = []
    for number, text in enumerate(parts):
        key = house.landing.write(f"visits/dt=2024-02-28/visits_2024-02-28.part{number}.csv", text)
        rows = [4, 2][number]
        files.append({"table": "visits", "file": key, "rows": rows, "bytes": len(text)})
    key = house.landing.write("seasons/dt=2024-02-28/seasons_2024-02-28.csv", seasons)
    files.append({"table": "seasons", "file": key, "rows": 3, "bytes": len(seasons)})
    house.landing.manifest("2024-02-28", files)
    house.run("2024-02-28")
    rows = house.table("quarantine").selectExpr(
        "substring_index(file_name, '.', -2)", "line_num", "problem_code", "field_value"
    )
    assert cells(rows) == [
        ("part0.csv", "4", "VALUE_NOT_DECIMAL", "a"),
        ("part0.csv", "5", "VALUE_NOT_DECIMAL", "b"),
        ("part0.csv", "7", "VALUE_NOT_DECIMAL", "c"),
        ("part1.csv", "5", "VALUE_NOT_DECIMAL", "d"),
    ]


def test_a_new_column_is_added_before_the_run_and_old_rows_lack_it(spark: SparkSession, tmp_path: Path, cells: Read):
    house = House(spark, tmp_path)
    house.landing.export("2024-02-28", visits=f"{VISITS}2024-02-28,1,1.0\n", seasons=SEASONS)
    house.run("2024-02-28")
    wide = visits_table()
    wide["columns"] = [*wide["columns"], column("note", "string")]
    wide["checkSql"] = wide["checkSql"].replace("AS people,\n", "AS people, note,\n")
    house.contract_text = contract_json(tables=[wide, seasons_table()], contractVersion="2")
    house.landing.export("2024-02-29", visits="day,site,people,note\n2024-02-29,1,2.0,rain\n", seasons=SEASONS)
    ended = house.run("2024-02-29")
    assert [line["change"] for line in ended.events("schema_changed")] == ["added visits.note"]
    assert cells(house.table("visits").select("people", "note")) == [("1.0", ""), ("2.0", "rain")]
    assert cells(house.fact()) == [("low", "1", "3.0")]


def test_a_change_that_is_no_addition_is_refused_before_anything_is_touched(spark: SparkSession, tmp_path: Path):
    house = House(spark, tmp_path)
    house.landing.export("2024-02-28", visits=VISITS, seasons=SEASONS)
    house.run("2024-02-28")
    contract = json.loads(contract_json())
    contract["tables"][0]["columns"][1] = column("site", "string")
    contract["fact"]["columns"] += [column("extra", "int", True)]
    house.contract_text = json.dumps(contract)
    with pytest.raises(RunError, match=r"SCHEMA_BREAKING: the table visits .* site is int, the contract says string"):
        house.run("2024-02-28")
    assert "extra" not in house.table("season_fact").columns


def test_rows_under_another_contract_are_loaded_again(house: House):
    house.landing.export("2024-02-28", visits=VISITS, seasons=SEASONS)
    house.run("2024-02-28")
    assert len(house.run("2024-02-28").events("date_unchanged")) == 1
    house.contract_text = contract_json(contractVersion="2")
    assert len(house.run("2024-02-28").events("date_published")) == 1


def test_a_row_that_was_taken_when_rows_could_be_later_counts_on(spark: SparkSession, tmp_path: Path, cells: Read):
    late = visits_table(dated={"column": "day", "lateness": 30})
    house = House(spark, tmp_path, contract_json(tables=[late, seasons_table()]))
    house.landing.export("2024-02-28", visits=f"{VISITS}2024-02-28,1,1.0\n", seasons=SEASONS)
    house.landing.export("2024-03-14", visits=f"{VISITS}2024-02-28,1,4.0\n", seasons=SEASONS)
    house.run("2024-02-28")
    house.run("2024-03-14")
    assert cells(house.fact()) == [("low", "1", "5.0")]
    # The day is delivered again, its season computed again, and now seven days are the limit.
    house.contract_text = contract_json(contractVersion="2")
    house.landing.export("2024-02-28", visits=f"{VISITS}2024-02-28,1,2.0\n", seasons=SEASONS)
    house.run("2024-02-28")
    assert cells(house.fact()) == [("low", "1", "6.0")]
