"""From accepted rows to the fact: only the periods that the loaded rows touch are computed."""

from collections.abc import Iterable, Mapping

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import StructType

from sales_etl_spark.contract import TOUCHED, DayColumn, Fact
from sales_etl_spark.errors import DataError
from sales_etl_spark.relations import run_sql

DAY = "day"
_DAYS_IN_MESSAGE = 10


def days_of(rows: DataFrame, dated: DayColumn) -> DataFrame:
    return rows.select(F.col(dated.date).alias(DAY)).distinct()


def require_known_days(fact: Fact, days: DataFrame, calendar: DataFrame) -> None:
    """A day without a period would drop out of the fact without a word."""
    known = calendar.select(F.col(fact.calendar.date).alias(DAY))
    unknown = [str(row[DAY]) for row in days.join(known, on=DAY, how="left_anti").orderBy(DAY).take(_DAYS_IN_MESSAGE)]
    if unknown:
        raise DataError("DAY_WITHOUT_PERIOD", f"{fact.calendar.table} has no row for {', '.join(unknown)}")


def touched_periods(fact: Fact, days: DataFrame, calendar: DataFrame) -> DataFrame:
    """One row per period that holds any of `days`."""
    in_calendar = days.withColumnRenamed(DAY, fact.calendar.date)
    return (
        calendar.join(F.broadcast(in_calendar), on=fact.calendar.date, how="left_semi").select(fact.period).distinct()
    )


def compute_fact(
    spark: SparkSession, fact: Fact, sources: Mapping[str, DataFrame], periods: Iterable[object]
) -> DataFrame:
    """The fact's rows of `periods`, with the contract's columns and types and nothing else."""
    schema = fact.schema
    touched = spark.createDataFrame([(period,) for period in periods], StructType([schema[fact.period]]))
    rows = run_sql(spark, fact.sql, {**sources, TOUCHED: touched}).select(*schema.fieldNames())
    found = [(field.name, field.dataType) for field in rows.schema]
    expected = [(field.name, field.dataType) for field in schema]
    if found != expected:
        raise RuntimeError(f"the SQL of {fact.name} gives {found}, the contract says {expected}")
    return rows
