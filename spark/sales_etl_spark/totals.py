"""Control totals: the exact sums of decimal columns, as the source counted them, against what the files hold."""

from collections.abc import Mapping, Sequence
from decimal import Context, Decimal

from sales_etl_spark.contract import Table
from sales_etl_spark.errors import DataError
from sales_etl_spark.facts import FileFacts
from sales_etl_spark.landing import LandedDate

_EXACT = Context(prec=200)


def totals_differ(
    table: Table, dates: Sequence[LandedDate], facts: Mapping[str, FileFacts], decimals: Sequence[str]
) -> list[DataError]:
    """A file can have the right number of rows and bytes and still be another one."""
    return [fault for date in dates for fault in _of_date(table, date, facts, decimals)]


def _of_date(
    table: Table, date: LandedDate, facts: Mapping[str, FileFacts], decimals: Sequence[str]
) -> list[DataError]:
    files = [file.key for file in date.files if file.table == table.name]
    faults: list[DataError] = []
    for column, wanted in date.totals.get(table.name, {}).items() if files else ():
        if column not in decimals:
            has = f"the manifest has a total of {column}, which is no decimal column of {table.name}"
            faults.append(DataError("TOTALS_DIFFER", has, date.business_date))
            continue
        sums = [facts[key].totals[column] for key in files if key in facts]
        # A value that is no number is a fault of its own.
        if None in sums:
            continue
        found = Decimal(0)
        for one in sums:
            found = _EXACT.add(found, one)
        if _EXACT.compare(found, Decimal(wanted)) != 0:
            has = f"{column} of {table.name} adds up to {found:f}, the manifest says {wanted}"
            faults.append(DataError("TOTALS_DIFFER", has, date.business_date))
    return faults
