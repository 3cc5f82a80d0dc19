"""The cluster and its steps for one run, from the JSON that the deployment rendered."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

_PLACEHOLDER = re.compile(r"\{\{\s*(.*?)\s*\}\}")


class JobFlowError(ValueError):
    """The JSON cannot be used; the message names the place."""


@dataclass(frozen=True)
class JobFlow:
    cluster: dict[str, Any]
    """The input of RunJobFlow, without steps."""
    steps: list[dict[str, Any]]
    maintenance: dict[str, Any] | None
    """The step to add once the date is published; None where it is not the day for it."""


def fill(value: Any, values: Mapping[str, str], place: str = "") -> Any:
    """Replaces `{{ name }}` in every string below `value`; a name without a value is an error."""
    if isinstance(value, str):

        def replacement(match: re.Match[str]) -> str:
            name = match[1]
            if name not in values:
                raise JobFlowError(f"{place}: {{{{ {name} }}}} is none of {', '.join(sorted(values))}")
            return values[name]

        return _PLACEHOLDER.sub(replacement, value)
    if isinstance(value, list):
        return [fill(item, values, f"{place}[{index}]") for index, item in enumerate(value)]
    if isinstance(value, dict):
        return {key: fill(item, values, f"{place}.{key}" if place else key) for key, item in value.items()}
    return value


WEEKDAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")


def _problems(document: Any) -> list[str]:
    if not isinstance(document, dict):
        return ["it is no object"]
    problems = []
    cluster, steps = document.get("jobFlow"), document.get("steps")
    if not isinstance(cluster, dict):
        problems.append("jobFlow is no object")
    else:
        instances = cluster.get("Instances")
        instances = instances if isinstance(instances, dict) else {}
        if not isinstance(cluster.get("Name"), str):
            problems.append("jobFlow.Name is no text")
        if "Steps" in cluster:
            problems.append("jobFlow.Steps must be left out: the DAG adds the steps")
        if instances.get("KeepJobFlowAliveWhenNoSteps") is not True:
            problems.append("jobFlow.Instances.KeepJobFlowAliveWhenNoSteps must be true, or the cluster ends at once")
        if instances.get("TerminationProtected"):
            problems.append("jobFlow.Instances.TerminationProtected must not be set, or the cluster cannot be ended")
        if not isinstance(cluster.get("AutoTerminationPolicy"), dict):
            problems.append("jobFlow.AutoTerminationPolicy is missing: the second way in which the cluster ends")
    if not isinstance(steps, list) or len(steps) != 1 or not isinstance(steps[0], dict):
        problems.append("steps must hold exactly one step")
    weekly = document.get("weekly")
    if weekly is not None:
        weekly = weekly if isinstance(weekly, dict) else {}
        if weekly.get("weekday") not in WEEKDAYS:
            problems.append(f"weekly.weekday is none of {', '.join(WEEKDAYS)}")
        if not isinstance(weekly.get("step"), dict):
            problems.append("weekly.step is no object")
    return problems


def parse_job_flow(text: str, values: Mapping[str, str]) -> JobFlow:
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise JobFlowError(f"the job flow is no JSON: {error}") from error
    problems = _problems(document)
    if problems:
        raise JobFlowError(f"the job flow cannot be used: {'; '.join(problems)}")
    weekly = document.get("weekly")
    weekday = WEEKDAYS[date.fromisoformat(values["business_date"]).weekday()]
    is_due = weekly is not None and weekly["weekday"] == weekday
    return JobFlow(
        cluster=fill(document["jobFlow"], values, "jobFlow"),
        steps=fill(document["steps"], values, "steps"),
        maintenance=fill(weekly["step"], values, "weekly.step") if is_due else None,
    )


def read_job_flow(environment: Mapping[str, str], values: Mapping[str, str]) -> JobFlow:
    """Reads the file that the variable SALES_ETL_JOB_FLOW names."""
    name = environment.get("SALES_ETL_JOB_FLOW")
    if not name:
        raise JobFlowError("SALES_ETL_JOB_FLOW is not set: it names the file of the rendered job flow")
    try:
        text = Path(name).read_text(encoding="utf-8")
    except OSError as error:
        raise JobFlowError(f"SALES_ETL_JOB_FLOW: {error}") from error
    return parse_job_flow(text, values)
