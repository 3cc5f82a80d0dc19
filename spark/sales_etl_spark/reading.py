"""The rows of landed files as they are: every column text, under its own name, whatever its place in the file."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import reduce
from itertools import accumulate, repeat
from operator import add

from pyspark.sql import Column, DataFrame, SparkSession, Window
from pyspark.sql import functions as F
from pyspark.sql.types import StringType, StructField, StructType

from sales_etl_spark.catalog import quoted
from sales_etl_spark.contract import BUSINESS_DATE, FILE, ORIGIN, Table
from sales_etl_spark.extra import extra_columns
from sales_etl_spark.facts import row_facts
from sales_etl_spark.header import Header, names_of
from sales_etl_spark.landing import LandedFile
from sales_etl_spark.plain import date_of, key_of

# RFC 4180: a quote inside a quoted field is doubled, and a quoted field may hold line ends. A line with other fields
# than its header is kept as a text, too: without it Spark would fill up short lines and drop the end of long ones.
RAGGED = "_ragged"
CSV = {
    "header": True,
    "quote": '"',
    "escape": '"',
    "multiLine": True,
    "mode": "PERMISSIVE",
    "encoding": "UTF-8",
}

POSITION = "_position"
"""Grows with the rows of a file, as each file is read by one task from its beginning to its end."""

LINE_ENDS = "_line_ends"
"""How many lines a row takes beyond its first, in whichever of its columns, also in those that nobody asks for."""


def _line_ends(header: Header) -> Column:
    count = F.lit(0)
    for name in header:
        text = F.coalesce(F.col(quoted(name)), F.lit(""))
        count = count + F.length(text) - F.length(F.replace(text, F.lit("\n"), F.lit("")))
    return count


def _rows_of_equal_headers(
    spark: SparkSession, table: Table, landing: str, header: Header, files: list[LandedFile], with_facts: bool
) -> DataFrame:
    columns = dict(zip(names_of(header), header, strict=True))
    # A source may call its columns whatever it likes.
    ragged = next(name for name in accumulate(repeat(RAGGED), add) if name not in columns)
    schema = StructType([StructField(name, StringType()) for name in [*header, ragged]])
    # enforceSchema would take the columns of each file by position without a look at its header.
    options = {**CSV, "enforceSchema": False, "columnNameOfCorruptRecord": ragged}
    rows = spark.read.options(**options).schema(schema).csv([f"{landing}/{file.key}" for file in files])
    key = key_of(table, rows.metadataColumn("_metadata").getField("file_path"))
    position = F.monotonically_increasing_id()
    facts = row_facts(table, columns, ragged, position) if with_facts else F.col(ragged).isNotNull()
    return rows.select(
        *[F.col(quoted(columns[name])).alias(name) for name in table.column_names],
        *[extra_columns(table, columns).alias(name) for name in table.carried_names],
        key.alias(FILE),
        date_of(table, key).alias(BUSINESS_DATE),
        facts.alias(ORIGIN),
        position.alias(POSITION),
        _line_ends(header).alias(LINE_ENDS),
    )


def _no_rows(spark: SparkSession, table: Table) -> DataFrame:
    texts = [F.lit(None).cast("string").alias(name) for name in [*table.stored_names, FILE, BUSINESS_DATE]]
    return spark.range(0).select(
        *texts, F.lit(False).alias(ORIGIN), F.col("id").alias(POSITION), F.lit(0).alias(LINE_ENDS)
    )


def read_raw(
    spark: SparkSession,
    table: Table,
    landing: str,
    files: Sequence[LandedFile],
    headers: Mapping[str, Header],
    with_facts: bool = False,
) -> DataFrame:
    """The files of one table, read together where their headers are equal: a plan does not grow with the dates.

    Each row with whether its line has the fields of the header; `with_facts` with all that `facts` looks at instead.
    """
    by_header: dict[Header, list[LandedFile]] = defaultdict(list)
    for file in files:
        by_header[headers[file.key]].append(file)
    parts = [
        _rows_of_equal_headers(spark, table, landing, header, group, with_facts) for header, group in by_header.items()
    ]
    return reduce(DataFrame.unionByName, parts) if parts else _no_rows(spark, table)


def without_place(raw: DataFrame) -> DataFrame:
    return raw.drop(POSITION, LINE_ENDS)


def rows_before_fault(raw: DataFrame, file: str) -> tuple[int, int]:
    """Of a file with a row out of place: how many rows stand before the first one, and the physical line of that one.

    In one plan: where files are left out, rows have other positions.
    """
    of_file = raw.where(F.col(FILE) == file)
    is_fault = F.col(f"{ORIGIN}.out_of_place").isNotNull()
    first = F.min(F.when(is_fault, F.col(POSITION))).over(Window.partitionBy(FILE))
    before = of_file.withColumn("_first", first).where(F.col(POSITION) < F.col("_first"))
    rows, line_ends = before.agg(F.count(F.lit(1)), F.sum(LINE_ENDS)).first()
    return rows, 2 + rows + (line_ends or 0)


def with_origin(table: Table, raw: DataFrame) -> DataFrame:
    """Each row with the physical line on which it begins and its texts: a sort of whole files, so only where needed."""
    before = Window.partitionBy(FILE).orderBy(POSITION).rowsBetween(Window.unboundedPreceding, -1)
    # The header is line 1, and every row before this one took one line and those inside its quotes.
    line = F.lit(2) + F.count(F.lit(1)).over(before) + F.coalesce(F.sum(LINE_ENDS).over(before), F.lit(0))
    texts = F.create_map(*[part for name in table.column_names for part in (F.lit(name), F.col(name))])
    return raw.withColumn(ORIGIN, F.struct(line.alias("line"), texts.alias("texts"))).drop(POSITION, LINE_ENDS)
