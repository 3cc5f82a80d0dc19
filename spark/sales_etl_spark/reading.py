"""The rows of landed files as they are: every column text, under its own name, whatever its place in the file."""

from collections import defaultdict
from collections.abc import Sequence
from functools import reduce

from pyspark.sql import DataFrame, SparkSession, Window
from pyspark.sql import functions as F

from sales_etl_spark.contract import BUSINESS_DATE, FILE, ORIGIN, Table
from sales_etl_spark.errors import DataError
from sales_etl_spark.landing import LandedFile

# RFC 4180: a quote inside a quoted field is doubled, and a quoted field may hold line ends. FAILFAST, as the default
# would fill up a short line with NULLs and drop the end of a long one.
CSV = {"header": True, "quote": '"', "escape": '"', "multiLine": True, "mode": "FAILFAST", "encoding": "UTF-8"}


POSITION = "_position"
"""Grows with the rows of a file, as each file is read by one task from its beginning to its end."""


def _header(spark: SparkSession, table: Table, landing: str, file: LandedFile) -> tuple[str, ...]:
    header = tuple(spark.read.options(**CSV).csv(f"{landing}/{file.key}").columns)
    if not header:
        raise DataError("FILE_EMPTY", f"{file.key} has no header", file.business_date)
    # Spark makes the second of two equal names another one, so that a doubled column shows as an extra one.
    names = [name.strip().lower() for name in header]
    missing = [name for name in table.column_names if name not in names]
    extra = [name for name in names if name not in table.column_names]
    if missing:
        lacks = f"the header of {file.key} lacks {', '.join(missing)}"
        raise DataError("HEADER_COLUMN_MISSING", lacks, file.business_date)
    if extra:
        has = f"the header of {file.key} has the unknown {', '.join(extra)}"
        raise DataError("HEADER_COLUMN_EXTRA", has, file.business_date)
    return header


def _rows_of_equal_headers(
    spark: SparkSession, table: Table, landing: str, header: tuple[str, ...], files: list[LandedFile]
) -> DataFrame:
    schema = ", ".join(f"`{name}` STRING" for name in header)
    # enforceSchema would take the columns of each file by position without a look at its header.
    reader = spark.read.options(**CSV, enforceSchema=False).schema(schema)
    columns = {name.strip().lower(): name for name in header}
    # The last place that looks like a key: the landing's own path may hold one, a key holds no second one.
    key = F.regexp_extract("_metadata.file_path", rf"^.*/({table.name}/dt=.*)$", 1)
    return reader.csv([f"{landing}/{file.key}" for file in files]).select(
        *[F.col(f"`{columns[name]}`").alias(name) for name in table.column_names],
        key.alias(FILE),
        F.regexp_extract(key, r"/dt=([^/]+)/", 1).alias(BUSINESS_DATE),
        F.monotonically_increasing_id().alias(POSITION),
    )


def _no_rows(spark: SparkSession, table: Table) -> DataFrame:
    texts = [F.lit(None).cast("string").alias(name) for name in [*table.column_names, FILE, BUSINESS_DATE]]
    return spark.range(0).select(*texts, F.col("id").alias(POSITION))


def read_raw(spark: SparkSession, table: Table, landing: str, files: Sequence[LandedFile]) -> DataFrame:
    """The files of one table, read together where their headers are equal: a plan does not grow with the dates."""
    by_header: dict[tuple[str, ...], list[LandedFile]] = defaultdict(list)
    for file in files:
        by_header[_header(spark, table, landing, file)].append(file)
    parts = [_rows_of_equal_headers(spark, table, landing, header, group) for header, group in by_header.items()]
    return reduce(DataFrame.unionByName, parts) if parts else _no_rows(spark, table)


def without_origin(raw: DataFrame) -> DataFrame:
    return raw.drop(POSITION).withColumn(ORIGIN, F.lit(None).cast("int"))


def with_origin(table: Table, raw: DataFrame) -> DataFrame:
    """Each row with the physical line on which it begins and its texts: a sort of whole files, so only where needed."""
    line_ends = F.lit(0)
    for name in table.column_names:
        text = F.coalesce(F.col(name), F.lit(""))
        line_ends = line_ends + F.length(text) - F.length(F.replace(text, F.lit("\n"), F.lit("")))
    before = Window.partitionBy(FILE).orderBy(POSITION).rowsBetween(Window.unboundedPreceding, -1)
    # The header is line 1, and every row before this one took one line and those inside its quotes.
    line = F.lit(2) + F.count(F.lit(1)).over(before) + F.coalesce(F.sum(line_ends).over(before), F.lit(0))
    texts = F.create_map(*[part for name in table.column_names for part in (F.lit(name), F.col(name))])
    return raw.withColumn(ORIGIN, F.struct(line.alias("line"), texts.alias("texts"))).drop(POSITION)
