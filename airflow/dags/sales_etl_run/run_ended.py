"""The event that tells the rest of the pipeline that a run is over and its cluster is down."""

import json
from collections.abc import Mapping

SUCCEEDED = "succeeded"
FAILED = "failed"


def result_of(states: Mapping[str, str | None]) -> str:
    """A run has succeeded where every other task has."""
    return SUCCEEDED if states and all(state == "success" for state in states.values()) else FAILED


def run_ended_entry(environment: Mapping[str, str], business_date: str, run_id: str, result: str) -> dict[str, str]:
    detail = {
        "dataset": environment.get("SALES_ETL_DATASET", "retail"),
        "businessDate": business_date,
        "runId": run_id,
        "result": result,
    }
    return {
        "Source": "sales-etl",
        "DetailType": "RunEnded",
        "EventBusName": environment.get("SALES_ETL_EVENT_BUS", "default"),
        "Detail": json.dumps(detail),
    }
