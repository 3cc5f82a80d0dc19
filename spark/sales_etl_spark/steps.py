"""The steps of a run under the writer's lease: each alone, or all of a night in one."""

from collections.abc import Callable, Mapping

from sales_etl_spark.errors import DataError, RunError
from sales_etl_spark.job import Job
from sales_etl_spark.load import load, prepare
from sales_etl_spark.publish import MainMovedError, publish, recover
from sales_etl_spark.quality import check
from sales_etl_spark.state import RunState, read_state
from sales_etl_spark.transform import transform

_ATTEMPTS = 3

Rejected = Mapping[str, DataError]


def _say_loaded(job: Job, state: RunState) -> None:
    for date in state.dates:
        job.log.write(
            "date_published",
            businessDate=date.business_date,
            rowsRead=date.read,
            rowsAccepted=date.accepted,
            rowsRejected=date.rejected,
            bytes=date.bytes,
            weeksRestated=state.periods[date.business_date],
        )


def nightly(job: Job) -> tuple[RunState | None, Rejected]:
    """All of it. Where main moved in spite of the lease, the branch is made again from the beginning."""
    for attempt in range(1, _ATTEMPTS + 1):
        recover(job)
        prepare(job)
        state, rejected = load(job)
        if state is None:
            return None, rejected
        try:
            state = publish(job, check(job, transform(job, state)))
        except MainMovedError as error:
            job.log.write("main_moved", message=str(error), attempt=attempt)
            if attempt == _ATTEMPTS:
                raise
            continue
        _say_loaded(job, state)
        return state, rejected
    raise AssertionError("unreachable")


def load_step(job: Job) -> tuple[RunState | None, Rejected]:
    recover(job)
    prepare(job)
    return load(job)


def _on_state(stage: str, work: Callable[[Job, RunState], RunState]) -> Callable[[Job], tuple[RunState, Rejected]]:
    def step(job: Job) -> tuple[RunState, Rejected]:
        state = read_state(job.control, job.run_id, stage)
        lost = [table.name for table in job.tables if job.catalog.snapshot(table.name, state.branch) is None]
        if lost:
            gone = f"another run has removed the branch {state.branch} of {', '.join(lost)}"
            raise RunError("BRANCH_LOST", f"{gone}: run the step load again")
        return work(job, state), {}

    return step


def _publish_step(job: Job, state: RunState) -> RunState:
    state = publish(job, state)
    _say_loaded(job, state)
    return state


STEPS: Mapping[str, Callable[[Job], tuple[RunState | None, Rejected]]] = {
    "nightly": nightly,
    "load": load_step,
    "transform": _on_state("loaded", transform),
    "check": _on_state("transformed", check),
    "publish": _on_state("checked", _publish_step),
}

PARKED_AFTER = ("load", "transform", "check")
"""After these the run keeps the lease for its next step."""
