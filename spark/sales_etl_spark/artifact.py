"""Reads the artifact that is generated from a data set's contract."""

import json
from collections.abc import Mapping
from typing import Any

from pyspark.sql.types import DataType

from sales_etl_spark.contract import (
    Column,
    Contract,
    Cumulative,
    DayColumn,
    Dimension,
    Fact,
    History,
    Operations,
    Plain,
    QualityCheck,
    Shared,
    Table,
    View,
)
from sales_etl_spark.errors import UsageError

FORMAT = 9
"""Of the artifact; another one is not read."""

LOADS = ("delta", "snapshot", "cumulative")
DRIFTS = ("reject", "ignore", "keep")


def _column(json_column: Mapping[str, Any]) -> Column:
    type_ = DataType.fromDDL(json_column["type"])
    return Column(json_column["name"], type_, json_column["nullable"], json_column["comment"])


def _cumulative(json_cumulative: Mapping[str, Any]) -> Cumulative:
    texts = json_cumulative["changesSql"], json_cumulative["historySql"]
    return Cumulative(*texts, relations=json_cumulative["relations"])


def _table(json_table: Mapping[str, Any]) -> Table:
    load = json_table["load"]
    if load not in LOADS:
        raise UsageError(f"the contract loads {json_table['name']} as {load!r}, which this job does not know")
    if json_table["drift"] not in DRIFTS:
        raise UsageError(f"this job does not know what {json_table['drift']!r} does with unknown columns")
    dated = json_table["dated"]
    return Table(
        name=json_table["name"],
        load=load,
        columns=tuple(map(_column, json_table["columns"])),
        carried=tuple(map(_column, json_table["carried"])),
        key=tuple(json_table["key"]),
        day=None if dated is None else dated["column"],
        lateness=0 if dated is None else dated["lateness"],
        tolerance=json_table["tolerance"],
        freshness=json_table["freshness"],
        drift=json_table["drift"],
        cumulative=None if json_table["cumulative"] is None else _cumulative(json_table["cumulative"]),
        check_sql=json_table["checkSql"],
        plain=None if json_table["plain"] is None else Plain(**json_table["plain"]),
        messages=json_table["messages"],
    )


def _dimension(json_dimension: Mapping[str, Any]) -> Dimension:
    history = json_dimension["history"]
    return Dimension(
        name=json_dimension["name"],
        table=json_dimension["table"],
        title=json_dimension["title"],
        key=tuple(json_dimension["key"]),
        columns=tuple(map(_column, json_dimension["columns"])),
        history=None if history is None else History(**history),
    )


def _operations(json_operations: Mapping[str, Any]) -> Operations:
    columns = tuple(map(_column, json_operations["columns"]))
    return Operations(json_operations["name"], json_operations["title"], json_operations["partition"], columns)


def _view(json_view: Mapping[str, Any]) -> View:
    columns = tuple(map(_column, json_view["columns"]))
    return View(json_view["name"], json_view["title"], tuple(json_view["reads"]), columns, json_view["sql"])


def _check(json_check: Mapping[str, Any]) -> QualityCheck:
    over = json_check["over"]
    return QualityCheck(**{**json_check, "over": None if over is None else Shared(**over)})


def _fact(json_fact: Mapping[str, Any]) -> Fact:
    days = [json_fact["flow"], json_fact["stock"]]
    return Fact(
        name=json_fact["name"],
        period=json_fact["period"],
        keys=tuple(json_fact["keys"]),
        calendar=DayColumn(json_fact["calendar"]["table"], json_fact["calendar"]["date"]),
        dated=tuple(DayColumn(day["table"], day["date"]) for day in days if day is not None),
        sources=tuple(json_fact["sources"]),
        columns=tuple(map(_column, json_fact["columns"])),
        sql=json_fact["sql"],
        candidate=json_fact["candidate"],
        checks=tuple(map(_check, json_fact["checks"])),
    )


def parse_contract(text: str, version: str | None = None) -> Contract:
    """Reads the generated artifact; needs a running session, as Spark itself reads the types.

    `version` is what the caller was made with: an artifact of another one would load rows under other rules.
    """
    try:
        contract = json.loads(text)
        if contract["format"] != FORMAT:
            raise UsageError(f"the contract has the format {contract['format']!r}, this job reads {FORMAT}")
        tables = tuple(map(_table, contract["tables"]))
        dimensions = tuple(map(_dimension, contract["dimensions"]))
        fact = _fact(contract["fact"])
        operations = tuple(map(_operations, contract["operations"]))
        views = tuple(map(_view, contract["views"]))
        parsed = Contract(contract["dataset"], contract["contractVersion"], tables, dimensions, operations, views, fact)
    except (json.JSONDecodeError, KeyError, TypeError) as error:
        raise UsageError(f"this is no contract of a data set: {type(error).__name__} {error}") from error
    if version is not None and parsed.version != version:
        raise UsageError(
            f"the contract is of version {parsed.version}, the run was started for {version}: deploy both together"
        )
    return parsed
