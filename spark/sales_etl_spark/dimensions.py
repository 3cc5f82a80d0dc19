"""The dimensions: with history a pure function of all snapshots, computed again from the first date that changed."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from sales_etl_spark.contract import LOAD_DATE, Dimension, History, Table
from sales_etl_spark.job import Job
from sales_etl_spark.relations import run_sql
from sales_etl_spark.state import RunState


def current_rows(table: Table, rows: DataFrame) -> DataFrame:
    """All rows; of a table that comes whole each time, those of its newest date."""
    if not table.is_snapshot:
        return rows
    newest = rows.agg(F.max(LOAD_DATE)).first()[0]
    return rows.where(F.col(LOAD_DATE) == F.lit(newest))


def _versions(job: Job, state: RunState, dimension: Dimension, history: History) -> DataFrame:
    """What held before the first loaded date stays; from it on every snapshot is looked at again."""
    rows = job.catalog.read(dimension.table, state.branch)
    first = F.lit(state.business_dates[0]).cast("date")
    # A date that brings no snapshot any more gives its days back to the one before.
    before = rows.where(F.col(LOAD_DATE) < first).agg(F.max(LOAD_DATE)).first()[0]
    snapshots = rows.where(F.col(LOAD_DATE) >= (first if before is None else F.lit(before)))
    snapshots = snapshots.withColumnRenamed(LOAD_DATE, history.day)
    relations = {
        history.versions: job.catalog.read_snapshot(dimension.name, state.bases[dimension.name]),
        history.days: snapshots.select(history.day).distinct(),
        history.snapshots: snapshots,
    }
    return run_sql(job.spark, history.sql, relations)


def write_dimensions(job: Job, state: RunState) -> None:
    for dimension in job.contract.dimensions:
        table = job.contract.table(dimension.table)
        if dimension.history is None:
            rows = current_rows(table, job.catalog.read(table.name, state.branch))
        else:
            rows = _versions(job, state, dimension, dimension.history)
        names = [column.name for column in dimension.columns]
        job.catalog.overwrite(dimension.name, state.branch, rows.select(*names), F.lit(True))
        job.at(f"loaded:{dimension.name}")
