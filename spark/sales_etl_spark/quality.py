"""The step `check`: rules that the new state must keep before anyone sees it, each as the rows that break it."""

import json
from collections.abc import Mapping, Sequence
from functools import reduce

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from sales_etl_spark.contract import TOUCHED, QualityCheck
from sales_etl_spark.errors import DataError
from sales_etl_spark.job import Job
from sales_etl_spark.relations import named
from sales_etl_spark.sources import sources_of, touched
from sales_etl_spark.state import RunState, write_state

_SHOWN = 5


def _broken_by(spark: SparkSession, checks: Sequence[QualityCheck]) -> Mapping[str, list[dict[str, object]]]:
    """By check the first rows that break it, one more than are shown. All checks are one query, planned at once."""
    over = {one.over.name: one.over for one in checks if one.over is not None}
    shared: dict[str, DataFrame] = {}
    found: dict[str, list[dict[str, object]]] = {one.name: [] for one in checks}
    try:
        for name, one in over.items():
            shared[name] = spark.sql(one.sql).persist()
        with named(spark, shared):
            rows = [
                spark.sql(one.sql if one.over is None else one.over.select)
                .limit(_SHOWN + 1)
                .select(
                    F.lit(one.name).alias("check"), F.to_json(F.struct("*"), {"ignoreNullFields": "false"}).alias("row")
                )
                for one in checks
            ]
            for name, row in reduce(DataFrame.unionAll, rows).collect() if rows else []:
                # A decimal stays the text that it is.
                found[name].append(json.loads(row, parse_float=str))
    finally:
        for relation in shared.values():
            relation.unpersist()
    return found


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
    checks = [one for one in fact.checks if one.reads == reads]
    broken: list[str] = []
    with named(job.spark, relations):
        found = _broken_by(job.spark, checks)
        many = [one for one in checks if len(found[one.name]) > _SHOWN]
        counts = {one.name: job.spark.sql(one.sql).count() for one in many}
    for one in checks:
        rows = found[one.name]
        shown = [json.dumps(row) for row in rows[:_SHOWN]]
        examples = shown if len(rows) <= _SHOWN else [*shown, "..."]
        count = counts.get(one.name, len(rows))
        job.log.write(
            "checked",
            broken=count > 0,
            rows=count,
            check=one.name,
            severity=one.severity,
            rule=one.rule,
            examples=examples,
        )
        if rows and one.severity != "warning":
            broken.append(f"{one.name} ({one.rule}): {', '.join(examples)}")
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
