"""Whole runs against EMR and EventBridge of a local AWS."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest

from conftest import JOB_FLOW
from emulator import emulator

BUS = "sales-etl-test"
CRAWLER = "sales-etl-test-raw"
GOOD_DATE, FAILING_DATE = "2017-06-30", "2017-07-01"
# Sundays: of the second the maintenance fails, of the third the date itself.
MAINTAINED, UNMAINTAINED, FAILING_SUNDAY = "2017-07-09", "2017-07-16", "2017-07-23"
FAILING = [FAILING_DATE, f"maintain-{UNMAINTAINED}", FAILING_SUNDAY]
PYTHON = os.environ.get("SALES_ETL_EMULATOR_PYTHON")

pytestmark = pytest.mark.skipif(PYTHON is None, reason="airflow runs: SALES_ETL_EMULATOR_PYTHON names no emulator")


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with emulator(str(PYTHON), tmp_path_factory.mktemp("emulator"), failing=FAILING) as endpoint:
        patch = pytest.MonkeyPatch()
        patch.setenv("AWS_ENDPOINT_URL", endpoint)
        patch.setenv("SALES_ETL_EVENT_BUS", BUS)
        patch.setenv("SALES_ETL_JOB_FLOW", str(JOB_FLOW))
        patch.setenv("SALES_ETL_CRAWLER", CRAWLER)
        yield
        patch.undo()


@pytest.fixture(scope="module")
def queue(aws: None) -> str:
    """Where all that goes over the bus arrives."""
    events, queues = boto3.client("events"), boto3.client("sqs")
    url = queues.create_queue(QueueName="events")["QueueUrl"]
    arn = queues.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    events.create_event_bus(Name=BUS)
    events.put_rule(Name="all", EventBusName=BUS, EventPattern=json.dumps({"source": ["sales-etl"]}))
    events.put_targets(Rule="all", EventBusName=BUS, Targets=[{"Id": "queue", "Arn": arn}])
    return url


@dataclass(frozen=True)
class Run:
    state: str
    tasks: dict[str, Any]
    """The task instances by name."""
    events: list[dict[str, Any]]

    def states(self) -> dict[str, str]:
        return {name: str(task.state) for name, task in self.tasks.items()}


class Runner:
    def __init__(self, dag: Any, queue: str) -> None:
        self.dag = dag
        self.queue = queue

    def __call__(self, run_id: str | None = None, **conf: str) -> Run:
        """As trigger-dag begins it; `run_id`: as somebody else does."""
        from airflow.models.dagrun import DagRun

        of_the_gate = f"sales_daily__{conf.get('business_date')}__0a1b2c3d4e5f6071"
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(DagRun, "generate_run_id", lambda **_: run_id or of_the_gate)
            result = self.dag.test(run_conf=conf)
        tasks = {task.task_id: task for task in result.get_task_instances()}
        return Run(str(result.state), tasks, self._received())

    def _received(self) -> list[dict[str, Any]]:
        queues = boto3.client("sqs")
        messages = queues.receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10, WaitTimeSeconds=2)
        queues.purge_queue(QueueUrl=self.queue)
        return [json.loads(message["Body"]) for message in messages.get("Messages", [])]


@pytest.fixture(scope="module")
def run(dag: Any, queue: str) -> Runner:
    from airflow.utils.db import initdb

    boto3.client("glue").create_crawler(
        Name=CRAWLER,
        Role="crawler",
        DatabaseName="raw",
        Targets={"CatalogTargets": [{"DatabaseName": "raw", "Tables": ["sales"]}]},
    )
    initdb()
    # What takes half a minute on AWS takes a moment here.
    dag.get_task("transform.wait_for_step").poke_interval = 1
    dag.get_task("transform.terminate_cluster").waiter_delay = 1
    dag.get_task("transform.maintain_tables").op_args = (*dag.get_task("transform.maintain_tables").op_args[:1], 1)
    return Runner(dag, queue)


def clusters() -> dict[str, str]:
    return {cluster["Name"]: cluster["Status"]["State"] for cluster in boto3.client("emr").list_clusters()["Clusters"]}


def cluster_id(business_date: str) -> str | None:
    named = f"sales-etl-example {business_date}"
    found = [one["Id"] for one in boto3.client("emr").list_clusters()["Clusters"] if one["Name"] == named]
    return found[0] if found else None


def ended(run: Run, business_date: str, result: str) -> bool:
    """One event says how the run of the date ended."""
    [event] = run.events
    run_id = run.tasks["announce_end"].run_id
    detail = {"dataset": "retail", "businessDate": business_date, "runId": run_id, "result": result}
    detail["clusterId"] = cluster_id(business_date)
    return (event["detail-type"], event["detail"]) == ("RunEnded", detail)


def steps(business_date: str) -> dict[str, str]:
    found = boto3.client("emr").list_steps(ClusterId=cluster_id(business_date))["Steps"]
    return {step["Name"]: step["Status"]["State"] for step in found}


def test_a_good_date(run: Runner):
    done = run(business_date=GOOD_DATE)
    assert done.state == "success"
    states = done.states()
    assert states.pop("transform.maintain_tables") == "skipped"
    assert set(states.values()) == {"success"}
    assert list(steps(GOOD_DATE)) == [f"weekly fact {GOOD_DATE}"]
    assert boto3.client("glue").get_crawler(Name=CRAWLER)["Crawler"]["LastCrawl"]["Status"] == "SUCCEEDED"
    assert clusters()[f"sales-etl-example {GOOD_DATE}"] == "TERMINATED"
    assert ended(done, GOOD_DATE, "succeeded")
    assert done.tasks["announce_end"].start_date >= done.tasks["transform.terminate_cluster"].end_date


def test_a_failing_step_fails_the_run_but_the_cluster_ends_and_the_end_is_announced(run: Runner):
    done = run(business_date=FAILING_DATE)
    assert done.state == "failed"
    assert done.states() == {
        "resolve_run": "success",
        "transform.create_cluster": "success",
        "transform.add_step": "success",
        "transform.wait_for_step": "failed",
        "transform.succeeded": "upstream_failed",
        "transform.maintain_tables": "skipped",
        "transform.terminate_cluster": "success",
        # What was refused can be looked at, too.
        "crawl_landing": "success",
        "announce_end": "success",
    }
    assert clusters()[f"sales-etl-example {FAILING_DATE}"] == "TERMINATED"
    assert ended(done, FAILING_DATE, "failed")
    assert done.tasks["announce_end"].start_date >= done.tasks["transform.terminate_cluster"].end_date


def test_the_tables_are_maintained_on_a_sunday_before_the_cluster_ends(run: Runner):
    done = run(business_date=MAINTAINED)
    assert done.state == "success"
    assert set(done.states().values()) == {"success"}
    assert steps(MAINTAINED) == {f"weekly fact {MAINTAINED}": "COMPLETED", "maintain the tables": "COMPLETED"}
    assert done.tasks["transform.terminate_cluster"].start_date >= done.tasks["transform.maintain_tables"].end_date
    assert ended(done, MAINTAINED, "succeeded")


def test_a_maintenance_that_fails_is_told_and_leaves_the_date_published(run: Runner):
    done = run(business_date=UNMAINTAINED)
    assert done.state == "success"
    assert done.states()["transform.maintain_tables"] == "failed"
    assert clusters()[f"sales-etl-example {UNMAINTAINED}"] == "TERMINATED"
    told, end = sorted(done.events, key=lambda event: event["detail-type"])
    assert told["detail-type"] == "AttentionNeeded"
    assert told["detail"]["code"] == "MAINTENANCE_FAILED"
    assert UNMAINTAINED in told["detail"]["message"]
    assert str(cluster_id(UNMAINTAINED)) in told["detail"]["message"]
    assert (end["detail-type"], end["detail"]["result"]) == ("RunEnded", "succeeded")


def test_nothing_is_maintained_where_the_date_was_not_published(run: Runner):
    done = run(business_date=FAILING_SUNDAY)
    assert done.state == "failed"
    assert done.states()["transform.maintain_tables"] == "skipped"
    assert list(steps(FAILING_SUNDAY)) == [f"weekly fact {FAILING_SUNDAY}"]
    assert ended(done, FAILING_SUNDAY, "failed")


def test_a_person_asks_the_gate_and_begins_nothing(run: Runner):
    before = clusters()
    done = run(run_id="manual__2017-07-04T09:30:00+00:00", business_date="2017-07-03", by="Ada Lovelace")
    assert done.state == "success"
    assert set(done.states().values()) == {"skipped"}
    assert clusters() == before
    [event] = done.events
    assert event["detail-type"] == "GateRequested"
    assert event["detail"]["businessDate"] == "2017-07-03"
    assert event["detail"]["requestId"] == "manual__2017-07-04T09:30:00+00:00"
    assert event["detail"]["by"].startswith("Ada Lovelace (")


def test_a_crawl_that_fails_or_is_not_there_changes_nothing(run: Runner, monkeypatch: pytest.MonkeyPatch):
    cases = {"2017-07-05": ("no-such-crawler", "failed"), "2017-07-06": ("", "skipped")}
    for business_date, (name, state) in cases.items():
        monkeypatch.setenv("SALES_ETL_CRAWLER", name)
        done = run(business_date=business_date)
        assert done.state == "success"
        assert done.states()["crawl_landing"] == state
        assert ended(done, business_date, "succeeded")


def test_a_run_that_never_got_a_cluster_announces_its_end_too(
    run: Runner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setenv("SALES_ETL_JOB_FLOW", str(tmp_path / "none.json"))
    before = clusters()
    done = run(business_date="2017-07-02")
    assert done.state == "failed"
    assert done.states()["resolve_run"] == "failed"
    assert done.states()["announce_end"] == "success"
    assert clusters() == before
    assert ended(done, "2017-07-02", "failed")
