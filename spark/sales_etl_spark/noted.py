"""What receipts note of dumps of all days, and dates that cannot be taken in for want of it."""

import json
from collections.abc import Mapping, Sequence

from pyspark.sql.types import Row

from sales_etl_spark.contract import Contract, Table
from sales_etl_spark.errors import DataError
from sales_etl_spark.landing import LandedDate

NOTED = "dumps_since"
"""Of receipts: by table the first day of the date's dump. NULL where the date was loaded before that was noted."""


def noted_dumps(receipts: Mapping[str, Row]) -> dict[str, dict[str, str] | None]:
    """By loaded date and table the first day of its dump; None where nobody has noted it."""
    return {day: None if row[NOTED] is None else json.loads(row[NOTED]) for day, row in receipts.items()}


def is_to_be_noted(contract: Contract, receipt: Row) -> bool:
    """Whether a date is to be taken again although nothing of it has changed."""
    return receipt[NOTED] is None and any(table.load == "cumulative" for table in contract.tables)


def _unknown(table: Table, one: str, later: Sequence[str]) -> DataError:
    what = f"{later[0]} to {later[-1]}" if len(later) > 1 else later[0]
    said = f"the warehouse holds dumps of {table.name} that are newer than that of {one}, and was not yet noting which"
    said = f"{said} days they speak of when they were loaded ({what}): what {one} has to say would count beside them"
    return DataError("DUMPS_NOT_NOTED", f"{said}. Run all of {one} to {later[-1]} again in one run", one)


def _superseded(table: Table, one: str, dumps: Sequence[str]) -> DataError:
    said = f"{table.name} came as dumps of all days on {dumps[0]} and until {dumps[-1]}, and now as rows of {one} alone"
    what = "Deliver it as a dump again (load: cumulative), or build the warehouse again in an empty place"
    return DataError("DUMPS_NEWER", f"{said}: what the dumps hold of its day would count twice. {what}", one)


def unfit_dates(contract: Contract, dates: Sequence[LandedDate], receipts: Mapping[str, Row]) -> list[DataError]:
    """Dates whose rows would count wrongly, as too little is known of dumps that were loaded before."""
    noted = noted_dumps(receipts)
    own = {landed.business_date for landed in dates}
    faults: list[DataError] = []
    for one in sorted(own):
        unknown = sorted(day for day, said in noted.items() if said is None and day > one and day not in own)
        for table in contract.tables:
            dumps = sorted(day for day, said in noted.items() if said and table.name in said and day >= one)
            if table.load == "cumulative" and unknown:
                faults.append(_unknown(table, one, unknown))
            if table.load == "delta" and dumps:
                faults.append(_superseded(table, one, dumps))
    return faults
