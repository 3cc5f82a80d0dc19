"""The checks of files that the gate has left to this job, for they are too large for its time: the same codes."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace

from pyspark.sql import DataFrame

from sales_etl_spark.checking import NO_ROWS, CloserLook, RowCounts
from sales_etl_spark.contract import Table
from sales_etl_spark.errors import DataError
from sales_etl_spark.facts import NO_FACTS, FileFacts, decimals_of, file_facts
from sales_etl_spark.header import Header, fields_of, names_of
from sales_etl_spark.job import Job
from sales_etl_spark.landing import LandedDate, LandedFile, read_manifest
from sales_etl_spark.reading import rows_before_fault
from sales_etl_spark.repeated import repeated_files
from sales_etl_spark.scan import ScannedFile, Scanner
from sales_etl_spark.strict import FileFault, row_out_of_place
from sales_etl_spark.totals import totals_differ

_AT_ONCE = 4
"""Files are read by the driver, each by a thread, while the cluster judges their rows."""


@dataclass
class Scans:
    """The bytes of files, each read once."""

    scanner: Scanner
    pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(_AT_ONCE))
    _known: dict[str, Future[ScannedFile]] = field(default_factory=dict)

    def begin(self, table: Table, file: LandedFile, width: int) -> Future[ScannedFile]:
        if file.key not in self._known:
            self._known[file.key] = self.pool.submit(self.scanner.scan, table, file, width)
        return self._known[file.key]

    def content_of(self, table: Table, file: LandedFile) -> str:
        return self.begin(table, file, len(table.columns)).result().content_sha256

    def end(self) -> None:
        self.pool.shutdown(cancel_futures=True)


@dataclass(frozen=True)
class LeftTable:
    """What was found in the files of a table besides their rows' own faults."""

    looks: Mapping[str, CloserLook]
    facts: Mapping[str, FileFacts]
    headers: Mapping[str, Header]

    def has_same_rows(self, one: LandedFile, other: LandedFile) -> bool:
        """In whatever order, where the columns stand in the same one."""
        digests = [self.facts.get(file.key, NO_FACTS).rows_digest for file in (one, other)]
        names = [names_of(self.headers[file.key]) for file in (one, other)]
        return digests[0] is not None and digests[0] == digests[1] and names[0] == names[1]


def _row_fault(
    table: Table, file: LandedFile, width: int, rows: int, scanned: ScannedFile, facts: FileFacts, raw: DataFrame
) -> FileFault | None:
    """The first row that is none of the table's."""
    found = facts.out_of_place
    if found is None:
        return None
    before, line = rows_before_fault(raw, file.key)
    if found.code is not None:
        other = "its header stands there again" if found.code == "HEADER_REPEATED" else "another header stands there"
        return FileFault(found.code, f"{other}: deliver each export and each table as a file of its own", line)
    text = (found.line or "").rstrip("\r\n")
    fault = row_out_of_place(table, text)
    if fault is None and scanned.is_unended and before == rows - 1 and len(fields_of(text)) < width:
        fault = FileFault("FILE_TRUNCATED", "the file ends inside a row")
    if fault is None:
        fault = FileFault("FILE_ROW_RAGGED", f"the line has more or fewer fields than the header, which has {width}")
    return replace(fault, line=line)


def look_closely(
    table: Table,
    files: Sequence[LandedFile],
    headers: Mapping[str, Header],
    raw: DataFrame,
    judged: DataFrame,
    counts: Mapping[str, RowCounts],
    scans: Scans,
    with_totals: bool,
) -> LeftTable:
    facts = file_facts(table, judged, with_totals)
    looks: dict[str, CloserLook] = {}
    for file in files:
        width = len(headers[file.key])
        scanned = scans.begin(table, file, width).result()
        rows = counts.get(file.key, NO_ROWS).read
        own = facts.get(file.key, NO_FACTS)
        faults = [scanned.fault, _row_fault(table, file, width, rows, scanned, own, raw)]
        # Where a gzip breaks off or a text is none, no line is known: nothing behind it was read.
        first = min((one for one in faults if one is not None), key=lambda one: one.line or 0, default=None)
        sha256 = None if file.sha256 in (None, scanned.sha256) else scanned.sha256
        looks[file.key] = CloserLook(first, sha256, own.is_doubled)
    return LeftTable(looks, facts, headers)


def faults_of_dates(
    job: Job,
    table: Table,
    dates: Sequence[LandedDate],
    counts: Mapping[str, RowCounts],
    found: LeftTable,
    scans: Scans,
    loaded: Callable[[str], bool],
) -> list[DataError]:
    """What only several files can tell: rows that came before, sums."""
    own = {landed.business_date for landed in dates}

    def accepted(day: str) -> LandedDate | None:
        is_known = day not in own and loaded(day)
        return read_manifest(job.storage, job.contract, job.landing, day) if is_known else None

    repeated = repeated_files(
        table, dates, counts, lambda file: scans.content_of(table, file), found.has_same_rows, accepted
    )
    return [*repeated, *totals_differ(table, dates, found.facts, list(decimals_of(table)))]
