"""The days that dumps of all days have changed, and those that each of them speaks of."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from sales_etl_spark.contract import GONE_DATE, LOAD_DATE, Table
from sales_etl_spark.job import Job
from sales_etl_spark.layout import gone_table
from sales_etl_spark.state import RunState

DaysByDate = dict[str, set[date]]


def changed_days(job: Job, state: RunState, table: Table) -> set[date]:
    """The days that have other rows than before, whichever dump each row came with."""
    days, names = state.changed_days[table.name], table.stored_names
    if not days:
        return set()

    def signed(rows: DataFrame, sign: int) -> DataFrame:
        return rows.where(F.col(table.day).cast("string").isin(days)).select(*names, F.lit(sign).alias("row_sign"))

    before = signed(job.catalog.read_snapshot(table.name, state.bases[table.name]), -1)
    both = before.unionAll(signed(job.catalog.read(table.name, state.branch), 1))
    other = both.groupBy(*names).agg(F.sum("row_sign").alias("row_sign")).where(F.col("row_sign") != 0)
    return {row[0] for row in other.select(table.day).distinct().collect()}


def told_days(job: Job, state: RunState, tables: Sequence[Table]) -> DaysByDate:
    """By date of this run the days of the rows that came or were gone with its dump, as it was and as it is now."""
    days: DaysByDate = defaultdict(set)
    for table in tables:
        for name, columns in ((table.name, [LOAD_DATE]), (gone_table(table.name), [LOAD_DATE, GONE_DATE])):
            before = job.catalog.read_snapshot(name, state.bases[name])
            rows = before.unionByName(job.catalog.read(name, state.branch))
            for column in columns:
                own = rows.where(F.col(column).isin(state.business_dates)).select(column, table.day).distinct()
                for one, day in own.collect():
                    days[str(one)].add(day)
    return days
