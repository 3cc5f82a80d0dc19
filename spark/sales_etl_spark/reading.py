"""The rows of landed files as they are: every column text, under its own name, whatever its place in the file."""

import csv
import io
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import reduce

from py4j.protocol import Py4JJavaError
from pyspark.sql import Column, DataFrame, SparkSession, Window
from pyspark.sql import functions as F

from sales_etl_spark.catalog import quoted
from sales_etl_spark.contract import BUSINESS_DATE, FILE, ORIGIN, Table
from sales_etl_spark.errors import DataError
from sales_etl_spark.landing import LandedFile
from sales_etl_spark.storage import Storage

# RFC 4180: a quote inside a quoted field is doubled, and a quoted field may hold line ends. A line with other fields
# than its header is kept as a text, too: without it Spark would fill up short lines and drop the end of long ones.
RAGGED = "_ragged"
CSV = {
    "header": True,
    "quote": '"',
    "escape": '"',
    "multiLine": True,
    "mode": "PERMISSIVE",
    "columnNameOfCorruptRecord": RAGGED,
    "encoding": "UTF-8",
}

POSITION = "_position"
"""Grows with the rows of a file, as each file is read by one task from its beginning to its end."""

LINE_ENDS = "_line_ends"
"""How many lines a row takes beyond its first, in whichever of its columns, also in those that nobody asks for."""

LONGEST_HEADER = 1024 * 1024
_USUAL_HEADER = 8 * 1024

Header = tuple[str, ...]


def _fields(head: bytes) -> list[str] | None:
    """Of the first line; None where it is not all there."""
    text = head.decode("utf-8-sig", errors="replace")
    rows = csv.reader(io.StringIO(text, newline=""))
    first = next(rows, [])
    is_whole = next(rows, None) is not None or text.endswith(("\n", "\r"))
    return first if is_whole else None


def _first_line(storage: Storage, uri: str) -> list[str]:
    """Asked of the file itself: a query of Spark's for each file would take longer than the files of a usual day."""
    for size in (_USUAL_HEADER, LONGEST_HEADER):
        head = storage.read_head(uri, size)
        fields = _fields(head)
        if fields is not None:
            return fields
        if len(head) < size:
            # The whole file is one line without an end.
            return next(csv.reader(io.StringIO(head.decode("utf-8-sig", errors="replace"), newline="")), [])
    raise ValueError(f"the first line has more than {LONGEST_HEADER} bytes")


def read_header(storage: Storage, table: Table, landing: str, file: LandedFile) -> Header:
    """The names as they stand in the file; raises DataError where they are not those of the contract."""
    try:
        header = tuple(_first_line(storage, f"{landing}/{file.key}"))
    except (Py4JJavaError, ValueError, csv.Error) as error:
        why = error.java_exception.getMessage() if isinstance(error, Py4JJavaError) else error
        has = f"the beginning of {file.key} cannot be read: {why}"
        raise DataError("FILE_UNREADABLE", has, file.business_date) from error
    if not header:
        raise DataError("FILE_EMPTY", f"{file.key} has no header", file.business_date)
    names = [name.strip().lower() for name in header]
    missing = [name for name in table.column_names if name not in names]
    extra = [f"column {place} without a name" for place, name in enumerate(names, start=1) if name == ""]
    if table.drift == "reject":
        extra += [name for name in names if name != "" and name not in table.column_names]
    twice = sorted({name for name in names if names.count(name) > 1})
    if missing:
        lacks = f"the header of {file.key} lacks {', '.join(missing)}"
        raise DataError("HEADER_COLUMN_MISSING", lacks, file.business_date)
    if twice:
        raise DataError("HEADER_COLUMN_TWICE", f"the header of {file.key} names {twice[0]} twice", file.business_date)
    if extra:
        has = f"the header of {file.key} has the unknown {', '.join(extra)}"
        raise DataError("HEADER_COLUMN_EXTRA", has, file.business_date)
    return header


def _line_ends(header: Header) -> Column:
    count = F.lit(0)
    for name in header:
        text = F.coalesce(F.col(quoted(name)), F.lit(""))
        count = count + F.length(text) - F.length(F.replace(text, F.lit("\n"), F.lit("")))
    return count


def _rows_of_equal_headers(
    spark: SparkSession, table: Table, landing: str, header: Header, files: list[LandedFile]
) -> DataFrame:
    schema = ", ".join(f"{quoted(name)} STRING" for name in [*header, RAGGED])
    # enforceSchema would take the columns of each file by position without a look at its header.
    reader = spark.read.options(**CSV, enforceSchema=False).schema(schema)
    columns = {name.strip().lower(): name for name in header}
    # The last place that looks like a key: the landing's own path may hold one, a key holds no second one.
    key = F.regexp_extract("_metadata.file_path", rf"^.*/({table.name}/dt=.*)$", 1)
    return reader.csv([f"{landing}/{file.key}" for file in files]).select(
        *[F.col(quoted(columns[name])).alias(name) for name in table.column_names],
        key.alias(FILE),
        F.regexp_extract(key, r"/dt=([^/]+)/", 1).alias(BUSINESS_DATE),
        F.col(RAGGED).isNotNull().alias(RAGGED),
        F.monotonically_increasing_id().alias(POSITION),
        _line_ends(header).alias(LINE_ENDS),
    )


def _no_rows(spark: SparkSession, table: Table) -> DataFrame:
    texts = [F.lit(None).cast("string").alias(name) for name in [*table.column_names, FILE, BUSINESS_DATE]]
    return spark.range(0).select(
        *texts, F.lit(False).alias(RAGGED), F.col("id").alias(POSITION), F.lit(0).alias(LINE_ENDS)
    )


def read_raw(
    spark: SparkSession, table: Table, landing: str, files: Sequence[LandedFile], headers: Mapping[str, Header]
) -> DataFrame:
    """The files of one table, read together where their headers are equal: a plan does not grow with the dates."""
    by_header: dict[Header, list[LandedFile]] = defaultdict(list)
    for file in files:
        by_header[headers[file.key]].append(file)
    parts = [_rows_of_equal_headers(spark, table, landing, header, group) for header, group in by_header.items()]
    return reduce(DataFrame.unionByName, parts) if parts else _no_rows(spark, table)


def without_origin(raw: DataFrame) -> DataFrame:
    """Each row with nothing but whether its line has the fields of the header."""
    return raw.drop(POSITION, LINE_ENDS).withColumnRenamed(RAGGED, ORIGIN)


def with_origin(table: Table, raw: DataFrame) -> DataFrame:
    """Each row with the physical line on which it begins and its texts: a sort of whole files, so only where needed."""
    before = Window.partitionBy(FILE).orderBy(POSITION).rowsBetween(Window.unboundedPreceding, -1)
    # The header is line 1, and every row before this one took one line and those inside its quotes.
    line = F.lit(2) + F.count(F.lit(1)).over(before) + F.coalesce(F.sum(LINE_ENDS).over(before), F.lit(0))
    texts = F.create_map(*[part for name in table.column_names for part in (F.lit(name), F.col(name))])
    return raw.withColumn(ORIGIN, F.struct(line.alias("line"), texts.alias("texts"))).drop(POSITION, RAGGED, LINE_ENDS)
