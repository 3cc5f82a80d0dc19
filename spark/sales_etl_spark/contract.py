"""The contract of a data set, as it was generated: the job knows no table and no column by name."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pyspark.sql.types import DataType, DateType, StringType, StructField, StructType

from sales_etl_spark.errors import UsageError

FILE = "_file"
BUSINESS_DATE = "_business_date"
PROBLEMS = "_problems"
LOAD_DATE = "load_dt"
TOUCHED = "touched_periods"


@dataclass(frozen=True)
class Column:
    name: str
    type: DataType


@dataclass(frozen=True)
class Table:
    name: str
    is_snapshot: bool
    columns: tuple[Column, ...]
    check_sql: str

    @property
    def column_names(self) -> list[str]:
        return [column.name for column in self.columns]

    @property
    def stored_schema(self) -> StructType:
        """Accepted rows as they lie in the warehouse: with the file they came from and the date of that file."""
        fields = [StructField(column.name, column.type) for column in self.columns]
        return StructType([*fields, StructField(FILE, StringType()), StructField(LOAD_DATE, DateType())])


@dataclass(frozen=True)
class DayColumn:
    table: str
    date: str


@dataclass(frozen=True)
class Fact:
    name: str
    period: str
    calendar: DayColumn
    dated: tuple[DayColumn, ...]
    """The tables whose rows belong to a day of the calendar: the flow and, where there is one, the stock."""
    sources: tuple[str, ...]
    columns: tuple[Column, ...]
    sql: str

    @property
    def schema(self) -> StructType:
        return StructType([StructField(column.name, column.type) for column in self.columns])


@dataclass(frozen=True)
class Contract:
    dataset: str
    version: str
    tables: tuple[Table, ...]
    fact: Fact

    def table(self, name: str) -> Table:
        return next(table for table in self.tables if table.name == name)


def _column(json_column: Mapping[str, Any]) -> Column:
    return Column(json_column["name"], DataType.fromDDL(json_column["type"]))


def _table(json_table: Mapping[str, Any]) -> Table:
    load = json_table["load"]
    if load not in ("delta", "snapshot"):
        raise UsageError(f"the contract loads {json_table['name']} as {load!r}, which this job does not know")
    columns = tuple(map(_column, json_table["columns"]))
    return Table(json_table["name"], load == "snapshot", columns, json_table["checkSql"])


def _fact(json_fact: Mapping[str, Any]) -> Fact:
    days = [json_fact["flow"], json_fact["stock"]]
    return Fact(
        name=json_fact["name"],
        period=json_fact["period"],
        calendar=DayColumn(json_fact["calendar"]["table"], json_fact["calendar"]["date"]),
        dated=tuple(DayColumn(day["table"], day["date"]) for day in days if day is not None),
        sources=tuple(json_fact["sources"]),
        columns=tuple(map(_column, json_fact["columns"])),
        sql=json_fact["sql"],
    )


def parse_contract(text: str) -> Contract:
    """Reads the generated artifact of a data set; needs a running session, as Spark itself reads the types."""
    try:
        contract = json.loads(text)
        tables = tuple(map(_table, contract["tables"]))
        return Contract(contract["dataset"], contract["contractVersion"], tables, _fact(contract["fact"]))
    except (json.JSONDecodeError, KeyError, TypeError) as error:
        raise UsageError(f"this is no contract of a data set: {type(error).__name__} {error}") from error
