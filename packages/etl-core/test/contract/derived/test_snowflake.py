"""The export parses as Snowflake's SQL, and its SELECTs run on a local Snowflake."""

import json
import re
from collections.abc import Iterator

import fakesnow
import pytest
import snowflake.connector
import sqlglot
from conftest import Derived, source_type
from snowflake.connector.cursor import SnowflakeCursor
from sqlglot import exp

#: What the parser knows by its first word only.
OPAQUE = ("CREATE OR REPLACE TASK", "ALTER TASK")

VALUES = {"int": "5000000000", "varchar": "'O''Brien \"x\", y'", "boolean": "TRUE"}


def select_of(statement: str) -> str:
    return re.search(r" FROM \((SELECT .*)\) FILE_FORMAT", statement, re.DOTALL)[1]


@pytest.fixture
def cursor() -> Iterator[SnowflakeCursor]:
    with fakesnow.patch(), snowflake.connector.connect(database="shop", schema="public") as connection:
        yield connection.cursor()


@pytest.fixture
def source(derived: Derived, cursor: SnowflakeCursor) -> SnowflakeCursor:
    """Every table with two rows: one of the business date, one of the day before, on all its days."""

    def value(column: dict, day: str) -> str:
        kind = source_type(column)
        return f"'{day}'" if kind == "date" else VALUES.get(kind, "-12.50")

    for table, columns in derived.tables.items():
        declared = ", ".join(f"{column['name']} {source_type(column)}" for column in columns)
        cursor.execute(f"CREATE TABLE {table} ({declared})")
        for day in ["2020-01-31", "2020-01-30"]:
            cursor.execute(f"INSERT INTO {table} VALUES ({', '.join(value(c, day) for c in columns)})")
    return cursor


@pytest.mark.filterwarnings("ignore")
def test_the_script_parses(derived: Derived) -> None:
    statements = sqlglot.parse(derived.files("snowflake")[0].read_text(), read="snowflake")
    kinds = [one.args.get("kind") for one in statements if isinstance(one, exp.Create)]
    assert kinds == ["FILE FORMAT", "STAGE", "PROCEDURE"]
    # The parser takes what follows a procedure for a part of it.
    opaque = [command.sql("snowflake") for one in statements for command in one.find_all(exp.Command)]
    assert len(opaque) == len(OPAQUE)
    for sql, word in zip(opaque, OPAQUE, strict=True):
        assert word in sql


def test_what_the_procedure_says_parses_as_copy(derived: Derived) -> None:
    run = derived.json("procedure.json")
    tables = list(derived.tables)
    # The first table had no rows: its header is a statement of its own. The manifest is the last.
    assert len(run["statements"]) == len(tables) + 2
    for statement in run["statements"]:
        (copy,) = sqlglot.parse(statement, read="snowflake")
        assert isinstance(copy, exp.Copy), statement
        assert isinstance(copy.args["files"][0], exp.Subquery)
        options = {param.name.upper() for param in copy.args["params"]}
        assert {"FILE_FORMAT", "OVERWRITE"} <= options, statement


def test_selects_bring_the_day_of_daily_tables_and_all_of_the_others(derived: Derived, source: SnowflakeCursor) -> None:
    loads = {
        one["name"]: custom["value"]
        for one in derived.contract["schema"]
        for custom in one.get("customProperties", [])
        if custom["property"] == "load"
    }
    statements = derived.json("procedure.json")["statements"]
    for table, columns in derived.tables.items():
        (statement,) = [one for one in statements if f" FROM {table}" in one]
        rows = source.execute(select_of(statement)).fetchall()
        assert [column.name.lower() for column in source.description] == [column["name"] for column in columns]
        assert len(rows) == {"delta": 1, "snapshot": 2}[loads[table]], table
        for got, column in zip(rows[0], columns, strict=True):
            expected = {"int": "5000000000", "varchar": 'O\'Brien "x", y', "boolean": "True", "date": "2020-01-31"}
            assert str(got).rstrip("0") == expected.get(source_type(column), "-12.50").rstrip("0"), column["name"]


def test_counts_are_exact_and_as_text(derived: Derived, source: SnowflakeCursor) -> None:
    counts = derived.json("procedure.json")["counts"]
    # Before and after each COPY.
    assert len(counts) == 2 * len(derived.tables)
    for statement in counts:
        (row,) = source.execute(statement).fetchall()
        rows = int(row[0])
        assert rows == (1 if " WHERE " in statement else 2)
        assert all(re.fullmatch(rf"-{'12' if rows == 1 else '25'}[.][05]0*", total) for total in row[1:]), row


def test_a_day_without_rows_has_its_header(derived: Derived, cursor: SnowflakeCursor) -> None:
    run = derived.json("procedure.json")
    table, columns = next(iter(derived.tables.items()))
    assert cursor.execute(select_of(run["statements"][1])).fetchall() == [tuple(column["name"] for column in columns)]
    assert [file["rows"] for file in run["manifest"]["files"] if file["table"] == table] == [0]


def test_the_manifest_survives_the_database(derived: Derived, cursor: SnowflakeCursor) -> None:
    run = derived.json("procedure.json")
    ((text,),) = cursor.execute(select_of(run["statements"][-1])).fetchall()
    assert json.loads(text) == run["manifest"]


def test_the_task_asks_for_a_day(derived: Derived, cursor: SnowflakeCursor) -> None:
    sql = derived.files("snowflake")[0].read_text()
    argument = re.search(r"^ {2}CALL \w+\((.*)\);$", sql, re.MULTILINE)[1]
    ((day,),) = cursor.execute(f"SELECT {argument}").fetchall()
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", day)
