"""The step `transform`: from loaded rows to the fact; only the periods that they touch are computed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from sales_etl_spark.contract import LOAD_DATE, TOUCHED, DayColumn, Fact
from sales_etl_spark.dimensions import current_rows, write_dimensions
from sales_etl_spark.dump_days import DaysByDate, changed_days, told_days
from sales_etl_spark.errors import DataError
from sales_etl_spark.job import Job
from sales_etl_spark.layout import RECEIPTS
from sales_etl_spark.quality import require
from sales_etl_spark.receipts import receipts_rows
from sales_etl_spark.relations import run_sql
from sales_etl_spark.sources import sources_of, touched
from sales_etl_spark.state import RunState, write_state

_DAYS_IN_MESSAGE = 10


def _days_by_date(job: Job, state: RunState, dated: DayColumn) -> DaysByDate:
    """The days of the rows that came and, where a date is loaded again, of the rows that they replace."""
    table = job.contract.table(dated.table)
    days: DaysByDate = defaultdict(set)
    of_dates = F.col(LOAD_DATE).isin(state.business_dates)
    came = job.catalog.read(table.name, state.branch).where(of_dates)
    replaced = job.catalog.read_snapshot(table.name, state.bases[table.name]).where(of_dates)
    # Days are few, however many the rows are: a load brings one to three weeks of them a date.
    for load_date, day in (
        came.select(LOAD_DATE, dated.date).union(replaced.select(LOAD_DATE, dated.date)).distinct().collect()
    ):
        days[str(load_date)].add(day)
    return days


def moved_periods(fact: Fact, before: DataFrame, now: DataFrame) -> list[object]:
    """The periods whose days the newest calendar counts differently from the published one."""
    old, new = (rows.select(fact.calendar.date, fact.period) for rows in (before, now))
    if old.isEmpty():
        return []
    moved = old.exceptAll(new).union(new.exceptAll(old)).select(fact.period).distinct()
    return [row[0] for row in moved.collect()]


def _known_periods(fact: Fact, days: Iterable[date], calendar: DataFrame) -> dict[date, object]:
    day = F.col(fact.calendar.date)
    rows = calendar.where(day.isin(*days)).select(day.alias("day"), F.col(fact.period).alias("period")).collect()
    return {row["day"]: row["period"] for row in rows}


def periods_of(fact: Fact, days: Sequence[date], calendar: DataFrame) -> dict[date, object]:
    """The period of each day. A day without one would drop out of the fact without a word: an error."""
    periods = _known_periods(fact, days, calendar)
    unknown = sorted(set(days) - set(periods))
    if unknown:
        names = ", ".join(map(str, unknown[:_DAYS_IN_MESSAGE]))
        raise DataError("DAY_WITHOUT_PERIOD", f"{fact.calendar.table} lacks {len(unknown)} days with rows: {names}")
    return periods


def _dump_periods(job: Job, state: RunState, calendar: DataFrame) -> dict[str, set[object]]:
    """By date the periods that dumps of all days have changed: those of its own rows, of the last date the rest.

    A dump may come late and say nothing that a newer one has not said.
    """
    fact = job.contract.fact
    tables = [job.contract.table(dated.table) for dated in fact.dated]
    dumped = [table for table in tables if table.load == "cumulative"]
    changed = sorted(set().union(*[changed_days(job, state, table) for table in dumped]))
    if not changed:
        return {}
    periods = set(periods_of(fact, changed, calendar).values())
    # Of a date alone there is nothing to tell apart.
    told = told_days(job, state, dumped) if len(state.dates) > 1 else {}
    period_of = _known_periods(fact, set().union(*told.values()), calendar)
    of_date = {one: {period_of[day] for day in days if day in period_of} & periods for one, days in told.items()}
    of_date.setdefault(state.business_dates[-1], set()).update(periods - set().union(*of_date.values()))
    return of_date


def touched_periods(job: Job, state: RunState) -> dict[str, list[object]]:
    """By date the periods to compute again, sorted."""
    fact = job.contract.fact
    calendar = job.contract.table(fact.calendar.table)
    now = current_rows(calendar, job.catalog.read(calendar.name, state.branch))
    before = current_rows(calendar, job.catalog.read_snapshot(calendar.name, state.bases[calendar.name]))
    days: DaysByDate = defaultdict(set)
    for dated in fact.dated:
        if job.contract.table(dated.table).load != "cumulative":
            for load_date, found in _days_by_date(job, state, dated).items():
                days[load_date] |= found
    period_of = periods_of(fact, sorted(set().union(*days.values())), now)
    dumped = _dump_periods(job, state, now)
    moved = moved_periods(fact, before, now)
    # Rows that are replaced count in the week that they were counted in, too; a changed calendar came with the newest.
    return {
        one: sorted(
            {period_of[day] for day in days[one]}
            | dumped.get(one, set())
            | set(moved if one == state.business_dates[-1] else [])
        )
        for one in state.business_dates
    }


def compute_fact(
    spark: SparkSession, fact: Fact, sources: Mapping[str, DataFrame], periods: Sequence[object]
) -> DataFrame:
    """The fact's rows of `periods`, with the contract's columns and types and nothing else."""
    schema = fact.schema
    relations = {**sources, TOUCHED: touched(fact, sources[fact.calendar.table], periods)}
    rows = run_sql(spark, fact.sql, relations).select(*schema.fieldNames())
    found = [(field.name, field.dataType) for field in rows.schema]
    expected = [(field.name, field.dataType) for field in schema]
    if found != expected:
        raise RuntimeError(f"the SQL of {fact.name} gives {found}, the contract says {expected}")
    return rows


def transform(job: Job, state: RunState) -> RunState:
    fact = job.contract.fact
    state = state.at("transformed", periods=touched_periods(job, state))
    periods = state.all_periods
    sources = sources_of(job, state)
    # What the exactness of the fact's SQL stands on is looked at before it runs.
    require(job, state, "sources", sources)
    rows = compute_fact(job.spark, fact, sources, periods)
    job.catalog.overwrite(fact.name, state.branch, rows, F.col(fact.period).isin(*periods))
    job.at(f"loaded:{fact.name}")
    count = job.catalog.added_rows(fact.name, state.branch)
    state = state.at("transformed", fact_rows=count)
    job.catalog.overwrite(
        RECEIPTS,
        state.branch,
        receipts_rows(job.spark, job.contract.operation(RECEIPTS), state, job.log.seconds),
        F.col("business_date").isin(state.business_dates),
    )
    write_dimensions(job, state)
    write_state(job.control, state)
    job.log.write("fact_computed", periods=periods, factRows=count)
    job.at("transformed")
    return state
