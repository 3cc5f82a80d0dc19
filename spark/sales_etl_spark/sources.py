"""The relations that the fact and its checks are computed from."""

from collections.abc import Sequence
from datetime import date, timedelta

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from sales_etl_spark.contract import LOAD_DATE, Fact
from sales_etl_spark.dimensions import current_rows
from sales_etl_spark.job import Job
from sales_etl_spark.state import RunState


def sources_of(job: Job, state: RunState) -> dict[str, DataFrame]:
    """The tables under the names of the fact's SQL, without the rows that cannot lie in the touched periods."""
    fact = job.contract.fact
    calendar = job.contract.table(fact.calendar.table)
    days = current_rows(calendar, job.catalog.read(calendar.name, state.branch))
    span = days.where(F.col(fact.period).isin(state.all_periods)).agg(
        F.min(fact.calendar.date), F.max(fact.calendar.date)
    )
    first, last = span.first()
    loaded = [date.fromisoformat(day) for day in state.business_dates]
    snapshots = [table for table in job.contract.tables if table.is_snapshot and table.name != calendar.name]
    sources = {table.name: current_rows(table, job.catalog.read(table.name, state.branch)) for table in snapshots}
    sources[calendar.name] = days
    for table in (job.contract.table(dated.table) for dated in fact.dated):
        rows = job.catalog.read(table.name, state.branch)
        if table.load != "cumulative" and table.day is not None and first is not None:
            # A file dated `d` has rows of the days from `d - lateness` to `d`: whole partitions are left out. Rows that
            # were taken when they could come later than now are told by their own day.
            earliest, latest = min(first, *loaded), max(last + timedelta(days=table.lateness), *loaded)
            in_time, of_the_days = F.col(LOAD_DATE) <= F.lit(latest), F.col(table.day) <= F.lit(last)
            rows = rows.where((F.col(LOAD_DATE) >= F.lit(earliest)) & (in_time | of_the_days))
        sources[table.name] = rows
    return sources


def touched(fact: Fact, calendar: DataFrame, periods: Sequence[object]) -> DataFrame:
    return calendar.select(fact.period).where(F.col(fact.period).isin(*periods)).distinct()
