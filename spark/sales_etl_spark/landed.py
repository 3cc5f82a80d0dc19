"""Which of the asked-for dates can be loaded, with their rows judged; nothing is written here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pyspark import StorageLevel
from pyspark.sql import DataFrame

from sales_etl_spark.checking import (
    NO_ROWS,
    RowCounts,
    add_counts,
    check_files,
    count_files,
    judge,
    keys_in_two_files,
)
from sales_etl_spark.contract import Table
from sales_etl_spark.errors import DataError
from sales_etl_spark.job import Job
from sales_etl_spark.landing import LandedDate, LandedFile
from sales_etl_spark.reading import read_raw, without_origin


@dataclass
class Landed:
    """The rows of dates that can be loaded, and why the others cannot."""

    dates: list[LandedDate] = field(default_factory=list)
    judged: dict[str, DataFrame] = field(default_factory=dict)
    counts: dict[str, RowCounts] = field(default_factory=dict)
    """By file."""
    rejected: dict[str, DataError] = field(default_factory=dict)
    """By date."""

    def files(self, table: str) -> list[LandedFile]:
        return [file for date in self.dates for file in date.files if file.table == table]

    def counts_of(self, date: LandedDate) -> RowCounts:
        return add_counts([self.counts.get(file.key, NO_ROWS) for file in date.files])

    def unpersist(self) -> None:
        for rows in self.judged.values():
            rows.unpersist()
        self.judged = {}


def _judge_table(job: Job, table: Table, files: Sequence[LandedFile]) -> tuple[DataFrame, dict[str, RowCounts]]:
    raw = without_origin(read_raw(job.spark, table, job.landing, files))
    # Counted, split in two and written: the text is parsed and judged once.
    judged = judge(job.spark, table, raw).persist(StorageLevel.MEMORY_AND_DISK)
    try:
        counts = count_files(judged)
        faults = check_files(table, files, counts) or keys_in_two_files(table, judged, files)
        if faults:
            raise faults[0]
    except BaseException:
        judged.unpersist()
        raise
    return judged, counts


def _judge_all(job: Job, landed: Landed) -> None:
    for table in job.contract.tables:
        files = landed.files(table.name)
        landed.judged[table.name], counts = _judge_table(job, table, files)
        landed.counts |= counts
        total = add_counts(list(counts.values()))
        job.log.write(
            "table_checked", table=table.name, files=len(files), bytes=sum(file.bytes for file in files), **vars(total)
        )


def judge_dates(job: Job, dates: Sequence[LandedDate], rejected: Mapping[str, DataError]) -> Landed:
    """Judges every file. A fault of a file takes its date out; the others are judged again without it."""
    landed = Landed(dates=list(dates), rejected=dict(rejected))
    while landed.dates:
        if job.stop and landed.rejected:
            first = min(landed.rejected)
            landed.dates = [date for date in landed.dates if date.business_date < first]
        try:
            _judge_all(job, landed)
            return landed
        except DataError as error:
            landed.unpersist()
            if error.business_date is None:
                raise
            landed.counts = {}
            landed.rejected[error.business_date] = error
            landed.dates = [date for date in landed.dates if date.business_date != error.business_date]
    return landed
