"""Files whose rows came before: as another part of their date, or as those of another date."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

from sales_etl_spark.checking import NO_ROWS, RowCounts
from sales_etl_spark.contract import Table
from sales_etl_spark.errors import DataError
from sales_etl_spark.landing import LandedDate, LandedFile


def _fault(file: LandedFile, other: str) -> DataError:
    has = f"{file.key} has the same rows as {other}: its rows would count twice"
    return DataError("FILE_REPEATED", has, file.business_date, file=file.key)


def _may_be_equal(one: LandedFile, other: LandedFile) -> bool:
    """Without reading them. A gzip of the same bytes can be another file."""
    zipped = [file.key.endswith(".gz") for file in (one, other)]
    if one.rows != other.rows or any(zipped):
        return one.rows == other.rows
    return one.bytes == other.bytes and (None in (one.sha256, other.sha256) or one.sha256 == other.sha256)


def repeated_files(
    table: Table,
    dates: Sequence[LandedDate],
    counts: Mapping[str, RowCounts],
    content_of: Callable[[LandedFile], str],
    has_same_rows: Callable[[LandedFile, LandedFile], bool],
    accepted: Callable[[str], LandedDate | None],
) -> list[DataError]:
    """`accepted`: what came on a date that was loaded before. An unchanged dump says that nothing happened.

    `has_same_rows`: whether two parts of a date have the same rows, also in another order.
    """
    if table.is_snapshot:
        return []
    faults: list[DataError] = []
    before: dict[str, LandedDate] = {}
    for landed in dates:
        own = [file for file in landed.files if file.table == table.name and counts.get(file.key, NO_ROWS).read > 0]
        found: list[DataError] = []
        for place, file in enumerate(own):
            others = [*own[:place], *(_elsewhere(table, landed, before, accepted) if table.load == "delta" else ())]
            same = (
                one
                for one in others
                if (_may_be_equal(file, one) and content_of(file) == content_of(one))
                or (one.business_date == file.business_date and has_same_rows(file, one))
            )
            other = next(same, None)
            if other is not None:
                found.append(_fault(file, other.key))
        faults += found
        if not found:
            before[landed.business_date] = landed
    return faults


def _elsewhere(
    table: Table,
    landed: LandedDate,
    before: Mapping[str, LandedDate],
    accepted: Callable[[str], LandedDate | None],
) -> list[LandedFile]:
    """Of the dates that rows may be late by: on any other one every row would be rejected for its day."""
    files: list[LandedFile] = []
    day = date.fromisoformat(landed.business_date)
    for age in range(-table.lateness, table.lateness + 1):
        other = (day + timedelta(days=age)).isoformat()
        known = None if age == 0 else before.get(other) or accepted(other)
        files += [] if known is None else [file for file in known.files if file.table == table.name]
    return files
