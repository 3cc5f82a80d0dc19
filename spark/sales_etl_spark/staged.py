"""The quick way for large files: their rows are written on the run's branch while they are judged, in one pass.

It takes a date only where everything is right: no line that is not, one header a file, as many rows as the manifest
says, no key twice. At the least doubt the date is judged as if nothing had been written, and what was is written over.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from py4j.protocol import Py4JJavaError
from pyspark.sql import DataFrame, Observation
from pyspark.sql import functions as F

from sales_etl_spark.catalog import Catalog
from sales_etl_spark.checking import RowCounts
from sales_etl_spark.contract import LOAD_DATE, SOURCE_FILE, Table
from sales_etl_spark.header import Header
from sales_etl_spark.job import Job
from sales_etl_spark.landing import LandedFile
from sales_etl_spark.plain import IS_HEADER, IS_RIGHT, judged_lines, plain_of

_LONGEST_MESSAGE = 300


@dataclass(frozen=True)
class Branch:
    """Of a run: the same name in every table."""

    name: str
    bases: Mapping[str, int]
    """By table the snapshot of main that it is made from."""


@dataclass(frozen=True)
class Staged:
    """What a table's branch has of the dates of a run before they are written in the usual way."""

    dates: frozenset[str] = frozenset()
    """All that were written, right or not: of these the branch has not what main has."""
    right: frozenset[str] = frozenset()
    counts: Mapping[str, RowCounts] = field(default_factory=dict)
    """By file, of the dates that are right."""


NOTHING = Staged()


def _wrong_by_lines(lines: DataFrame, files: Sequence[LandedFile]) -> set[str]:
    """Which of the dates have a file with a line that is not right, or with other rows than its manifest says."""
    rows = (
        lines.groupBy(SOURCE_FILE)
        .agg(
            F.count_if(IS_RIGHT).alias("right"), F.count_if(IS_HEADER).alias("headers"), F.count(F.lit(1)).alias("all")
        )
        .collect()
    )
    found = {row[SOURCE_FILE]: (row["right"], row["headers"], row["all"]) for row in rows}
    return {file.business_date for file in files if found.get(file.key) != (file.rows, 1, file.rows + 1)}


def _wrong_by_rows(written: DataFrame, files: Sequence[LandedFile]) -> set[str]:
    """The same where every line is right or a header: rows that are written are quicker to count."""
    found = {row[SOURCE_FILE]: row["count"] for row in written.groupBy(SOURCE_FILE).count().collect()}
    return {file.business_date for file in files if found.get(file.key, 0) != file.rows}


def _dates_with_equal_keys(table: Table, written: DataFrame) -> set[str]:
    """Also where the two stand in two files of one date."""
    if not table.key:
        return set()
    of_key = written.groupBy(LOAD_DATE, *table.key).agg(F.count(F.lit(1)).alias("rows"))
    return {str(row[0]) for row in of_key.where(F.col("rows") > 1).select(LOAD_DATE).distinct().collect()}


def _write(catalog: Catalog, table: Table, branch: str, lines: DataFrame, dates: Sequence[str]) -> tuple[int, int, int]:
    """How many lines are neither right nor a header, how many are one, and how many rows were written."""
    seen = Observation()
    observed = lines.observe(
        seen,
        F.count_if(~(F.col(IS_RIGHT) | F.col(IS_HEADER))).alias("wrong"),
        F.count_if(F.col(IS_HEADER)).alias("headers"),
    )
    rows = observed.where(IS_RIGHT).select(*table.stored_names, SOURCE_FILE, LOAD_DATE)
    catalog.overwrite(table.name, branch, rows, F.col(LOAD_DATE).isin(dates), as_they_come=True)
    return seen.get["wrong"], seen.get["headers"], catalog.added_rows(table.name, branch)


def _wrong_dates(job: Job, table: Table, files: Sequence[LandedFile], lines: DataFrame, branch: str) -> set[str]:
    dates = sorted({file.business_date for file in files})
    wrong, headers, rows = _write(job.catalog, table, branch, lines, dates)
    written = job.catalog.read(table.name, branch).where(F.col(LOAD_DATE).isin(dates))
    if (wrong, headers, rows) != (0, len(files), sum(file.rows for file in files)):
        found = set(dates) if len(dates) == 1 else _wrong_by_lines(lines, files)
    else:
        # Of several files the sum says little.
        found = set() if len(files) == 1 else _wrong_by_rows(written, files)
    return found if len(found) == len(dates) else found | _dates_with_equal_keys(table, written)


def stage(job: Job, table: Table, files: Sequence[LandedFile], headers: Mapping[str, Header], branch: Branch) -> Staged:
    """Makes the table's branch where its files may go the quick way."""
    plain = plain_of(table, [headers[file.key] for file in files])
    if plain is None or job.is_left(table.name):
        return NOTHING
    job.catalog.create_branch(table.name, branch.name, branch.bases[table.name])
    dates = frozenset(file.business_date for file in files)
    lines = judged_lines(job.spark, table, plain, job.landing, files, headers[files[0].key])
    try:
        right = dates - _wrong_dates(job, table, files, lines, branch.name)
    except Py4JJavaError as error:
        # Whatever it is, it is met again, and then there are words for it.
        job.log.write("quick_way_left", table=table.name, message=str(error.java_exception)[:_LONGEST_MESSAGE])
        right = frozenset()
    counts = {file.key: RowCounts(file.rows, file.rows, 0) for file in files if file.business_date in right}
    return Staged(dates, right, counts)


def give_back(job: Job, table: Table, branch: Branch, dates: Collection[str]) -> None:
    """Dates that were refused after all: the branch has of them what main has."""
    refused = F.col(LOAD_DATE).isin(sorted(dates))
    base = job.catalog.read_snapshot(table.name, branch.bases[table.name])
    job.catalog.overwrite(table.name, branch.name, base.where(refused), refused)
