"""From accepted rows to the fact: only the periods that the loaded rows touch are computed."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import reduce

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from sales_etl_spark.contract import TOUCHED, DayColumn, Fact
from sales_etl_spark.errors import DataError
from sales_etl_spark.relations import run_sql

_DAYS_IN_MESSAGE = 10


def days_of(rows: DataFrame, dated: DayColumn) -> DataFrame:
    return rows.select(F.col(dated.date).alias("day")).distinct()


def collect_days(parts: Iterable[DataFrame]) -> list[date]:
    """Days are few, however many the rows are: a load brings one to three weeks of them a date."""
    return sorted(row[0] for row in reduce(DataFrame.union, parts).distinct().collect())


def periods_of(fact: Fact, days: Sequence[date], calendar: DataFrame) -> list[object]:
    """The periods that hold `days`. A day without a period would drop out of the fact without a word: an error."""
    day = F.col(fact.calendar.date)
    rows = calendar.where(day.isin(*days)).select(day.alias("day"), F.col(fact.period).alias("period")).collect()
    unknown = sorted(set(days) - {row["day"] for row in rows})
    if unknown:
        names = ", ".join(map(str, unknown[:_DAYS_IN_MESSAGE]))
        raise DataError("DAY_WITHOUT_PERIOD", f"{fact.calendar.table} lacks {len(unknown)} days with rows: {names}")
    return sorted({row["period"] for row in rows})


def compute_fact(
    spark: SparkSession, fact: Fact, sources: Mapping[str, DataFrame], periods: Sequence[object]
) -> DataFrame:
    """The fact's rows of `periods`, with the contract's columns and types and nothing else."""
    schema = fact.schema
    touched = sources[fact.calendar.table].select(fact.period).where(F.col(fact.period).isin(*periods)).distinct()
    rows = run_sql(spark, fact.sql, {**sources, TOUCHED: touched}).select(*schema.fieldNames())
    found = [(field.name, field.dataType) for field in rows.schema]
    expected = [(field.name, field.dataType) for field in schema]
    if found != expected:
        raise RuntimeError(f"the SQL of {fact.name} gives {found}, the contract says {expected}")
    return rows
