"""What only all rows of a file can tell: doubled exports, sums, rows out of place. For files that nobody has read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from operator import and_

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T

from sales_etl_spark.catalog import quoted
from sales_etl_spark.contract import FILE, ORIGIN, PROBLEMS, Table
from sales_etl_spark.header import BLANKS, NAME

_TEXTS = "_texts"
"""Of the check SQL: what stands in a wrong row, one column after the other."""
_UNREADABLE = ("VALUE_NOT_DECIMAL", "VALUE_TOO_PRECISE")
_DIGEST = ("rows", "low", "high", "low_sum", "high_sum")
_UNTYPED = (T.StringType, T.BooleanType)


@dataclass(frozen=True)
class OutOfPlace:
    """The first row of a file that is none of its table's."""

    position: int
    line: str | None
    """As it stands in the file, where it has other fields than the header."""
    code: str | None


@dataclass(frozen=True)
class FileFacts:
    is_doubled: bool
    out_of_place: OutOfPlace | None
    totals: Mapping[str, Decimal | None]
    """By decimal column the sum of all rows, also of rejected ones; None where a value is no number."""
    rows_digest: tuple[object, ...] | None
    """Of all rows, in whatever order, where no key tells them apart: equal for two files with the same rows."""


NO_FACTS = FileFacts(False, None, {}, None)


def looks_for_doubles(table: Table) -> bool:
    """Equal rows of a table with a key are found by it."""
    return not table.is_snapshot and not table.key


def _out_of_place(table: Table, names: Sequence[str], fields: Sequence[Column]) -> Column:
    """The code of a row of the right width that is a header. Where the table has a number, a header has a letter."""
    types = {column.name: column.type for column in table.columns}
    typed = [
        field
        for name, field in zip(names, fields, strict=True)
        if not isinstance(types.get(name), (*_UNTYPED, type(None)))
    ]
    lower = F.array(*[F.lower(F.btrim(field, F.lit(BLANKS))) for field in fields])
    is_own = reduce(and_, [F.array_contains(lower, name) for name in table.column_names])
    if not typed:
        return F.when((F.length(fields[0]) == len(names[0])) & is_own, F.lit("HEADER_REPEATED"))
    known = F.filter(lower, lambda name: F.contains(name, F.lit("_")) | name.isin(table.column_names))
    is_other = (
        F.lit(len(typed) > 1)
        & (F.size(known) * 2 >= len(fields))
        & (F.size(F.array_distinct(lower)) == len(fields))
        & F.forall(F.array(*fields), lambda field: field.rlike(f"^(?:{NAME})$"))
    )
    has_letter = F.substring(typed[0], 1, 1).rlike("^[A-Za-z]")
    code = F.when(is_own, F.lit("HEADER_REPEATED")).when(is_other, F.lit("FILE_SEVERAL_TABLES"))
    return F.when(has_letter, code)


def row_facts(table: Table, columns: Mapping[str, str], ragged: str, position: Column) -> Column:
    """Of a raw row. `columns`: by name what the file's header calls it, in the order of the file."""
    fields = [F.coalesce(F.col(quoted(name)), F.lit("")) for name in columns.values()]
    none = F.lit(0).cast("bigint")
    # Two hashes of the same fields: not against intent, but against chance.
    hashes = (F.xxhash64(*fields), F.xxhash64(F.lit("again"), *fields)) if looks_for_doubles(table) else (none, none)
    is_ragged = F.col(ragged).isNotNull()
    code = F.when(~is_ragged, _out_of_place(table, list(columns), fields))
    out_of_place = F.when(
        is_ragged | code.isNotNull(),
        F.struct(position.alias("position"), F.col(ragged).alias("line"), code.alias("code")),
    )
    return F.struct(
        is_ragged.alias("ragged"), out_of_place.alias("out_of_place"), hashes[0].alias("low"), hashes[1].alias("high")
    )


def decimals_of(table: Table) -> dict[str, int]:
    return {column.name: column.type.scale for column in table.columns if isinstance(column.type, T.DecimalType)}


def _total(table: Table, name: str, scale: int) -> Column:
    """NULL where it is unknown. What is too large for its column is rejected, and yet a part of the source's sum."""
    problems = F.split(PROBLEMS, ";")
    has = {code: F.array_contains(problems, f"{name}={code}") for code in (*_UNREADABLE, "VALUE_TOO_LARGE")}
    text = F.split(_TEXTS, "[|]")[table.column_names.index(name)]
    large = F.when(has["VALUE_TOO_LARGE"], text.try_cast(T.DecimalType(38, scale)))
    is_unknown = has["VALUE_NOT_DECIMAL"] | has["VALUE_TOO_PRECISE"] | (has["VALUE_TOO_LARGE"] & large.isNull())
    value = F.coalesce(F.col(name).cast(T.DecimalType(38, scale)), large)
    return F.when(F.count_if(is_unknown) == 0, F.coalesce(F.sum(value), F.lit(0).cast(T.DecimalType(38, scale))))


def file_facts(table: Table, judged: DataFrame, with_totals: bool) -> dict[str, FileFacts]:
    """By file; one without a row is left out."""
    decimals = decimals_of(table) if with_totals else {}
    rows = (
        judged.groupBy(FILE)
        .agg(
            F.min(f"{ORIGIN}.out_of_place").alias("out_of_place"),
            F.bit_xor(f"{ORIGIN}.low").alias("low"),
            F.bit_xor(f"{ORIGIN}.high").alias("high"),
            # A row that stands twice leaves nothing under XOR: a sum tells how often it stands.
            F.count(F.lit(1)).alias("rows"),
            F.sum(F.col(f"{ORIGIN}.low").cast(T.DecimalType(20, 0))).alias("low_sum"),
            F.sum(F.col(f"{ORIGIN}.high").cast(T.DecimalType(20, 0))).alias("high_sum"),
            *[_total(table, name, scale).alias(name) for name, scale in decimals.items()],
        )
        .collect()
    )
    return {
        row[FILE]: FileFacts(
            looks_for_doubles(table) and row["low"] == row["high"] == 0,
            None if row["out_of_place"] is None else OutOfPlace(**row["out_of_place"].asDict()),
            {name: row[name] for name in decimals},
            tuple(row[name] for name in _DIGEST) if looks_for_doubles(table) else None,
        )
        for row in rows
    }
