"""The lines of files that are plain: each judged by one pattern, without a look at its single texts.

Every reader of CSV reads the same rows of such lines, and a cast takes each value as it stands. Whatever is not so is
not judged here: `checking` has the word for it.
"""

from collections.abc import Sequence
from functools import reduce
from operator import and_

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql import types as T

from sales_etl_spark.contract import BUSINESS_DATE, LOAD_DATE, SOURCE_FILE, Plain, Table
from sales_etl_spark.header import Header, names_of
from sales_etl_spark.landing import LandedFile

IS_HEADER = "_is_header"
IS_RIGHT = "_is_right"
_HAS_FORM = "_has_form"
_FIELDS = "_fields"


def plain_of(table: Table, headers: Sequence[Header]) -> Plain | None:
    """None where the files hold more than the contract's columns, or not all in one order."""
    is_known = len(set(headers)) == 1 and sorted(names_of(headers[0])) == sorted(table.column_names)
    return table.plain if is_known and table.load != "cumulative" and not table.carried else None


def key_of(table: Table, path: Column) -> Column:
    """Of a file by its URI: the last place that looks like a key, as the landing's own path may hold one."""
    start = f"{table.name}/dt="
    return F.concat(F.lit(start), F.substring_index(path, f"/{start}", -1))


def date_of(table: Table, key: Column) -> Column:
    return F.substring(key, len(f"{table.name}/dt=") + 1, len("2017-06-30"))


def _typed(field: Column, type_: T.DataType) -> Column:
    return F.nullif(field, F.lit("")) if isinstance(type_, T.StringType) else field.try_cast(type_)


def judged_lines(
    spark: SparkSession, table: Table, plain: Plain, landing: str, files: Sequence[LandedFile], header: Header
) -> DataFrame:
    """A row a line, typed, with `IS_HEADER` and `IS_RIGHT`: whether the check SQL would find nothing wrong with it."""
    places = {name: place for place, name in enumerate(names_of(header))}
    pattern = f"^(?:{','.join(plain.fields[name] for name in places)})\\z"
    lines = spark.read.option("lineSep", "\n").text([f"{landing}/{file.key}" for file in files])
    line = F.col("value")
    if len(files) == 1:
        key, day = F.lit(files[0].key), F.lit(files[0].business_date)
    else:
        key = key_of(table, lines.metadataColumn("_metadata").getField("file_path"))
        day = date_of(table, F.col(SOURCE_FILE))
    # Text of the file from here on has none of the signs that CSV needs quotes for, or its line is not right.
    split = lines.select(
        (line == F.lit(",".join(header))).alias(IS_HEADER),
        line.rlike(pattern).alias(_HAS_FORM),
        F.split(line, ",").alias(_FIELDS),
        key.alias(SOURCE_FILE),
    )
    fields = {name: F.get(_FIELDS, F.lit(place)) for name, place in places.items()}
    # A text of the right form can still be no value: 2024-02-30, or a number that is too large.
    are_values = [
        (fields[column.name] == "") | _typed(fields[column.name], column.type).isNotNull() for column in table.columns
    ]
    typed = split.select(
        *[_typed(fields[column.name], column.type).alias(column.name) for column in table.columns],
        SOURCE_FILE,
        F.to_date(day).alias(LOAD_DATE),
        IS_HEADER,
        (F.col(_HAS_FORM) & reduce(and_, are_values)).alias(_HAS_FORM),
    )
    dated = typed.withColumn(BUSINESS_DATE, F.col(LOAD_DATE))
    is_right = F.col(_HAS_FORM) & ~F.col(IS_HEADER) & F.expr(plain.accepted)
    return dated.select(*table.column_names, SOURCE_FILE, LOAD_DATE, IS_HEADER, is_right.alias(IS_RIGHT))
