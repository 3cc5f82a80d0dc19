from collections.abc import Callable
from pathlib import Path

import pytest
from pyspark.sql import DataFrame, SparkSession
from small_dataset import Landing, contract_json

from sales_etl_spark.contract import Table, parse_contract
from sales_etl_spark.errors import DataError
from sales_etl_spark.landing import LandedFile
from sales_etl_spark.reading import read_raw

DATE = "2024-02-29"
Read = Callable[..., DataFrame]


@pytest.fixture
def read(spark: SparkSession, tmp_path: Path) -> Read:
    """The raw rows of files of `visits` with the given texts, by the end of the file's name."""
    # A folder whose name must be escaped in a URI, and looks like a key of the landing.
    landing = Landing(tmp_path / "my visits" / "visits" / "dt=1")
    table: Table = parse_contract(contract_json()).table("visits")

    def rows(**texts: str | bytes) -> DataFrame:
        keys = [
            landing.write(f"visits/dt={DATE}/visits_{DATE}.{name.replace('_', '.')}", text)
            for name, text in texts.items()
        ]
        files = [LandedFile("visits", key, DATE, 0, 0) for key in keys]
        return read_raw(spark, table, str(landing.folder), files)

    return rows


def texts(rows: DataFrame) -> list[tuple[str | None, ...]]:
    return sorted((row["day"], row["site"], row["people"]) for row in rows.collect())


def test_columns_are_found_by_name_in_each_file(read: Read):
    rows = read(
        part1_csv="day,site,people\nA,1,10\n",
        part2_csv="people,day,site\n20,B,2\n",
        part3_csv="SITE,Day, people \n3,C,30\n",
    )
    assert texts(rows) == [("A", "1", "10"), ("B", "2", "20"), ("C", "3", "30")]


def test_each_row_knows_its_file_and_date(read: Read):
    rows = read(part1_csv="day,site,people\nA,1,10\n", part2_csv_gz="day,site,people\nB,2,20\n")
    found = sorted((row["day"], row["_file"], row["_business_date"]) for row in rows.collect())
    folder = f"visits/dt={DATE}/visits_{DATE}"
    assert found == [("A", f"{folder}.part1.csv", DATE), ("B", f"{folder}.part2.csv.gz", DATE)]


def test_quotes_commas_and_line_ends_inside_a_field(read: Read):
    rows = read(csv='day,site,people\n"a ""b"", c","1\n2",\n')
    assert texts(rows) == [('a "b", c', "1\n2", None)]


@pytest.mark.parametrize(
    "content",
    [
        b"day,site,people\r\nA,1,10\r\n",
        b"\xef\xbb\xbfday,site,people\nA,1,10\n",
        b'"day","site","people"\n"A","1","10"',
    ],
    ids=["CRLF", "byte order mark", "all quoted, no last line end"],
)
def test_other_ways_to_write_the_same_file(read: Read, content: bytes):
    assert texts(read(csv=content)) == [("A", "1", "10")]


def test_values_are_not_touched(read: Read):
    rows = read(csv='day,site,people\n 2024-02-29 ,007,1.50\n#,"NULL",NaN\n')
    assert texts(rows) == [(" 2024-02-29 ", "007", "1.50"), ("#", "NULL", "NaN")]


def test_a_day_without_rows(read: Read):
    assert texts(read(csv="day,site,people\n")) == []


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("day,site", "HEADER_COLUMN_MISSING: .* lacks people"),
        ("day,site,people,age", "HEADER_COLUMN_EXTRA: .* unknown age"),
        ("day,site,people,people", "HEADER_COLUMN_MISSING|HEADER_COLUMN_TWICE"),
        ("", "FILE_EMPTY"),
    ],
)
def test_a_header_that_cannot_be_used(read: Read, header: str, message: str):
    with pytest.raises(DataError, match=message):
        read(csv=header)
