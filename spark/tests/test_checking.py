from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pyspark.sql import DataFrame, SparkSession
from small_dataset import Landing, contract_json

from sales_etl_spark.artifact import parse_contract
from sales_etl_spark.checking import RowCounts, accepted_rows, check_file, check_files, count_files, judge
from sales_etl_spark.contract import Table
from sales_etl_spark.errors import DataError
from sales_etl_spark.landing import LandedFile
from sales_etl_spark.reading import read_raw, without_place

DATE = "2024-02-29"
KEY = f"visits/dt={DATE}/visits_{DATE}.csv"
TEXT = "day,site,people\n2024-02-29,1,2.5\n2024-02-29,2,many\n2024-02-30,3,some\n"
FILE = LandedFile("visits", KEY, DATE, 3, len(TEXT))
HEADERS = {KEY: ("day", "site", "people")}
Read = Callable[[DataFrame], list[tuple[str, ...]]]


@pytest.fixture
def visits(spark: object) -> Table:
    return parse_contract(contract_json()).table("visits")


@pytest.fixture
def raw(spark: SparkSession, visits: Table, tmp_path: Path) -> DataFrame:
    Landing(tmp_path).write(KEY, TEXT)
    return without_place(read_raw(spark, visits, str(tmp_path), [FILE], HEADERS))


def counts_of(visits: Table, judged: DataFrame, file: LandedFile) -> RowCounts:
    counts, ragged = count_files(judged)
    check_file(visits, file, counts[file.key], len(ragged))
    return counts[file.key]


def test_accepted_and_rejected_are_all_that_was_read(spark: SparkSession, visits: Table, raw: DataFrame, cells: Read):
    judged = judge(spark, visits, raw)
    assert cells(accepted_rows(visits, judged)) == [(DATE, "1", "2.5", KEY, DATE)]
    assert cells(judged.where("_problems <> ''").select("site", "_problems")) == [
        ("2", "people=VALUE_NOT_DECIMAL"),
        ("3", "day=VALUE_NOT_DATE;people=VALUE_NOT_DECIMAL"),
    ]
    assert counts_of(visits, judged, FILE) == RowCounts(read=3, accepted=1, rejected=2)


def test_accepted_rows_have_the_stored_columns_and_types(spark: SparkSession, visits: Table, raw: DataFrame):
    accepted = accepted_rows(visits, judge(spark, visits, raw))
    assert [(f.name, f.dataType) for f in accepted.schema] == [(f.name, f.dataType) for f in visits.stored_schema]


@pytest.mark.parametrize("rows", [2, 4, 0])
def test_a_file_with_other_rows_than_its_manifest_says(visits: Table, rows: int):
    with pytest.raises(DataError, match=rf"ROWS_DIFFER: .* has 3 rows, its manifest says {rows}") as raised:
        check_file(visits, replace(FILE, rows=rows), RowCounts(3, 3, 0))
    assert raised.value.business_date == DATE


def test_a_file_without_a_row_is_counted_too(visits: Table):
    empty = replace(FILE, key=KEY.replace(".csv", ".part2.csv"), rows=1)
    [fault] = check_files(visits, [FILE, empty], {FILE.key: RowCounts(3, 3, 0)}, {})
    assert "part2.csv has 0 rows, its manifest says 1" in str(fault)


@pytest.mark.parametrize(("rejected", "is_tolerated"), [(0, True), (2, True), (3, False), (100, False)])
def test_up_to_the_tolerance_rows_may_be_rejected(visits: Table, rejected: int, is_tolerated: bool):
    file, table = replace(FILE, rows=100), replace(visits, tolerance=0.02)
    faults = check_files(table, [file], {FILE.key: RowCounts(100, 100 - rejected, rejected)}, {})
    assert [fault.code for fault in faults] == ([] if is_tolerated else ["TOO_MANY_ROWS_REJECTED"])


def test_a_check_that_judges_neither_way_does_not_lose_the_row(spark: SparkSession, visits: Table, raw: DataFrame):
    undecided = replace(visits, check_sql=f"SELECT *, NULLIF('', '') AS _problems FROM raw_{visits.name}")
    with pytest.raises(RuntimeError, match="do not add up"):
        counts_of(visits, judge(spark, undecided, raw).cache(), FILE)


@pytest.mark.parametrize("line", ["2024-02-29,1", "2024-02-29,1,2.5,9", '2024-02-29,"1,2.5'])
def test_a_line_with_more_or_fewer_fields_is_the_fault_of_its_date(
    spark: SparkSession, visits: Table, tmp_path: Path, line: str
):
    Landing(tmp_path).write(KEY, f"day,site,people\n2024-02-29,1,2.5\n{line}\n")
    raw = without_place(read_raw(spark, visits, str(tmp_path), [FILE], HEADERS))
    counts, ragged = count_files(judge(spark, visits, raw))
    assert (counts[KEY].read, ragged) == (2, {KEY: 1})
    [fault] = check_files(visits, [replace(FILE, rows=2)], counts, ragged)
    assert str(fault) == f"FILE_ROW_RAGGED: {KEY} has 1 lines with more or fewer fields than its header"
    assert fault.business_date == DATE


def test_a_file_that_breaks_off_is_the_fault_of_its_date(spark: SparkSession, visits: Table, tmp_path: Path):
    key = f"{KEY}.gz"
    lines = "".join(f"2024-02-29,{number},{number % 97}.5\n" for number in range(20_000))
    Landing(tmp_path).write(key, f"day,site,people\n{lines}")
    path = tmp_path / key
    path.write_bytes(path.read_bytes()[:-1000])
    file = LandedFile("visits", key, DATE, 20_000, 1)
    raw = without_place(read_raw(spark, visits, str(tmp_path), [file], {key: HEADERS[KEY]}))
    with pytest.raises(DataError, match=f"FILE_GZIP_BROKEN: {key} cannot be read to its end") as raised:
        count_files(judge(spark, visits, raw))
    assert raised.value.business_date == DATE
