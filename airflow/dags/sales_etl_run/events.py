"""What a run tells the rest of the pipeline: that it is over and its cluster is down, or that a person wants one."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

SUCCEEDED = "succeeded"
FAILED = "failed"


class Run(Protocol):
    """What is read of Airflow's run."""

    run_id: str
    run_after: datetime
    triggering_user_name: str | None
    """Who was signed in when the run began."""


def result_of(states: Mapping[str, str | None]) -> str:
    """A run has succeeded where every other task has."""
    return SUCCEEDED if states and all(state == "success" for state in states.values()) else FAILED


def run_ended_entry(
    environment: Mapping[str, str], business_date: str, run_id: str, result: str, cluster_id: str | None
) -> dict[str, str]:
    detail = {
        "dataset": environment.get("SALES_ETL_DATASET", "retail"),
        "businessDate": business_date,
        "runId": run_id,
        "result": result,
        "clusterId": cluster_id,
    }
    return _entry(environment, "RunEnded", detail)


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()


def asked_by(name: object, run: Run) -> str:
    """For the gate's receipt: the name that was given, and the account, which several people may share."""
    said, user = _text(name), _text(run.triggering_user_name)
    account = f"{user} in Airflow" if user else "Airflow"
    return f"{said} ({account})" if said else account


def gate_requested_entry(
    environment: Mapping[str, str], business_date: str, run: Run, params: Mapping[str, object]
) -> dict[str, str]:
    """The request's name is the run's: the same run again asks for nothing new. Its `by` and `reason` are in `params`.

    The run's own note is not for tasks: they are given a run without it.
    """
    detail = {
        "scheduledTime": run.run_after.isoformat(),
        "businessDate": business_date,
        "requestId": run.run_id,
        "by": asked_by(params.get("by"), run),
    }
    reason = _text(params.get("reason"))
    return _entry(environment, "GateRequested", detail | ({"reason": reason} if reason else {}))


def maintenance_failed_entry(
    environment: Mapping[str, str], business_date: str, cluster_id: str, error: Exception
) -> dict[str, str]:
    """A person must look, by day: docs/operate.md has a chapter about the code."""
    message = (
        f"The tables were not maintained after {business_date} ({error}). All rows are published and right; queries "
        f"get slower and storage grows until it is done. What Spark said is in the logs of cluster {cluster_id}."
    )
    return _entry(environment, "AttentionNeeded", {"code": "MAINTENANCE_FAILED", "message": message})


def _entry(environment: Mapping[str, str], detail_type: str, detail: Mapping[str, str | None]) -> dict[str, str]:
    return {
        "Source": "sales-etl",
        "DetailType": detail_type,
        "EventBusName": environment.get("SALES_ETL_EVENT_BUS", "default"),
        "Detail": json.dumps(detail),
    }


def put(client: Any, entry: Mapping[str, str]) -> None:
    """PutEvents itself succeeds also when it takes nothing."""
    answer = client.put_events(Entries=[entry])
    if answer["FailedEntryCount"] > 0:
        raise RuntimeError(f"the bus {entry['EventBusName']} did not take the event: {answer['Entries']}")
