"""Back to what an earlier run published: all tables together, as a publish of its own."""

from sales_etl_spark.errors import RunError
from sales_etl_spark.intents import Move, done_intents
from sales_etl_spark.job import Job
from sales_etl_spark.publish import carry_out

_NAMED = 10


def _snapshots(job: Job, run_id: str) -> dict[str, int]:
    """By table what it was after the run. One that is younger goes back to what it was when it was made."""
    known: set[str] = set()
    before: dict[str, int] = {}
    for intent in done_intents(job.control):
        if intent.kind == "publish" and intent.run_id == run_id:
            own = {move.table: move.after for move in intent.moves}
            return {**{table: snapshot for table, snapshot in before.items() if table not in own}, **own}
        if intent.kind == "publish":
            known.add(intent.run_id)
        before.update({move.table: move.before for move in intent.moves})
    last = ", ".join(sorted(known)[-_NAMED:])
    raise RunError("RUN_UNKNOWN", f"no run {run_id} has published anything; the last that did: {last}")


def rollback(job: Job, run_id: str) -> None:
    """Sets main of every table to what `run_id` published; its later dates are then to be loaded again."""
    snapshots = _snapshots(job, run_id)
    expired = [table for table, snapshot in snapshots.items() if not job.catalog.has_snapshot(table, snapshot)]
    if expired:
        raise RunError(
            "SNAPSHOT_EXPIRED",
            f"what {run_id} published of {', '.join(expired)} was removed by maintenance: choose a later run",
        )
    moves = []
    for table, snapshot in snapshots.items():
        now = job.catalog.snapshot(table)
        if now is not None:
            moves.append(Move(table, now, snapshot))
    carry_out(job, "rollback", None, [], moves)
    job.log.write("rolled_back", toRun=run_id)
