"""The step `publish`: an intent with every target, the tables one by one, the fact last, the receipt, the views."""

import json
from collections.abc import Mapping, Sequence

from sales_etl_spark.errors import RunError
from sales_etl_spark.intents import (
    DONE,
    FOLDER,
    INTENT,
    Intent,
    Move,
    create_intent,
    now,
    unfinished_intents,
    write_done,
)
from sales_etl_spark.job import Job
from sales_etl_spark.state import RunState, slug, write_state
from sales_etl_spark.views import show


class MainMovedError(RunError):
    """Somebody wrote to main without the lease: the branch was made from rows that are no longer there."""

    def __init__(self, tables: Sequence[str]) -> None:
        super().__init__("MAIN_MOVED", f"main of {', '.join(tables)} moved while the run was under way: run it again")


def _receipts(job: Job, intent: Intent) -> None:
    """Of each date, for those who ask by date whether it is published; the first one stays."""
    for date in intent.business_dates:
        step = f"published-{slug(intent.name)}"
        snapshots = {move.table: str(move.after) for move in intent.moves}
        what = {"runId": intent.run_id, "snapshots": snapshots, "load": intent.loads.get(date)}
        receipt = {"businessDate": date, "step": step, "who": f"spark {intent.run_id}", "when": now(), "what": what}
        job.control.create(f"dt={date}/{step}.json", json.dumps(receipt, indent=2))


def _move(job: Job, intent: Intent, move: Move) -> None:
    # An older holder of the lease must not publish over a newer one.
    job.lease.verify()
    if intent.kind == "publish" and intent.branch is not None:
        job.catalog.fast_forward(move.table, intent.branch)
    else:
        job.catalog.set_main(move.table, move.after)
    job.log.write("table_published", table=move.table, snapshot=str(move.after))
    job.at(f"published:{move.table}")


def roll_forward(job: Job, intent: Intent) -> str:
    """Moves what is not moved yet; a second time changes nothing. Returns the outcome."""
    now = {move.table: job.catalog.snapshot(move.table) for move in intent.moves}
    foreign = [move.table for move in intent.moves if now[move.table] not in (move.before, move.after)]
    moved = [move.table for move in intent.moves if now[move.table] == move.after != move.before]
    if foreign and moved:
        raise RunError(
            "INTENT_CONFLICT",
            f"the run {intent.run_id} published {', '.join(moved)}, but main of {', '.join(foreign)} was moved by "
            "somebody without the lease: look at their snapshots, set them, then delete the intent "
            f"{FOLDER}{intent.name}{INTENT}",
        )
    if foreign:
        write_done(job.control, intent, "abandoned")
        return "abandoned"
    for move in intent.moves:
        if now[move.table] != move.after:
            _move(job, intent, move)
    _receipts(job, intent)
    job.at("all_published")
    write_done(job.control, intent, "done")
    job.at("done")
    return "done"


def recover(job: Job) -> None:
    """Finishes what a run that died had begun to publish: readers must not stay with half of it."""
    for intent in unfinished_intents(job.control):
        outcome = roll_forward(job, intent)
        job.log.write("intent_recovered", ofRun=intent.run_id, outcome=outcome)
    show(job)


def _loads(state: RunState) -> dict[str, dict[str, object]]:
    return {
        date.business_date: {
            "rowsRead": date.read,
            "rowsAccepted": date.accepted,
            "rowsRejected": date.rejected,
            "periodsRestated": state.periods[date.business_date],
        }
        for date in state.dates
    }


def carry_out(
    job: Job,
    kind: str,
    branch: str | None,
    dates: Sequence[str],
    moves: Sequence[Move],
    loads: Mapping[str, dict[str, object]] | None = None,
) -> None:
    """Writes the intent and does what it says."""
    job.lease.verify()
    name = f"{job.lease.token:09d}-{slug(job.run_id)}"
    taken = [key for key in job.control.keys(f"{FOLDER}{name}") if key.endswith(DONE)]
    if taken:
        name = f"{name}-{len(taken) + 1}"
    intent = Intent(name, kind, job.run_id, list(dates), branch, list(moves), dict(loads or {}), when=now())
    if not create_intent(job.control, intent):
        raise RunError("INTENT_EXISTS", f"there is an intent {FOLDER}{name}{INTENT} already: run again")
    job.at("intended")
    if roll_forward(job, intent) == "abandoned":
        raise MainMovedError([move.table for move in moves])
    show(job)


def publish(job: Job, state: RunState) -> RunState:
    """Raises MainMovedError where the branch is no longer one of main: then the rows are computed again."""
    moved = [name for name, base in state.bases.items() if job.catalog.snapshot(name) != base]
    if moved:
        raise MainMovedError(moved)
    targets = {table.name: job.catalog.snapshot(table.name, state.branch) for table in job.tables}
    moves = [Move(table.name, state.bases[table.name], targets[table.name]) for table in job.tables]
    carry_out(job, "publish", state.branch, state.business_dates, moves, _loads(state))
    state = state.at("published")
    write_state(job.control, state)
    for table in job.tables:
        job.catalog.drop_branch(table.name, state.branch)
    return state
