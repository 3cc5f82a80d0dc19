"""The job's options."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NoReturn

from sales_etl_spark.errors import UsageError


@dataclass(frozen=True)
class Arguments:
    contract: str
    landing: str
    warehouse: str
    business_dates: tuple[str, ...]
    run_id: str


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}\n{self.format_usage().rstrip()}")


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no day written YYYY-MM-DD") from error
    if day.isoformat() != text:  # fromisoformat also reads 20170630 and 2017-W26-5
        raise argparse.ArgumentTypeError(f"{text!r} is no day written YYYY-MM-DD")
    return day


def _folder(text: str) -> str:
    return text.rstrip("/") or "/"


def _parser() -> _Parser:
    parser = _Parser(prog="main.py", description="Loads business dates and computes the fact's periods they touch.")
    parser.add_argument("--contract", required=True, metavar="FILE", help="generated/spark/<dataset>.json")
    parser.add_argument("--landing", required=True, type=_folder, metavar="URI")
    parser.add_argument("--warehouse", required=True, type=_folder, metavar="URI")
    parser.add_argument("--business-date", type=_day, metavar="DATE")
    parser.add_argument("--from", dest="first", type=_day, metavar="DATE", help="with --to: a range, both included")
    parser.add_argument("--to", dest="last", type=_day, metavar="DATE")
    parser.add_argument("--run-id", required=True, metavar="ID")
    return parser


def parse_arguments(arguments: Sequence[str]) -> Arguments:
    options = _parser().parse_args(arguments)
    if (options.first is None) != (options.last is None) or (options.business_date is None) == (options.first is None):
        raise UsageError("name the dates either by --business-date or by --from and --to")
    first = options.business_date or options.first
    last = options.business_date or options.last
    if last < first:
        raise UsageError(f"--to {last} is before --from {first}")
    dates = tuple((first + timedelta(days=day)).isoformat() for day in range((last - first).days + 1))
    return Arguments(options.contract, options.landing, options.warehouse, dates, options.run_id)
