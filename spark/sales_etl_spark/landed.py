"""Which of the asked-for dates can be loaded, with their rows judged once; nothing is written here."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from pyspark import StorageLevel
from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import Row

from sales_etl_spark.checking import (
    NO_ROWS,
    RowCounts,
    add_counts,
    check_files,
    count_files,
    judge,
    keys_in_two_files,
)
from sales_etl_spark.contract import BUSINESS_DATE, Table
from sales_etl_spark.errors import DataError
from sales_etl_spark.freshness import stale_dates
from sales_etl_spark.header import Header, read_header, unknown_names
from sales_etl_spark.job import Job
from sales_etl_spark.landing import LandedDate, LandedFile
from sales_etl_spark.noted import unfit_dates
from sales_etl_spark.reading import read_raw, without_place
from sales_etl_spark.scan import Scanner
from sales_etl_spark.staged import NOTHING, Branch, Staged, stage
from sales_etl_spark.thorough import Scans, faults_of_dates, look_closely


@dataclass
class Landed:
    """The rows of dates that can be loaded, and why the others cannot."""

    dates: list[LandedDate] = field(default_factory=list)
    judged: dict[str, DataFrame] = field(default_factory=dict)
    """By table; of the loadable dates alone, and of those no staged one that is right."""
    staged: dict[str, Staged] = field(default_factory=dict)
    """By table what lies on its branch already."""
    counts: dict[str, RowCounts] = field(default_factory=dict)
    """By file."""
    headers: dict[str, Header] = field(default_factory=dict)
    """By file."""
    rejected: dict[str, DataError] = field(default_factory=dict)
    """By date."""
    gaps: Mapping[str, Collection[str]] = field(default_factory=dict)
    """By date the tables that may be left out, as a person has accepted."""
    is_large: bool = False
    """Whether the run's files are worth a quick way: then those of small tables go along, as they share its code."""
    scans: Scans | None = None
    """Of files that nobody has read before."""
    _kept: list[DataFrame] = field(default_factory=list)

    def files(self, table: str) -> list[LandedFile]:
        return [file for date in self.dates for file in date.files if file.table == table]

    def files_to_judge(self, table: str) -> list[LandedFile]:
        """Those that did not go the quick way, or came to no end on it."""
        right = self.staged.get(table, NOTHING).right
        return [file for file in self.files(table) if file.business_date not in right]

    def counts_of(self, date: LandedDate) -> RowCounts:
        return add_counts([self.counts.get(file.key, NO_ROWS) for file in date.files])

    def reject(self, faults: Sequence[DataError], table: str | None = None) -> None:
        """The first fault of a date is the one that is told; where only `table` is to blame it may be left out."""
        for fault in faults:
            if fault.business_date is None:
                raise fault
            if table is not None and table in self.gaps.get(fault.business_date, ()):
                self._leave_out(fault.business_date, table, fault.code)
            else:
                self.rejected.setdefault(fault.business_date, fault)
        self.dates = [date for date in self.dates if date.business_date not in self.rejected]

    def _leave_out(self, business_date: str, table: str, code: str) -> None:
        self.dates = [
            date.without(table, code) if date.business_date == business_date and table not in date.gaps else date
            for date in self.dates
        ]

    def keep(self, rows: DataFrame) -> DataFrame:
        """Counted, split in two and written: the text is parsed and judged once."""
        kept = rows.persist(StorageLevel.MEMORY_AND_DISK)
        self._kept.append(kept)
        return kept

    def unpersist(self) -> None:
        for rows in self._kept:
            rows.unpersist()
        if self.scans is not None:
            self.scans.end()
        self._kept = []
        self.judged = {}


def _read_headers(job: Job, table: Table, landed: Landed) -> None:
    faults: list[DataError] = []
    for file in landed.files(table.name):
        try:
            landed.headers[file.key] = read_header(job.storage, table, job.landing, file)
        except DataError as error:
            faults.append(error)
            continue
        unknown = unknown_names(table, landed.headers[file.key])
        if unknown:
            what = "column_kept" if table.drift == "keep" else "column_ignored"
            job.log.write(what, table=table.name, file=file.key, columns=unknown)
    landed.reject(faults, table.name)


