"""Dates without a file of a table that comes whole: an older one stands in, as long as it is fresh enough."""

from collections.abc import Sequence
from datetime import date, timedelta

from sales_etl_spark.contract import LOAD_DATE, Table
from sales_etl_spark.errors import DataError
from sales_etl_spark.job import Job
from sales_etl_spark.landing import LandedDate


def _has(table: Table, landed: LandedDate) -> bool:
    return any(file.table == table.name for file in landed.files)


def _stale(job: Job, table: Table, dates: Sequence[LandedDate]) -> list[DataError]:
    if all(_has(table, landed) for landed in dates):
        return []
    rows = job.catalog.read(table.name).select(LOAD_DATE).distinct().collect()
    # What this run loads again counts as it comes now, not as it was.
    there = {row[LOAD_DATE] for row in rows} - {date.fromisoformat(landed.business_date) for landed in dates}
    faults: list[DataError] = []
    for landed in sorted(dates, key=lambda landed: landed.business_date):
        day = date.fromisoformat(landed.business_date)
        if _has(table, landed):
            there.add(day)
        elif not any(day - timedelta(days=table.freshness) <= one < day for one in there):
            newest = max((one for one in there if one < day), default=None)
            before = "there is no accepted one before" if newest is None else f"the newest before is of {newest}"
            lacks = f"the manifest of {landed.business_date} names no file of {table.name}"
            older = f"it may be up to {table.freshness} days old, and {before}"
            faults.append(DataError("TABLE_MISSING", f"{lacks}; {older}", landed.business_date))
    return faults


def stale_dates(job: Job, dates: Sequence[LandedDate]) -> list[DataError]:
    """What was loaded before counts, and what this run loads on earlier dates."""
    tables = [table for table in job.contract.tables if table.may_be_older]
    return [fault for table in tables for fault in _stale(job, table, dates)]
