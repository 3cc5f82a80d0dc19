"""The job's options."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NoReturn

from sales_etl_spark.errors import UsageError

DATED_STEPS = ("nightly", "load")
STEPS = (*DATED_STEPS, "transform", "check", "publish", "maintain", "rollback")


@dataclass(frozen=True)
class Arguments:
    step: str
    contract: str
    contract_version: str | None
    landing: str
    warehouse: str
    catalog: str
    database: str | None
    control: str
    gaps: str | None
    business_dates: tuple[str, ...]
    left_to_spark: tuple[str, ...] | None
    run_id: str
    to_run: str | None
    stop: bool
    wait_seconds: float
    lease_seconds: float
    retention_days: int
    quick_from: int


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


def _days(text: str) -> list[date]:
    days = [_day(one) for one in text.split(",")]
    if days != sorted(set(days)):
        raise argparse.ArgumentTypeError(f"{text!r} are no days in order, each once")
    return days


def _names(text: str) -> tuple[str, ...]:
    return tuple(name for name in text.split(",") if name != "")


def _folder(text: str) -> str:
    return text.rstrip("/") or "/"


def _at_least(least: int):
    def parse(text: str) -> int:
        if not text.isdecimal() or int(text) < least:
            raise argparse.ArgumentTypeError(f"{text!r} is no whole number from {least}")
        return int(text)

    return parse


def _parser() -> _Parser:
    parser = _Parser(
        prog="main.py",
        description="Loads business dates into Iceberg tables and computes the fact's periods they touch.",
    )
    add = parser.add_argument
    add("--step", choices=STEPS, default="nightly", help="nightly: load, transform, check and publish in one (default)")
    add("--contract", required=True, metavar="FILE", help="generated/spark/<dataset>.json")
    add("--contract-version", metavar="V", help="refuse a contract of another version")
    add("--landing", type=_folder, metavar="URI")
    add("--warehouse", required=True, type=_folder, metavar="URI", help="folder of the tables")
    add("--catalog", default="local", metavar="NAME", help="Spark's catalog; default: one that is the folder itself")
    add("--database", metavar="NAME", help="of the tables; default: the data set's name")
    add("--control", type=_folder, metavar="URI", help="lease, intents and receipts; default: <warehouse>/_control")
    add("--gaps", type=_folder, metavar="URI", help="receipts of gaps that a person accepted; default: in --control")
    add("--business-date", type=_day, metavar="DATE")
    add("--business-dates", type=_days, metavar="DATE,DATE", help="several dates, oldest first")
    add("--from", dest="first", type=_day, metavar="DATE", help="with --to: a range, both included")
    add("--to", dest="last", metavar="DATE|RUN", help="end of the range; with --step rollback: the run to go back to")
    add(
        "--left-to-spark",
        type=_names,
        metavar="TABLE,TABLE",
        help="the tables whose files the gate has not read; empty: none (default: all, each file is looked at closely)",
    )
    add("--run-id", required=True, metavar="ID")
    add("--stop", action="store_true", help="load nothing after the first date that is not accepted")
    add("--wait-seconds", type=_at_least(0), default=600, metavar="N", help="for another run to end (default 600)")
    add(
        "--lease-seconds",
        type=_at_least(1),
        default=300,
        metavar="N",
        help="after which a dead run is dead (default 300)",
    )
    add(
        "--retention-days", type=_at_least(1), default=30, metavar="N", help="maintain: how far back a rollback reaches"
    )
    add(
        "--quick-from",
        type=_at_least(0),
        default=1024 * 1024,
        metavar="BYTES",
        help="of a run's files together: from there on they are written while they are judged (default 1048576)",
    )
    return parser


def _dates(options: argparse.Namespace) -> tuple[str, ...]:
    last_day = None if options.last is None else _day_option("--to", options.last)
    ways = [options.business_date, options.business_dates, options.first]
    if (options.first is None) != (last_day is None) or sum(way is not None for way in ways) != 1:
        raise UsageError("name the dates either by --business-date, by --business-dates or by --from and --to")
    if options.business_dates is not None:
        return tuple(day.isoformat() for day in options.business_dates)
    first = options.business_date or options.first
    last = options.business_date or last_day
    if last < first:
        raise UsageError(f"--to {last} is before --from {first}")
    return tuple((first + timedelta(days=day)).isoformat() for day in range((last - first).days + 1))


def _day_option(name: str, text: str) -> date:
    try:
        return _day(text)
    except argparse.ArgumentTypeError as error:
        raise UsageError(f"argument {name}: {error}") from error


def parse_arguments(arguments: Sequence[str]) -> Arguments:
    options = _parser().parse_args(arguments)
    is_dated = options.step in DATED_STEPS
    if is_dated and not options.landing:
        raise UsageError(f"--step {options.step} needs --landing")
    if options.step == "rollback" and options.last is None:
        raise UsageError("--step rollback needs --to RUN")
    if options.control is None and "://" in options.warehouse:
        raise UsageError("--control must be named where the warehouse is no folder of this machine")
    for name in ("control", "gaps"):
        uri = getattr(options, name)
        # Anything else would be taken for a folder of this machine.
        if uri is not None and "://" in uri and not uri.startswith("s3://"):
            raise UsageError(f"--{name} {uri} is neither a folder of this machine nor s3://")
    return Arguments(
        step=options.step,
        contract=options.contract,
        contract_version=options.contract_version,
        landing=options.landing or "",
        warehouse=options.warehouse,
        catalog=options.catalog,
        database=options.database,
        control=options.control or f"{options.warehouse}/_control",
        gaps=options.gaps,
        business_dates=_dates(options) if is_dated else (),
        left_to_spark=options.left_to_spark,
        run_id=options.run_id,
        to_run=options.last if options.step == "rollback" else None,
        stop=options.stop,
        wait_seconds=options.wait_seconds,
        lease_seconds=options.lease_seconds,
        retention_days=options.retention_days,
        quick_from=options.quick_from,
    )
