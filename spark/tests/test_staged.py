"""The quick way takes nothing that the usual way would not, and both leave the same behind."""

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Cells
from house import House
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from small_dataset import SEASONS, Landing

from sales_etl_spark.checking import judge
from sales_etl_spark.contract import Contract
from sales_etl_spark.landing import LandedFile
from sales_etl_spark.plain import IS_HEADER, IS_RIGHT, judged_lines, plain_of
from sales_etl_spark.reading import read_raw, without_place

Read = Callable[[DataFrame], Cells]
VISITS = "day,site,people\n"
KEY = "visits/dt=2024-02-28/visits_2024-02-28.csv"

# What a value can look like that is one, nearly one, or none; none has a comma, a quote or a line end.
VALUES = [
    "",
    "0",
    "-0",
    "7",
    "007",
    "+7",
    " 7",
    "7 ",
    "-7",
    "23",
    "24",
    "99999999999",
    "2147483648",
    "\u0660",
    "\uff17",
]
VALUES += ["9223372036854775807", "9223372036854775808", "123456789012345678901234567890123456789012", "1_000", "1e3"]
VALUES += ["1.5", "1.50", "1.500", "1.505", "1.", ".5", "9999999.99", "99999999999999999.99", "10000000000000000.00"]
VALUES += [
    "2020-01-06",
    "2020-01-07",
    "2019-12-29",
    "2019-12-30",
    "2019-12-31",
    "2020-1-6",
    "2020-01-06 ",
    "0999-01-01",
]
VALUES += ["2020-02-30", "2020-01-06T00:00:00", "20200106", "true", "TRUE", "t", "yes", "1", "false", "NaN", "x", "é"]
SALE = ["30000000000", "1", "2", "2020-01-06", "3", "1.00", "2.50", "3.50", "0", "-1", "0.00", "1.5"]
STOCK = ["2020-01-06", "1", "2", "5.00", "0", "0", "0.5", "false", "2020-01-09"]
ROWS = {"sales": SALE, "inventory": STOCK}


@pytest.mark.parametrize("name", list(ROWS))
def test_a_line_is_right_where_the_check_sql_accepts_its_row_with_the_same_values(
    spark: SparkSession, retail: Contract, tmp_path: Path, name: str
):
    table, right = retail.table(name), ROWS[name]
    header = tuple(table.column_names)
    lines = [",".join([*right[:place], value, *right[place + 1 :]]) for place in range(len(right)) for value in VALUES]
    key = f"{name}/dt=2020-01-06/{name}_2020-01-06.csv"
    text = "".join(f"{line}\n" for line in [",".join(header), *lines])
    Landing(tmp_path).write(key, text)
    file = LandedFile(name, key, "2020-01-06", len(lines), len(text.encode()))
    plain = plain_of(table, [header])
    assert plain is not None
    # Of equal keys, which the check SQL tells, a line knows nothing.
    by_row = judge(spark, table, without_place(read_raw(spark, table, str(tmp_path), [file], {key: header})))
    accepted = by_row.where(F.regexp_replace("_problems", "[a-z_+]+=KEY_NOT_UNIQUE", "") == "")
    by_line = judged_lines(spark, table, plain, str(tmp_path), [file], header)
    assert by_line.where(IS_HEADER).count() == 1
    quick, usual = (sorted(map(str, rows.select(*header).collect())) for rows in (by_line.where(IS_RIGHT), accepted))
    # Two forms of the same value, for each of the columns, at least.
    assert len(quick) > 3 * len(header)
    assert quick == usual


STRANGE = {
    "a quoted field": '2024-02-28,"1",2.5\n',
    "a line end of another kind": "2024-02-28,1,2.5\r\n",
    "an empty line": "\n",
    "one field less": "2024-02-28,1\n",
    "one field more": "2024-02-28,1,2.5,\n",
    "no value of its type": "2024-02-28,1,x\n",
    "no day": "2023-02-29,1,2.5\n",
    "a day that the file cannot have": "2024-02-29,1,2.5\n",
    "a header": VISITS,
    "a NUL": "2024-02-28,1\0,2.5\n",
}


