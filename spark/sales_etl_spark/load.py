"""The step `load`: the rows of the dates, checked, on a branch of every table that is made from main."""

from collections.abc import Mapping, Sequence

from pyspark.sql import functions as F
from pyspark.sql.types import Row

from sales_etl_spark.checking import accepted_rows
from sales_etl_spark.contract import LOAD_DATE, Table
from sales_etl_spark.cumulative import TakenDumps, take_dumps
from sales_etl_spark.errors import DataError
from sales_etl_spark.evolve import evolve
from sales_etl_spark.gaps import Gap, accepted_gaps
from sales_etl_spark.job import Job
from sales_etl_spark.landed import Landed, judge_dates
from sales_etl_spark.landing import LandedDate, read_date
from sales_etl_spark.layout import QUARANTINE, RECEIPTS
from sales_etl_spark.noted import NOTED, is_to_be_noted
from sales_etl_spark.quarantine import quarantine_rows
from sales_etl_spark.sizing import size_shuffles
from sales_etl_spark.staged import Branch, give_back
from sales_etl_spark.state import DateCounts, RunState, branch_name, write_state

BRANCHES = "audit_"


def prepare(job: Job) -> None:
    """Makes and extends tables; removes branches of runs that died: whoever holds the lease is the only one alive."""
    for done in evolve(job.catalog, job.tables):
        job.log.write("schema_changed", change=done)
    for table in job.tables:
        for branch in job.catalog.branches(table.name):
            if branch.startswith(BRANCHES):
                job.catalog.drop_branch(table.name, branch)


def loaded_dates(job: Job) -> dict[str, Row]:
    """By date what main has of it."""
    rows = job.catalog.read(RECEIPTS).select(
        "business_date", "contract_version", "fingerprint", "rows_accepted", "rows_rejected", NOTED
    )
    return {str(row["business_date"]): row for row in rows.collect()}


def _read_dates(
    job: Job, before: Mapping[str, Row], gaps: Mapping[str, Mapping[str, Gap]]
) -> tuple[list[LandedDate], dict[str, DataError]]:
    """The dates that are there and new or changed, and what is wrong with the others."""

    dates: list[LandedDate] = []
    rejected: dict[str, DataError] = {}
    for business_date in job.business_dates:
        try:
            date = read_date(job.storage, job.contract, job.landing, business_date, gaps[business_date])
        except DataError as error:
            rejected[business_date] = error
            continue
        known = before.get(business_date)
        seen = None if known is None else (known["fingerprint"], known["contract_version"])
        if seen == (date.fingerprint, job.contract.version) and not is_to_be_noted(job.contract, known):
            job.log.write(
                "date_unchanged",
                businessDate=business_date,
                rowsAccepted=known["rows_accepted"],
                rowsRejected=known["rows_rejected"],
            )
        else:
            dates.append(date)
    return dates, rejected


def _write_rows(job: Job, table: Table, landed: Landed, branch: Branch) -> None:
    """What does not lie on the branch already, as it came the quick way."""
    dates = {date.business_date for date in landed.dates}
    staged = landed.staged[table.name]
    if staged.dates - dates:
        give_back(job, table, branch, staged.dates - dates)
    left_out = {date.business_date for date in landed.dates if table.name in date.gaps}
    others = sorted(dates - (staged.right - left_out))
    if others:
        judged = landed.judged.get(table.name)
        rows = job.catalog.read(table.name).limit(0) if judged is None else accepted_rows(table, judged)
        job.catalog.overwrite(table.name, branch.name, rows, F.col(LOAD_DATE).isin(others))


