from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pyspark.sql import DataFrame, SparkSession
from small_dataset import Landing, contract_json

from sales_etl_spark.checking import RowCounts, accepted_rows, count_rows, judge, rejected_rows
from sales_etl_spark.contract import Table, parse_contract
from sales_etl_spark.errors import DataError
from sales_etl_spark.landing import LandedFile
from sales_etl_spark.reading import read_raw

DATE = "2024-02-29"
KEY = f"visits/dt={DATE}/visits_{DATE}.csv"
FILE = LandedFile("visits", KEY, DATE, 3)
TEXT = "day,site,people\n2024-02-29,1,2.5\n2024-02-29,2,many\n2024-02-30,3,some\n"


@pytest.fixture
def visits(spark: object) -> Table:
    return parse_contract(contract_json()).table("visits")


@pytest.fixture
def raw(spark: SparkSession, visits: Table, tmp_path: Path) -> DataFrame:
    Landing(tmp_path).write(KEY, TEXT)
    return read_raw(spark, visits, str(tmp_path), [FILE])


def test_accepted_and_rejected_are_all_that_was_read(
    spark: SparkSession, visits: Table, raw: DataFrame, cells: Callable[[DataFrame], list[tuple[str, ...]]]
):
    judged = judge(spark, visits, raw)
    assert cells(accepted_rows(visits, judged)) == [(DATE, "1", "2.5", KEY, DATE)]
    assert cells(rejected_rows(visits, judged)) == [
        ("", "3", "", KEY, "day=VALUE_NOT_DATE;people=VALUE_NOT_DECIMAL", DATE),
        (DATE, "2", "", KEY, "people=VALUE_NOT_DECIMAL", DATE),
    ]
    assert count_rows(visits, judged, [FILE]) == RowCounts(read=3, accepted=1, rejected=2)


def test_accepted_rows_have_the_stored_columns_and_types(spark: SparkSession, visits: Table, raw: DataFrame):
    accepted = accepted_rows(visits, judge(spark, visits, raw))
    assert [(f.name, f.dataType) for f in accepted.schema] == [(f.name, f.dataType) for f in visits.stored_schema]


@pytest.mark.parametrize("rows", [2, 4, 0])
def test_a_file_with_other_rows_than_its_manifest_says(spark: SparkSession, visits: Table, raw: DataFrame, rows: int):
    with pytest.raises(DataError, match=rf"ROWS_DIFFER: .* has 3 rows, its manifest says {rows}"):
        count_rows(visits, judge(spark, visits, raw), [replace(FILE, rows=rows)])


def test_a_file_without_a_row_is_counted_too(spark: SparkSession, visits: Table, raw: DataFrame):
    empty = replace(FILE, key=KEY.replace(".csv", ".part2.csv"), rows=1)
    with pytest.raises(DataError, match=r"part2\.csv has 0 rows, its manifest says 1"):
        count_rows(visits, judge(spark, visits, raw), [FILE, empty])


def test_a_check_that_judges_neither_way_does_not_lose_the_row(spark: SparkSession, visits: Table, raw: DataFrame):
    undecided = replace(visits, check_sql=f"SELECT *, NULLIF('', '') AS _problems FROM raw_{visits.name}")
    with pytest.raises(RuntimeError, match="do not add up"):
        count_rows(visits, judge(spark, undecided, raw), [FILE])


@pytest.mark.parametrize("line", ["2024-02-29,1", "2024-02-29,1,2.5,9", '2024-02-29,"1,2.5'])
def test_a_line_with_more_or_fewer_fields_ends_the_run(spark: SparkSession, visits: Table, tmp_path: Path, line: str):
    Landing(tmp_path).write(KEY, f"day,site,people\n{line}\n")
    with pytest.raises(DataError, match=f"FILE_ROW_RAGGED: .*{KEY}"):
        count_rows(
            visits, judge(spark, visits, read_raw(spark, visits, str(tmp_path), [FILE])), [replace(FILE, rows=1)]
        )
