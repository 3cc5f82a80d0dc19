import json
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from sales_etl_run.events import asked_by, gate_requested_entry, put, result_of, run_ended_entry


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


def test_the_event_of_the_end():
    environment = {"SALES_ETL_EVENT_BUS": "sales-etl-dev", "SALES_ETL_DATASET": "park"}
    entry = run_ended_entry(environment, "2017-06-30", "sales_daily__2017-06-30", "failed", "j-1")
    assert {**entry, "Detail": json.loads(entry["Detail"])} == {
        "Source": "sales-etl",
        "DetailType": "RunEnded",
        "EventBusName": "sales-etl-dev",
        "Detail": {
            "dataset": "park",
            "businessDate": "2017-06-30",
            "runId": "sales_daily__2017-06-30",
            "result": "failed",
            "clusterId": "j-1",
        },
    }
    assert run_ended_entry({}, "2017-06-30", "r", "failed", None)["EventBusName"] == "default"
    assert json.loads(run_ended_entry({}, "2017-06-30", "r", "failed", None)["Detail"])["clusterId"] is None


def person_run(user: str | None = "admin") -> SimpleNamespace:
    moment = datetime(2017, 7, 1, 9, 30, tzinfo=UTC)
    return SimpleNamespace(run_id="manual__1", run_after=moment, triggering_user_name=user)


@pytest.mark.parametrize(
    ("name", "user", "expected"),
    [
        (None, "admin", "admin in Airflow"),
        ("Ada Lovelace", "admin", "Ada Lovelace (admin in Airflow)"),
        ("  ", "ada", "ada in Airflow"),
        ("Ada Lovelace", None, "Ada Lovelace (Airflow)"),
        (None, None, "Airflow"),
    ],
)
def test_who_asks_is_named(name: str | None, user: str | None, expected: str):
    assert asked_by(name, person_run(user)) == expected


def test_the_event_of_a_wish():
    params = {"by": "Ada Lovelace", "reason": " the source delivered again "}
    entry = gate_requested_entry({"SALES_ETL_EVENT_BUS": "bus"}, "2017-06-30", person_run(), params)
    assert {**entry, "Detail": json.loads(entry["Detail"])} == {
        "Source": "sales-etl",
        "DetailType": "GateRequested",
        "EventBusName": "bus",
        "Detail": {
            "scheduledTime": "2017-07-01T09:30:00+00:00",
            "businessDate": "2017-06-30",
            "requestId": "manual__1",
            "by": "Ada Lovelace (admin in Airflow)",
            "reason": "the source delivered again",
        },
    }
    # The gate refuses an empty reason.
    entry = gate_requested_entry({}, "2017-06-30", person_run(), {"reason": " "})
    assert "reason" not in json.loads(entry["Detail"])


def test_an_event_that_the_bus_did_not_take_is_an_error():
    answer = {"FailedEntryCount": 1, "Entries": [{"ErrorCode": "ThrottlingException"}]}
    client = SimpleNamespace(put_events=lambda Entries: answer)  # noqa: N803
    with pytest.raises(RuntimeError, match=r"the bus bus did not take the event: .*ThrottlingException"):
        put(client, {"EventBusName": "bus"})