def test_lines_that_are_not_plain_or_not_right_are_none_of_the_quick_way(
    spark: SparkSession, house: House, tmp_path: Path
):
    house.landing.export("2024-02-28", visits=VISITS, seasons=SEASONS)
    house.run("2024-02-28", step="load")
    table = house.job.contract.table("visits")
    text = f"{VISITS}2024-02-28,1,2.5\n{''.join(STRANGE.values())}2024-02-28,2,3"
    Landing(tmp_path).write(KEY, text)
    file = LandedFile("visits", KEY, "2024-02-28", 0, 0)
    assert table.plain is not None
    lines = judged_lines(spark, table, table.plain, str(tmp_path), [file], ("day", "site", "people"))
    assert sorted(map(str, lines.where(IS_RIGHT).select("site", "people").collect())) == [
        "Row(site=1, people=Decimal('2.5'))",
        "Row(site=2, people=Decimal('3.0'))",
    ]
    # That of the file and that among the rows.
    assert lines.where(IS_HEADER).count() == 2


def test_bytes_that_are_no_utf8_are_none_of_the_quick_way(spark: SparkSession, house: House, tmp_path: Path):
    house.landing.export("2024-02-28", visits=VISITS, seasons=SEASONS)
    house.run("2024-02-28", step="load")
    table = house.job.contract.table("seasons")
    key = "seasons/dt=2024-02-28/seasons_2024-02-28.csv"
    Landing(tmp_path).write(key, "day,season\n2024-02-28,é\n".encode() + b"2024-02-29,\xe9\n")
    file = LandedFile("seasons", key, "2024-02-28", 2, 0)
    assert table.plain is not None
    lines = judged_lines(spark, table, table.plain, str(tmp_path), [file], ("day", "season"))
    assert [row[0] for row in lines.where(IS_RIGHT).select("season").collect()] == ["é"]


def export_three(house: House) -> None:
    """A date that is right, one with a wrong row that is tolerated, one whose season stands there twice."""
    house.landing.export("2024-02-28", visits=f"{VISITS}2024-02-28,1,2.5\n2024-02-28,2,3\n", seasons=SEASONS)
    house.landing.export("2024-02-29", visits=f"{VISITS}2024-02-29,1,4\n2024-02-29,2,many\n", seasons=SEASONS)
    twice = f"{SEASONS}2024-03-01,high\n"
    house.landing.export("2024-03-01", visits=f"{VISITS}2024-03-01,1,5.5\n", seasons=twice)


def test_dates_that_are_right_go_the_quick_way_and_the_others_the_usual_one(house: House, cells: Read):
    house.quick_from = 0
    export_three(house)
    ended = house.run("2024-02-28", "2024-02-29", "2024-03-01")
    checked = {line["table"]: [line[name] for name in ("files", "quick")] for line in ended.events("table_checked")}
    assert checked == {"visits": [3, 2], "seasons": [3, 2]}
    [visits, _] = ended.events("table_checked")
    assert [visits[name] for name in ("read", "accepted", "rejected")] == [5, 4, 1]
    assert cells(house.table("visits").select("site", "people", "source_file", "load_dt")) == [
        ("1", "2.5", "visits/dt=2024-02-28/visits_2024-02-28.csv", "2024-02-28"),
        ("1", "4.0", "visits/dt=2024-02-29/visits_2024-02-29.csv", "2024-02-29"),
        ("1", "5.5", "visits/dt=2024-03-01/visits_2024-03-01.csv", "2024-03-01"),
        ("2", "3.0", "visits/dt=2024-02-28/visits_2024-02-28.csv", "2024-02-28"),
    ]
    assert cells(house.table("quarantine").select("file_name", "line_num", "problem_code")) == [
        ("visits/dt=2024-02-29/visits_2024-02-29.csv", "3", "VALUE_NOT_DECIMAL")
    ]


