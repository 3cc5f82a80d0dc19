"""The contract of a data set, as it was generated: the job knows no table and no column by name."""

from collections.abc import Mapping
from dataclasses import dataclass

from pyspark.sql.types import DataType, DateType, StringType, StructField, StructType

FILE = "_file"
"""Of raw rows. Iceberg keeps the name for itself: a table with a column of that name cannot be read."""
SOURCE_FILE = "source_file"
"""Of stored rows."""
BUSINESS_DATE = "_business_date"
ORIGIN = "_origin"
"""Goes through the check SQL with each row: whether its line is ragged; or where it stands, and its texts."""
PROBLEMS = "_problems"
LOAD_DATE = "load_dt"
GONE_DATE = "gone_dt"
"""Of rows that a later dump of all days has not any more: the date of the first one without them."""
TOUCHED = "touched_periods"


@dataclass(frozen=True)
class Column:
    name: str
    type: DataType
    nullable: bool = True
    comment: str = ""


@dataclass(frozen=True)
class Cumulative:
    """How a dump of all days is taken in: the rows that it changes, then the history of all rows of their days."""

    changes_sql: str
    history_sql: str
    relations: Mapping[str, str]
    """By what they hold the names that both read: `known`, `dump`, `now`; `known`, `changes`, `days`."""


@dataclass(frozen=True)
class Plain:
    """How a row is written that can be judged without a look at each of its texts."""

    fields: Mapping[str, str]
    """By column a regular expression: nothing, or a value as its type is written; no comma, quote or line end."""
    accepted: str
    """A condition over typed rows with `_business_date`: what the contract says of them besides their types."""


@dataclass(frozen=True)
class Table:
    name: str
    load: str
    """`delta`: the rows of the date; `snapshot`: the whole table; `cumulative`: the rows of all days up to the date."""
    columns: tuple[Column, ...]
    """Those of the files."""
    carried: tuple[Column, ...]
    """Stored behind them and not judged: the one with a file's unknown columns, where they are kept."""
    key: tuple[str, ...]
    day: str | None
    """The column with the row's own day."""
    lateness: int
    """How many days a row's day may lie before the date of its file."""
    tolerance: float
    """The share of a file's rows that may be rejected before the whole file is."""
    freshness: int
    """Of a snapshot: how many days old the newest export may be."""
    drift: str
    """Of a column that the contract does not know: `reject` the file, `ignore` the column, `keep` it with the row."""
    cumulative: Cumulative | None
    check_sql: str
    plain: Plain | None
    """None where a row cannot be told from a header or an empty line by its types."""
    messages: Mapping[str, str]
    """What a person reads in quarantine, by `column=CODE`."""

    @property
    def is_snapshot(self) -> bool:
        return self.load == "snapshot"

    @property
    def may_be_older(self) -> bool:
        """Whether the snapshot of an earlier date can stand in for one that did not come."""
        return self.is_snapshot and self.freshness > 0

    @property
    def column_names(self) -> list[str]:
        return [column.name for column in self.columns]

    @property
    def carried_names(self) -> list[str]:
        return [column.name for column in self.carried]

    @property
    def stored_names(self) -> list[str]:
        """What makes a row: where it came from is beside it."""
        return [*self.column_names, *self.carried_names]

    @property
    def stored_schema(self) -> StructType:
        """Accepted rows as they lie in the warehouse: with the file they came from and the date of that file."""
        origin = [StructField(SOURCE_FILE, StringType(), False), StructField(LOAD_DATE, DateType(), False)]
        return StructType([*map(_field, (*self.columns, *self.carried)), *origin])


@dataclass(frozen=True)
class DayColumn:
    table: str
    date: str


@dataclass(frozen=True)
class Shared:
    """A relation that is computed once, for several checks or because most rows can be left out early."""

    name: str
    sql: str
    select: str
    """Finds where it stands under its name what the check's own SQL finds."""


@dataclass(frozen=True)
class QualityCheck:
    name: str
    rule: str
    sql: str
    """Selects the rows that break the rule."""
    reads: str
    """`sources`: can be looked at before the fact is computed; `fact`."""
    severity: str
    """`error`: stops the publish; `warning`: is told."""
    over: Shared | None


@dataclass(frozen=True)
class Fact:
    name: str
    period: str
    keys: tuple[str, ...]
    calendar: DayColumn
    dated: tuple[DayColumn, ...]
    """The tables whose rows belong to a day of the calendar: the flow and, where there is one, the stock."""
    sources: tuple[str, ...]
    columns: tuple[Column, ...]
    sql: str
    candidate: str
    """The name under which the quality checks read the fact's new rows."""
    checks: tuple[QualityCheck, ...]

    @property
    def schema(self) -> StructType:
        return StructType([*map(_field, self.columns)])


@dataclass(frozen=True)
class History:
    """The versions of a table's rows, from the snapshots of all dates; the relations that its SQL reads."""

    sql: str
    versions: str
    days: str
    snapshots: str
    day: str
    """The column with a snapshot's date."""


@dataclass(frozen=True)
class Dimension:
    name: str
    table: str
    title: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    history: History | None
    """None: the newest snapshot as it is."""

    @property
    def schema(self) -> StructType:
        return StructType([*map(_field, self.columns)])


@dataclass(frozen=True)
class Operations:
    """What the lake says of its own making: a table of the same columns in every data set."""

    name: str
    title: str
    partition: str
    columns: tuple[Column, ...]

    @property
    def schema(self) -> StructType:
        return StructType([*map(_field, self.columns)])


@dataclass(frozen=True)
class View:
    """Joins tables of the warehouse for its readers."""

    name: str
    title: str
    reads: tuple[str, ...]
    """The tables that its SQL names."""
    columns: tuple[Column, ...]
    sql: str
    """Portable: Spark, Trino and DuckDB run it alike."""


@dataclass(frozen=True)
class Contract:
    dataset: str
    version: str
    tables: tuple[Table, ...]
    dimensions: tuple[Dimension, ...]
    operations: tuple[Operations, ...]
    views: tuple[View, ...]
    fact: Fact

    def operation(self, name: str) -> Operations:
        return next(one for one in self.operations if one.name == name)

    def table(self, name: str) -> Table:
        return next(table for table in self.tables if table.name == name)


def _field(column: Column) -> StructField:
    return StructField(column.name, column.type, column.nullable, {"comment": column.comment})