def _write_tables(job: Job, landed: Landed, branch: Branch, before: Mapping[str, Row]) -> dict[str, TakenDumps]:
    """By table whose files hold all days what was taken in of them."""
    dates = [date.business_date for date in landed.dates]
    taken: dict[str, TakenDumps] = {}
    for table in job.contract.tables:
        if table.load == "cumulative":
            rows = accepted_rows(table, landed.judged[table.name])
            taken[table.name] = take_dumps(job, table, branch.name, rows, dates, before)
        else:
            _write_rows(job, table, landed, branch)
        job.at(f"loaded:{table.name}")
        job.log.write("table_loaded", table=table.name)
    return taken


def _write_quarantine(job: Job, landed: Landed, branch: str) -> None:
    dates = [date.business_date for date in landed.dates]
    rows = job.catalog.read(QUARANTINE).limit(0)
    for table in job.contract.tables:
        files = [file for file in landed.files(table.name) if file.key in landed.counts]
        bad = [file for file in files if landed.counts[file.key].rejected > 0]
        if bad:
            rows = rows.unionByName(quarantine_rows(job.spark, table, job.landing, bad, landed.headers, job.run_id))
    job.catalog.overwrite(QUARANTINE, branch, rows, F.col("business_date").isin(dates))
    job.at(f"loaded:{QUARANTINE}")


def _say_rejected(job: Job, rejected: Mapping[str, DataError]) -> None:
    for business_date, error in sorted(rejected.items()):
        job.log.write(
            "date_rejected", businessDate=business_date, code=error.code, message=error.message, **error.place
        )


def _say_gaps(job: Job, dates: Sequence[LandedDate], gaps: Mapping[str, Mapping[str, Gap]]) -> None:
    for date in dates:
        for table, code in date.gaps.items():
            gap = gaps[date.business_date][table]
            said = {"businessDate": date.business_date, "table": table, "code": code}
            job.log.write("gap_accepted", **said, by=gap.by, reason=gap.reason)


def load(job: Job) -> tuple[RunState | None, dict[str, DataError]]:
    """The state of the run, None where there is nothing to load; and the dates that were not accepted."""
    bases = {table.name: job.catalog.snapshot(table.name) for table in job.tables}
    before = loaded_dates(job)
    receipts = job.gaps or job.control
    gaps = {date: accepted_gaps(receipts, job.contract, date) for date in job.business_dates}
    dates, rejected = _read_dates(job, before, gaps)
    size_shuffles(job.spark, sum(date.bytes for date in dates))
    branch = Branch(branch_name(dates[0].business_date if dates else "none", job.run_id), bases)
    landed = judge_dates(job, dates, rejected, before, gaps, branch)
    _say_rejected(job, landed.rejected)
    _say_gaps(job, landed.dates, gaps)
    staged = [name for name, found in landed.staged.items() if found.dates]
    try:
        if not landed.dates:
            for name in staged:
                job.catalog.drop_branch(name, branch.name)
            return None, landed.rejected
        for table in job.tables:
            if table.name not in staged:
                job.catalog.create_branch(table.name, branch.name, bases[table.name])
        job.at("branched")
        taken = _write_tables(job, landed, branch, before)
        _write_quarantine(job, landed, branch.name)
    finally:
        landed.unpersist()
    state = RunState(
        run_id=job.run_id,
        branch=branch.name,
        stage="loaded",
        token=job.lease.token,
        contract_version=job.contract.version,
        bases=bases,
        dates=[_date_counts(landed, date) for date in landed.dates],
        changed_days={table: one.days for table, one in taken.items()},
        dumps_since=_dumps_since(taken),
    )
    write_state(job.control, state)
    job.at("loaded")
    return state, landed.rejected


def _dumps_since(taken: Mapping[str, TakenDumps]) -> dict[str, dict[str, str]]:
    by_date: dict[str, dict[str, str]] = {}
    for table, one in taken.items():
        for business_date, since in one.since.items():
            by_date.setdefault(business_date, {})[table] = since
    return by_date


def _date_counts(landed: Landed, date: LandedDate) -> DateCounts:
    return DateCounts(date.business_date, date.fingerprint, **vars(landed.counts_of(date)), bytes=date.bytes)