def _begin_scans(job: Job, landed: Landed) -> Scans:
    scans = Scans(Scanner(job.spark, job.landing))
    for table in job.contract.tables:
        for file in landed.files(table.name) if job.is_left(table.name) else ():
            scans.begin(table, file, len(landed.headers[file.key]))
    return scans


def _judge_rows(job: Job, table: Table, landed: Landed, loaded: Collection[str]) -> None:
    """The usual way. Only a file that breaks off while it is read is read around."""
    is_left = job.is_left(table.name)
    while True:
        files = landed.files_to_judge(table.name)
        raw = read_raw(job.spark, table, job.landing, files, landed.headers, with_facts=is_left)
        judged = landed.keep(judge(job.spark, table, without_place(raw)))
        try:
            counts, ragged = count_files(judged, with_facts=is_left)
        except DataError as error:
            landed.reject([error], table.name)
            continue
        break
    landed.judged[table.name] = judged
    landed.counts |= counts
    if is_left and landed.scans is not None:
        totals = any(table.name in date.totals for date in landed.dates)
        found = look_closely(table, files, landed.headers, raw, judged, counts, landed.scans, totals)
        landed.reject(check_files(table, files, counts, ragged, found.looks), table.name)
        dates = [date for date in landed.dates if table.name not in date.gaps]
        faults = faults_of_dates(job, table, dates, counts, found, landed.scans, loaded.__contains__)
        landed.reject(faults, table.name)
    else:
        landed.reject(check_files(table, files, counts, ragged), table.name)
    landed.reject(keys_in_two_files(table, judged, landed.files_to_judge(table.name)), table.name)


def _judge_table(job: Job, table: Table, landed: Landed, loaded: Collection[str], branch: Branch) -> None:
    """The faults of a table's files are its dates'."""
    files = landed.files(table.name)
    staged = stage(job, table, files, landed.headers, branch) if landed.is_large else NOTHING
    landed.staged[table.name] = staged
    quick = [file for file in files if file.business_date in staged.right]
    landed.counts |= staged.counts
    landed.reject(check_files(table, quick, staged.counts, {}), table.name)
    if not quick or len(quick) < len(files):
        _judge_rows(job, table, landed, loaded)
    counts = add_counts([landed.counts.get(file.key, NO_ROWS) for file in files])
    size = sum(file.bytes for file in files)
    job.log.write("table_checked", table=table.name, files=len(files), quick=len(quick), bytes=size, **vars(counts))


def _stop_at_the_first(landed: Landed) -> None:
    """Nothing after the first date that is not accepted counts, whatever is wrong with it."""
    if not landed.rejected:
        return
    first = min(landed.rejected)
    landed.rejected = {first: landed.rejected[first]}
    landed.dates = [date for date in landed.dates if date.business_date < first]


def judge_dates(
    job: Job,
    dates: Sequence[LandedDate],
    rejected: Mapping[str, DataError],
    loaded: Mapping[str, Row],
    gaps: Mapping[str, Collection[str]],
    branch: Branch,
) -> Landed:
    """Judges every row; a date with a fault, in whichever of its files, is left out.

    `loaded`: by date of before what main has of it; `gaps`: by date the tables that a person does not expect any more;
    `branch`: where large files are written while they are judged.
    """
    is_large = sum(date.bytes for date in dates) >= job.quick_from
    landed = Landed(dates=list(dates), rejected=dict(rejected), gaps=gaps, is_large=is_large)
    try:
        for table in job.contract.tables:
            if job.stop:
                _stop_at_the_first(landed)
            _read_headers(job, table, landed)
        landed.scans = _begin_scans(job, landed)
        for table in job.contract.tables:
            if landed.dates:
                _judge_table(job, table, landed, loaded, branch)
        faults: list[DataError] = []
        while True:
            landed.reject(faults)
            if job.stop:
                _stop_at_the_first(landed)
            # Whether a date can be loaded may depend on the others that are.
            faults = [*stale_dates(job, landed.dates), *unfit_dates(job.contract, landed.dates, loaded)]
            if not faults:
                break
    except BaseException:
        landed.unpersist()
        raise
    for name, rows in landed.judged.items():
        loadable = [date.business_date for date in landed.dates if name not in date.gaps]
        if len(loadable) < len(dates):
            landed.judged[name] = rows.where(F.col(BUSINESS_DATE).isin(loadable))
    return landed
