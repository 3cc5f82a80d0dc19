"""The step `check`: rules that the new state must keep before anyone sees it, each as the rows that break it."""

import json
from collections.abc import Mapping

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from sales_etl_spark.contract import TOUCHED
from sales_etl_spark.errors import DataError
from sales_etl_spark.job import Job
from sales_etl_spark.relations import run_sql
from sales_etl_spark.sources import sources_of, touched
from sales_etl_spark.state import RunState, write_state

_SHOWN = 5


def require(job: Job, state: RunState, reads: str, sources: Mapping[str, DataFrame]) -> None:
    """Raises QUALITY_CHECK_FAILED with the first rows that break each rule; main stays as it is.

    `reads`: the checks of the `sources`, before the fact is computed from them, or those of the `fact`.
    """
    fact = job.contract.fact
    periods = state.all_periods
    candidate = job.catalog.read(fact.name, state.branch).where(F.col(fact.period).isin(*periods))
    relations = {
        **sources,
        fact.candidate: candidate,
        TOUCHED: touched(fact, sources[fact.calendar.table], periods),
    }
    broken: list[str] = []
    for quality_check in (one for one in fact.checks if one.reads == reads):
        rows = run_sql(job.spark, quality_check.sql, relations).limit(_SHOWN + 1).collect()
        shown = [json.dumps(row.asDict(), default=str) for row in rows[:_SHOWN]]
        more = [] if len(rows) <= _SHOWN else ["..."]
        log = {"check": quality_check.name, "severity": quality_check.severity, "examples": [*shown, *more]}
        job.log.write("checked", broken=len(rows) > 0, **log)
        if rows and quality_check.severity != "warning":
            broken.append(f"{quality_check.name} ({quality_check.rule}): {', '.join([*shown, *more])}")
    if broken:
        raise DataError(
            "QUALITY_CHECK_FAILED",
            f"{'; '.join(broken)}. What is published is unchanged; the rows are on the branch {state.branch}",
        )


def check(job: Job, state: RunState) -> RunState:
    require(job, state, "fact", sources_of(job, state))
    state = state.at("checked")
    write_state(job.control, state)
    job.at("checked")
    return state
