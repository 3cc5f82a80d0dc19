from collections.abc import Callable
from pathlib import Path

import pytest
from pyspark.sql import DataFrame, SparkSession
from small_dataset import Landing, column, contract_json, visits_table

from sales_etl_spark.artifact import parse_contract
from sales_etl_spark.contract import Table
from sales_etl_spark.errors import DataError
from sales_etl_spark.header import read_header
from sales_etl_spark.landing import LandedFile
from sales_etl_spark.reading import read_raw
from sales_etl_spark.storage import Storage

DATE = "2024-02-29"
EXTRA = column("extra_columns", "string", True)
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
        files = [LandedFile("visits", key, DATE, 0, 1) for key in keys]
        headers = {file.key: read_header(Storage(spark), table, str(landing.folder), file) for file in files}
        return read_raw(spark, table, str(landing.folder), files, headers)

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
        ("day,site,people,People", "HEADER_COLUMN_TWICE: .* names people twice"),
        ("", "FILE_EMPTY"),
        ("\n\n", "FILE_EMPTY"),
        ("day;site;people\n", "FILE_DELIMITER_WRONG: .* separated by a semicolon"),
        ("2024-02-29,1,2.0\n", "HEADER_MISSING"),
        ("people by site,,\n\nday,site,people\n", "HEADER_NOT_FIRST: .* in line 3"),
        ("day,site,people\n".encode("utf-16"), "FILE_NOT_UTF8: .* is UTF-16LE"),
        ("day,site,people,größe\n".encode("latin-1"), "FILE_NOT_UTF8: .* byte 19 of the line, 0xF6"),
        (b"PAR1\x15\x04", "FILE_BINARY: .* a Parquet file"),
        (b"day,site,people\x00\n", "FILE_BINARY: .* NUL byte stands at byte 16"),
    ],
)
def test_a_header_that_cannot_be_used(read: Read, header: str | bytes, message: str):
    with pytest.raises(DataError, match=message):
        read(csv=header)


def test_unknown_columns_are_left_out_where_the_contract_says_so(spark: SparkSession, tmp_path: Path):
    landing = Landing(tmp_path)
    key = landing.write(f"visits/dt={DATE}/visits_{DATE}.csv", "note,day,site,mood,people\nrain,A,1,low,10\n")
    file = LandedFile("visits", key, DATE, 1, 1)
    table = parse_contract(contract_json(tables=[visits_table(drift="ignore")])).table("visits")
    headers = {key: read_header(Storage(spark), table, str(tmp_path), file)}
    assert texts(read_raw(spark, table, str(tmp_path), [file], headers)) == [("A", "1", "10")]
    landing.write(key, "day,site,people,\nA,1,10,\n")
    with pytest.raises(DataError, match=r"HEADER_COLUMN_EXTRA: .* column 4 without a name"):
        read_header(Storage(spark), table, str(tmp_path), file)


def kept(spark: SparkSession, folder: Path, **texts: str) -> list[tuple[str | None, ...]]:
    """The unknown columns of files, by the site of their row."""
    table = parse_contract(contract_json(tables=[visits_table(drift="keep", carried=[EXTRA])])).table("visits")
    landing = Landing(folder)
    keys = [landing.write(f"visits/dt={DATE}/visits_{DATE}.{name}.csv", text) for name, text in texts.items()]
    files = [LandedFile("visits", key, DATE, 1, 1) for key in keys]
    headers = {file.key: read_header(Storage(spark), table, str(folder), file) for file in files}
    rows = read_raw(spark, table, str(folder), files, headers)
    return sorted((row["site"], row["extra_columns"]) for row in rows.collect())


def test_unknown_columns_are_kept_as_one_text_whatever_they_are_called(spark: SparkSession, tmp_path: Path):
    # Two names that UTF-16 sorts otherwise than code points: U+1F600 before U+FF5E.
    names = "day,site,people,_ragged,_metadata, Till ,a.b,`q`,\uff5e,\U0001f600"
    rows = kept(
        spark,
        tmp_path,
        part1=f'{names}\n2024-02-29,1,1.0,r,m,"x ""y""\n\tz\x01\\/",dot,tick,wave,face\n2024-02-29,2,1.0,,"",,,,,\n',
        part2="people,day,site\n1.0,2024-02-29,3\n",
    )
    wanted = (
        '{"_metadata":"m","_ragged":"r","`q`":"tick","a.b":"dot","till":"x \\"y\\"\\n\\tz\\u0001\\\\/",'
        '"\U0001f600":"face","\uff5e":"wave"}'
    )
    assert rows == [("1", wanted), ("2", None), ("3", None)]


def test_a_header_of_any_length_up_to_a_megabyte(read: Read):
    wide = '"day",site,people' + " " * 20_000
    assert texts(read(csv=f"{wide}\nA,1,10\n")) == [("A", "1", "10")]
    with pytest.raises(DataError, match=r"FILE_UNREADABLE: .* first line has more than"):
        read(csv="x," * 550_000)


def test_a_file_that_is_no_gzip(spark: SparkSession, tmp_path: Path):
    key = f"visits/dt={DATE}/visits_{DATE}.csv.gz"
    (tmp_path / key).parent.mkdir(parents=True)
    (tmp_path / key).write_bytes(b"day,site,people\n")
    table = parse_contract(contract_json()).table("visits")
    with pytest.raises(DataError, match=r"FILE_GZIP_BROKEN: visits/.*Not in GZIP format"):
        read_header(Storage(spark), table, str(tmp_path), LandedFile("visits", key, DATE, 0, 16))
