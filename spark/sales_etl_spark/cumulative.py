"""Dumps of all days up to the date: which days say something else than what is loaded."""

from pyspark.sql import DataFrame, SparkSession

from sales_etl_spark.contract import LOAD_DATE, Table
from sales_etl_spark.relations import run_sql


def changed_days(spark: SparkSession, table: Table, before: DataFrame, now: DataFrame) -> list[str]:
    """Sorted. Rows are compared whole, and by how often each stands there: repeated lines are data.

    Days before the first of `now` stay as they are: the source keeps no longer than that.
    """
    if table.cumulative is None or table.day is None:
        raise RuntimeError(f"{table.name} does not come as dumps of all days")
    relations = {
        table.cumulative.known: before.select(*table.stored_names, LOAD_DATE),
        table.cumulative.dump: now.select(*table.stored_names),
    }
    rows = run_sql(spark, table.cumulative.sql, relations).select(table.day).distinct().collect()
    return sorted(str(row[0]) for row in rows)
