import json

import pytest

from sales_etl_run.run_ended import result_of, run_ended_entry


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ({"a": "success", "b": "success"}, "succeeded"),
        ({"a": "success", "b": "failed"}, "failed"),
        ({"a": "success", "b": "upstream_failed"}, "failed"),
        ({"a": "success", "b": "skipped"}, "failed"),
        ({"a": "success", "b": None}, "failed"),
        ({}, "failed"),
    ],
)
def test_only_a_run_in_which_all_went_well_has_succeeded(states: dict[str, str | None], expected: str):
    assert result_of(states) == expected


def test_the_event():
    environment = {"SALES_ETL_EVENT_BUS": "sales-etl-dev", "SALES_ETL_DATASET": "park"}
    entry = run_ended_entry(environment, "2017-06-30", "sales_daily__2017-06-30", "failed")
    assert {**entry, "Detail": json.loads(entry["Detail"])} == {
        "Source": "sales-etl",
        "DetailType": "RunEnded",
        "EventBusName": "sales-etl-dev",
        "Detail": {
            "dataset": "park",
            "businessDate": "2017-06-30",
            "runId": "sales_daily__2017-06-30",
            "result": "failed",
        },
    }
    assert run_ended_entry({}, "2017-06-30", "r", "failed")["EventBusName"] == "default"
