"""Dumps of all days up to the date: which days say something else than what is loaded."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from sales_etl_spark.contract import Table


def _prints(table: Table, rows: DataFrame) -> DataFrame:
    """By day the number of rows and two sums of 64-bit hashes: equal for equal rows in whatever order."""
    forward, backward = F.xxhash64(*table.column_names), F.xxhash64(F.lit(1), *reversed(table.column_names))

    def total(hashes: Column) -> Column:
        return F.sum(hashes.cast("decimal(38,0)"))

    return rows.groupBy(F.col(table.day).alias("day")).agg(
        F.struct(F.count(F.lit(1)).alias("rows"), total(forward).alias("one"), total(backward).alias("two")).alias(
            "print"
        )
    )


def changed_days(table: Table, before: DataFrame, now: DataFrame) -> list[str]:
    """Sorted. Days before the first of `now` stay as they are: the source keeps no longer than that."""
    first = now.agg(F.min(table.day)).first()[0]
    if first is None:
        return []
    old = _prints(table, before.where(F.col(table.day) >= F.lit(first))).withColumnRenamed("print", "old")
    both = _prints(table, now).join(old, on="day", how="full_outer")
    rows = both.where(~F.col("print").eqNullSafe(F.col("old"))).select("day").collect()
    return sorted(str(row["day"]) for row in rows)
