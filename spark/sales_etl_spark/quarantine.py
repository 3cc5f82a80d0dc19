"""Rejected rows as people look for them: file, line, column, value, code. Only files that have any are read again."""

from collections.abc import Mapping, Sequence

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from sales_etl_spark.checking import is_rejected, judge
from sales_etl_spark.contract import BUSINESS_DATE, FILE, ORIGIN, PROBLEMS, Table
from sales_etl_spark.header import Header
from sales_etl_spark.landing import LandedFile
from sales_etl_spark.reading import read_raw, with_origin

LONGEST_VALUE = 200
"""Of a value as it is shown; the line leads to all of it."""

_KEY_PARTS = "+"


def quarantine_rows(
    spark: SparkSession,
    table: Table,
    landing: str,
    files: Sequence[LandedFile],
    headers: Mapping[str, Header],
    run_id: str,
) -> DataFrame:
    """One row a fault of the rows of `files`, which are those with rejects."""
    judged = judge(spark, table, with_origin(table, read_raw(spark, table, landing, files, headers)))
    fault = F.explode(F.split(PROBLEMS, ";"))
    faults = judged.where(is_rejected()).select(FILE, BUSINESS_DATE, ORIGIN, fault.alias("fault"))
    texts = F.col(f"{ORIGIN}.texts")
    column = F.substring_index("fault", "=", 1)
    # A fault of a key names all of its columns.
    values = F.transform(F.split(column, rf"[{_KEY_PARTS}]"), lambda name: F.coalesce(texts[name], F.lit("")))
    value = F.array_join(values, "|")
    shown = F.when(F.length(value) > LONGEST_VALUE, F.concat(F.substring(value, 1, LONGEST_VALUE), F.lit("…")))
    messages = F.create_map(*[F.lit(part) for pair in table.messages.items() for part in pair])
    return faults.select(
        F.to_date(BUSINESS_DATE).alias("business_date"),
        F.lit(run_id).alias("run_id"),
        F.lit(table.name).alias("table_name"),
        F.col(FILE).alias("file_name"),
        F.col(f"{ORIGIN}.line").cast("bigint").alias("line_num"),
        column.alias("column_name"),
        F.substring_index("fault", "=", -1).alias("problem_code"),
        F.coalesce(shown, value).alias("field_value"),
        messages[F.col("fault")].alias("message"),
    )
