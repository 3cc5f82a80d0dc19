"""Back to what an earlier run published: all tables together, as a publish of its own."""

from sales_etl_spark.errors import RunError
from sales_etl_spark.intents import Intent, Move, done_intents
from sales_etl_spark.job import Job
from sales_etl_spark.publish import carry_out

_NAMED = 10


def _target(job: Job, run_id: str) -> Intent:
    known: set[str] = set()
    for intent in done_intents(job.control):
        if intent.kind == "publish" and intent.run_id == run_id:
            return intent
        if intent.kind == "publish":
            known.add(intent.run_id)
    last = ", ".join(sorted(known)[-_NAMED:])
    raise RunError("RUN_UNKNOWN", f"no run {run_id} has published anything; the last that did: {last}")


def rollback(job: Job, run_id: str) -> None:
    """Sets main of every table to what `run_id` published; its later dates are then to be loaded again."""
    target = _target(job, run_id)
    expired = [move.table for move in target.moves if not job.catalog.has_snapshot(move.table, move.after)]
    if expired:
        raise RunError(
            "SNAPSHOT_EXPIRED",
            f"what {run_id} published of {', '.join(expired)} was removed by maintenance: choose a later run",
        )
    moves = []
    for move in target.moves:
        now = job.catalog.snapshot(move.table)
        if now is not None:
            moves.append(Move(move.table, now, move.after))
    carry_out(job, "rollback", None, [], moves)
    job.log.write("rolled_back", toRun=run_id)