def test_a_date_that_is_refused_leaves_what_was_published_of_it(house: House, cells: Read):
    house.quick_from = 0
    house.landing.export("2024-02-28", visits=f"{VISITS}2024-02-28,1,2.5\n", seasons=SEASONS)
    house.run("2024-02-28")
    # The rows are right, the other table's file is not; the new date is.
    house.landing.export("2024-02-28", visits=f"{VISITS}2024-02-28,1,9.0\n", seasons="day,season\n")
    house.landing.export("2024-02-29", visits=f"{VISITS}2024-02-29,1,4\n", seasons=SEASONS)
    ended = house.run("2024-02-28", "2024-02-29")
    assert [line["code"] for line in ended.events("date_rejected")] == ["SNAPSHOT_EMPTY"]
    assert cells(house.table("visits").select("people", "load_dt")) == [("2.5", "2024-02-28"), ("4.0", "2024-02-29")]
    assert cells(house.table("seasons").groupBy("load_dt").count()) == [("2024-02-28", "3"), ("2024-02-29", "3")]
    assert cells(house.fact()) == [("low", "1", "6.5")]


@pytest.mark.parametrize("rows", [1, 3])
def test_a_file_with_other_rows_than_its_manifest_says_is_refused(house: House, rows: int):
    house.quick_from = 0
    house.landing.export("2024-02-28", visits=f"{VISITS}2024-02-28,1,2.5\n2024-02-28,2,x\n", seasons=SEASONS)
    manifest = house.landing.folder / "_manifest" / "dt=2024-02-28" / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"rows": 2', f'"rows": {rows}'))
    ended = house.run("2024-02-28")
    [rejected] = ended.events("date_rejected")
    assert (rejected["code"], f"has 2 rows, its manifest says {rows}" in rejected["message"]) == ("ROWS_DIFFER", True)
    assert house.table("visits").isEmpty()
    assert all(house.catalog.branches(name) == ["main"] for name in ("visits", "seasons"))


def test_parts_whose_rows_only_add_up_to_those_of_the_manifest_are_refused(house: House):
    house.quick_from = 0
    files = []
    for number, rows in ((1, 2), (2, 1)):
        text = f"{VISITS}{f'2024-02-28,{number},1.0{chr(10)}' * rows}"
        key = house.landing.write(f"visits/dt=2024-02-28/visits_2024-02-28.part{number}.csv", text)
        files.append({"table": "visits", "file": key, "rows": 3 - rows, "bytes": len(text)})
    key = house.landing.write("seasons/dt=2024-02-28/seasons_2024-02-28.csv", SEASONS)
    files.append({"table": "seasons", "file": key, "rows": 3, "bytes": len(SEASONS)})
    house.landing.manifest("2024-02-28", files)
    [rejected] = house.run("2024-02-28").events("date_rejected")
    assert (rejected["code"], rejected["file"]) == ("ROWS_DIFFER", "visits/dt=2024-02-28/visits_2024-02-28.part1.csv")


def test_a_key_in_two_parts_is_refused(house: House):
    house.quick_from = 0
    files = []
    for number in (1, 2):
        text = f"day,season\n2024-02-2{7 + number},low\n2024-02-29,low\n"
        key = house.landing.write(f"seasons/dt=2024-02-28/seasons_2024-02-28.part{number}.csv", text)
        files.append({"table": "seasons", "file": key, "rows": 2, "bytes": len(text)})
    key = house.landing.write(KEY, VISITS)
    files.append({"table": "visits", "file": key, "rows": 0, "bytes": len(VISITS)})
    house.landing.manifest("2024-02-28", files)
    [rejected] = house.run("2024-02-28").events("date_rejected")
    assert rejected["code"] == "KEY_IN_TWO_FILES"
