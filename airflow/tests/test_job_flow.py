import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from conftest import JOB_FLOW
from sales_etl_run.job_flow import JobFlowError, fill, parse_job_flow, read_job_flow

VALUES = {"business_date": "2017-06-30", "run_id": "sales_daily__2017-06-30", "left_to_spark": "sales"}
GOOD: dict[str, Any] = {
    "jobFlow": {
        "Name": "sales-etl {{ business_date }}",
        "Instances": {"KeepJobFlowAliveWhenNoSteps": True},
        "AutoTerminationPolicy": {"IdleTimeout": 900},
    },
    "steps": [{"Name": "load", "HadoopJarStep": {"Args": ["--run-id", "{{run_id}}", "--date={{ business_date }}"]}}],
}


def test_dates_and_run_are_filled_in_everywhere():
    job_flow = parse_job_flow(json.dumps(GOOD), VALUES)
    assert job_flow.cluster["Name"] == "sales-etl 2017-06-30"
    assert job_flow.cluster["Instances"] == {"KeepJobFlowAliveWhenNoSteps": True}
    assert job_flow.steps[0]["HadoopJarStep"]["Args"] == [
        "--run-id",
        "sales_daily__2017-06-30",
        "--date=2017-06-30",
    ]


def test_the_generated_job_flow_is_understood_and_leaves_nothing_open():
    job_flow = read_job_flow({"SALES_ETL_JOB_FLOW": str(JOB_FLOW)}, VALUES)
    arguments = job_flow.steps[0]["HadoopJarStep"]["Args"]
    assert arguments[arguments.index("--business-date") + 1] == "2017-06-30"
    assert arguments[arguments.index("--run-id") + 1] == "sales_daily__2017-06-30"
    assert "--left-to-spark=sales" in arguments
    assert "{{" not in json.dumps([job_flow.cluster, job_flow.steps])
    # A Friday.
    assert job_flow.maintenance is None


def test_the_generated_job_flow_maintains_the_tables_on_sundays():
    values = VALUES | {"business_date": "2017-07-02"}
    job_flow = read_job_flow({"SALES_ETL_JOB_FLOW": str(JOB_FLOW)}, values)
    assert job_flow.maintenance is not None
    arguments = job_flow.maintenance["HadoopJarStep"]["Args"]
    assert arguments[arguments.index("--step") + 1] == "maintain"
    assert arguments[arguments.index("--run-id") + 1] == "maintain-2017-07-02"
    assert job_flow.maintenance["ActionOnFailure"] == "CONTINUE"


def test_a_job_flow_of_before_has_no_maintenance():
    assert parse_job_flow(json.dumps(GOOD), VALUES).maintenance is None


def test_a_value_is_not_filled_again():
    assert fill("{{ run_id }}", {"run_id": "{{ business_date }}", "business_date": "x"}) == "{{ business_date }}"


def test_an_unknown_name_is_told_with_its_place():
    document = {"steps": [{"Args": ["a", "{{ ds }}"]}]}
    with pytest.raises(
        JobFlowError, match=r"steps\[0\]\.Args\[1\]: \{\{ ds \}\} is none of business_date, left_to_spark, run_id"
    ):
        fill(document, VALUES)


Change = Callable[[dict[str, Any]], object]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d.pop("jobFlow"), "jobFlow is no object"),
        (lambda d: d["jobFlow"].pop("Name"), "jobFlow.Name is no text"),
        (lambda d: d["jobFlow"].update(Steps=[]), "jobFlow.Steps must be left out"),
        (lambda d: d["jobFlow"].pop("Instances"), "KeepJobFlowAliveWhenNoSteps must be true"),
        (lambda d: d["jobFlow"]["Instances"].update(TerminationProtected=True), "TerminationProtected must not be set"),
        (lambda d: d["jobFlow"].pop("AutoTerminationPolicy"), "AutoTerminationPolicy is missing"),
        (lambda d: d.update(steps=[]), "exactly one step"),
        (lambda d: d["steps"].append({}), "exactly one step"),
        (lambda d: d.update(weekly={"weekday": "Sunday", "step": {}}), "weekly.weekday is none of MON, TUE"),
        (lambda d: d.update(weekly={"weekday": "SUN"}), "weekly.step is no object"),
    ],
)
def test_a_job_flow_that_would_go_wrong_on_aws(change: Change, message: str):
    document = copy.deepcopy(GOOD)
    change(document)
    with pytest.raises(JobFlowError, match=message):
        parse_job_flow(json.dumps(document), VALUES)


def test_all_problems_are_told_at_once():
    with pytest.raises(JobFlowError, match="jobFlow is no object; steps must hold"):
        parse_job_flow("{}", VALUES)


def test_no_json():
    with pytest.raises(JobFlowError, match="is no JSON"):
        parse_job_flow("jobFlow:", VALUES)


def test_the_variable_must_name_a_file(tmp_path: Path):
    with pytest.raises(JobFlowError, match="SALES_ETL_JOB_FLOW is not set"):
        read_job_flow({}, VALUES)
    with pytest.raises(JobFlowError, match=r"SALES_ETL_JOB_FLOW: .*No such file"):
        read_job_flow({"SALES_ETL_JOB_FLOW": str(tmp_path / "none.json")}, VALUES)
