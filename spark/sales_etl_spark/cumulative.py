"""Dumps of all days up to their date: what each says, in whatever order they come.

Of every row it is known with which dump it came and in which it was gone (`<table>_gone`). A dump that comes late or
again changes only what was said from its date to the next dump that speaks of the row's day: no dump is kept whole or
read again.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from pyspark import StorageLevel
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import Row

from sales_etl_spark.catalog import in_list
from sales_etl_spark.contract import GONE_DATE, LOAD_DATE, SOURCE_FILE, Table
from sales_etl_spark.job import Job
from sales_etl_spark.layout import gone_table
from sales_etl_spark.noted import noted_dumps
from sales_etl_spark.relations import named, run_sql

_EVER = "0001-01-01"
_NOW = "dump_dt date, since_dt date, since_before_dt date"
_DAYS = "dump_dt date, next_dump_dt date"

Days = Mapping[date, str | None]


@dataclass(frozen=True)
class TakenDumps:
    since: Mapping[str, str]
    """By date the first day that its dump speaks of; one without a row says nothing."""
    days: Sequence[str]
    """The days whose rows may be others now, sorted."""


def _literal(spark: SparkSession, schema: str, rows: Sequence[Mapping[str, str | None]]) -> DataFrame:
    # Unlike createDataFrame, this starts no Python on the cluster.
    parsed = F.from_json(F.lit(json.dumps(rows)), f"array<struct<{schema}>>")
    return spark.range(1).select(F.inline(parsed))


def _first_days(table: Table, rows: DataFrame) -> dict[str, str]:
    found = rows.groupBy(LOAD_DATE).agg(F.min(table.day)).collect()
    return {str(load_date): str(first) for load_date, first in found}


def _replace(job: Job, name: str, branch: str, day: str, days: Sequence[date], rows: DataFrame | None) -> None:
    """Makes `rows` all there is of some days."""
    if not job.catalog.read(name, branch).where(F.col(day).isin(*days)).isEmpty():
        job.catalog.delete(name, branch, f"{day} IN ({in_list(days)})")
    if rows is not None:
        job.catalog.append(name, branch, rows)


def _rewrite(job: Job, table: Table, branch: str, known: DataFrame, changes: DataFrame, one: str, days: Days) -> None:
    """Writes the history of the rows of some days, what is there and what is gone."""
    sql, day = table.cumulative, table.day
    told = [{day: str(own), "dump_dt": one, "next_dump_dt": next_dump} for own, next_dump in days.items()]
    by_role = {"known": known, "changes": changes, "days": _literal(job.spark, f"{day} date, {_DAYS}", told)}
    relations = {sql.relations[name]: relation for name, relation in by_role.items()}
    with named(job.spark, relations):
        history = job.spark.sql(sql.history_sql).persist(StorageLevel.MEMORY_AND_DISK)
        try:
            is_gone = F.col(GONE_DATE).isNotNull()
            there, gone = history.agg(F.count_if(~is_gone), F.count_if(is_gone)).first()
            columns = [*table.stored_names, SOURCE_FILE, LOAD_DATE]
            rows = history.where(~is_gone).select(*columns) if there else None
            _replace(job, table.name, branch, day, list(days), rows)
            rows = history.where(is_gone).select(*columns, GONE_DATE) if gone else None
            _replace(job, gone_table(table.name), branch, day, list(days), rows)
        finally:
            history.unpersist()


def _take(
    job: Job, table: Table, branch: str, rows: DataFrame, now: Mapping[str, str | None], newer: Mapping[str, str]
) -> Days:
    """Takes the accepted rows of one dump in. `newer`: by date the first day of each newer one.

    The days on which something is known otherwise than before, each with the next dump that speaks of it: where there
    is none, the day has other rows than before.
    """
    sql, day = table.cumulative, table.day
    if sql is None or day is None:
        raise RuntimeError(f"{table.name} does not come as dumps of all days")
    columns = [*table.stored_names, SOURCE_FILE, LOAD_DATE]
    # By snapshot: what is read stays what it was while the tables are written.
    snapshots = {name: job.catalog.snapshot(name, branch) for name in (table.name, gone_table(table.name))}
    there, gone = (job.catalog.read_snapshot(name, snapshot) for name, snapshot in snapshots.items())
    there = there.select(*columns, F.lit(None).cast("date").alias(GONE_DATE))
    known = there.unionAll(gone.select(*columns, GONE_DATE))
    by_role = {
        "known": known,
        "dump": rows.select(*table.stored_names, SOURCE_FILE),
        "now": _literal(job.spark, _NOW, [now]),
    }
    relations = {sql.relations[name]: relation for name, relation in by_role.items()}
    changes = run_sql(job.spark, sql.changes_sql, relations).persist(StorageLevel.MEMORY_AND_DISK)
    try:
        changed = sorted(row[0] for row in changes.select(day).distinct().collect())
        days = {own: min((dump for dump, since in newer.items() if since <= str(own)), default=None) for own in changed}
        if days:
            _rewrite(job, table, branch, known, changes, str(now["dump_dt"]), days)
        return days
    finally:
        changes.unpersist()


@contextmanager
def _plain_planning(spark: SparkSession) -> Iterator[None]:
    """Spark infers from each condition what else must hold, for every name that a column ever had.

    Over the steps of a history these multiply: minutes of planning for a table of twenty columns.
    """
    name = "spark.sql.constraintPropagation.enabled"
    usual = spark.conf.get(name)
    spark.conf.set(name, "false")
    try:
        yield
    finally:
        spark.conf.set(name, usual)


def take_dumps(
    job: Job, table: Table, branch: str, rows: DataFrame, dates: Sequence[str], receipts: Mapping[str, Row]
) -> TakenDumps:
    """Takes what some dates say in, the oldest first.

    `rows`: the accepted ones of all of `dates`; `receipts`: by date what main has of it.
    """
    noted = noted_dumps(receipts)
    known = {day: said[table.name] for day, said in noted.items() if said and table.name in said}
    first_days = _first_days(table, rows)
    open_days: set[date] = set()
    for one in dates:
        since = first_days.get(one)
        # What came with a date in another way than as a dump is taken back, whatever its days.
        before = known.pop(one, _EVER if one in receipts else None)
        if since is None and before is None:
            continue
        now = {"dump_dt": one, "since_dt": since, "since_before_dt": before}
        newer = {other: first for other, first in known.items() if other > one}
        own = rows.where(F.col(LOAD_DATE) == F.lit(one).cast("date"))
        with _plain_planning(job.spark):
            days = _take(job, table, branch, own, now, newer)
        open_days |= {day for day, next_dump in days.items() if next_dump is None}
        job.log.write("dump_taken", table=table.name, businessDate=one, since=since, days=len(days))
        if since is not None:
            known[one] = since
    return TakenDumps(first_days, sorted(map(str, open_days)))
