"""Gaps that a person has accepted: a table that is missing on a date, or cannot be used, and will not come."""

import json
from dataclasses import dataclass

from sales_etl_spark.contract import Contract
from sales_etl_spark.control import Control
from sales_etl_spark.errors import RunError


@dataclass(frozen=True)
class Gap:
    by: str
    """The person who accepted it."""
    reason: str


def may_be_gap(contract: Contract) -> list[str]:
    """Only what is then unknown, such as the stock of a day: sums would be too low and look right."""
    flow = contract.fact.dated[0].table
    return [table.name for table in contract.tables if not table.is_snapshot and table.name != flow]


def _parse(text: str, table: str) -> Gap | None:
    try:
        receipt = json.loads(text)
    except ValueError:
        return None
    match receipt:
        case {"who": str(who), "what": {"table": str(of), "reason": str(reason)}} if who.strip() and reason:
            return Gap(who, reason) if of == table else None
        case _:
            return None


def accepted_gaps(control: Control, contract: Contract, business_date: str) -> dict[str, Gap]:
    """By table; from the receipts that `sales-etl accept` writes."""
    gaps: dict[str, Gap] = {}
    for table in may_be_gap(contract):
        key = f"dt={business_date}/gap-{table.replace('_', '-')}.json"
        stored = control.read(key)
        if stored is None:
            continue
        gap = _parse(stored.text, table)
        if gap is None:
            message = f"{key} is no receipt of an accepted gap: remove it and accept the gap again"
            raise RunError("RECEIPT_INVALID", message)
        gaps[table] = gap
    return gaps
