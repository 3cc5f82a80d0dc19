"""The rows of landed files as they are: every column text, under its own name, whatever its place in the file."""

from collections import defaultdict
from collections.abc import Sequence
from functools import reduce

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from sales_etl_spark.contract import BUSINESS_DATE, FILE, Table
from sales_etl_spark.errors import DataError
from sales_etl_spark.landing import LandedFile

# RFC 4180: a quote inside a quoted field is doubled, and a quoted field may hold line ends. FAILFAST, as the default
# would fill up a short line with NULLs and drop the end of a long one.
CSV = {"header": True, "quote": '"', "escape": '"', "multiLine": True, "mode": "FAILFAST", "encoding": "UTF-8"}


def _header(spark: SparkSession, table: Table, landing: str, file: LandedFile) -> tuple[str, ...]:
    header = tuple(spark.read.options(**CSV).csv(f"{landing}/{file.key}").columns)
    if not header:
        raise DataError("FILE_EMPTY", f"{file.key} has no header")
    # Spark makes the second of two equal names another one, so that a doubled column shows as an extra one.
    names = [name.strip().lower() for name in header]
    missing = [name for name in table.column_names if name not in names]
    extra = [name for name in names if name not in table.column_names]
    if missing:
        raise DataError("HEADER_COLUMN_MISSING", f"the header of {file.key} lacks {', '.join(missing)}")
    if extra:
        raise DataError("HEADER_COLUMN_EXTRA", f"the header of {file.key} has the unknown {', '.join(extra)}")
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
    )


def read_raw(spark: SparkSession, table: Table, landing: str, files: Sequence[LandedFile]) -> DataFrame:
    """The files of one table, read together where their headers are equal: a plan does not grow with the dates."""
    by_header: dict[tuple[str, ...], list[LandedFile]] = defaultdict(list)
    for file in files:
        by_header[_header(spark, table, landing, file)].append(file)
    parts = [_rows_of_equal_headers(spark, table, landing, header, group) for header, group in by_header.items()]
    return reduce(DataFrame.unionByName, parts)
