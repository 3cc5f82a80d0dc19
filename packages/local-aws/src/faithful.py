"""Where the emulator is simpler than AWS in a way that our programs notice: EC2's states and their events, EMR's times.

Stock, an instance runs or is stopped at once, without a word when or why, and nobody is told. EMR writes times as text,
which the JavaScript SDK refuses; steps are COMPLETED and clusters TERMINATED at once, and nobody knows their instances.
"""

import contextvars
import json
import os
import subprocess
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

from ministack.core.responses import get_account_id, get_region, new_uuid
from ministack.services import ec2, emr, eventbridge

STEP_SECONDS = 0.3
GONE = ("shutting-down", "terminated")
CODES = {"pending": 0, "running": 16, "shutting-down": 32, "terminated": 48, "stopping": 64, "stopped": 80}

# A tag of an instance: how many starts find no capacity.
NO_CAPACITY_TAG = "local-aws:starts-without-capacity"


def _announce(instance_id: str, state: str) -> None:
    event = {
        "EventId": new_uuid(),
        "Source": "aws.ec2",
        "DetailType": "EC2 Instance State-change Notification",
        "Detail": json.dumps({"instance-id": instance_id, "state": state}),
        "Time": time.time(),
        "Resources": [f"arn:aws:ec2:{get_region()}:{get_account_id()}:instance/{instance_id}"],
        "Account": get_account_id(),
        "Region": get_region(),
        "EventBusName": "default",
    }
    eventbridge._dispatch_event(event)


def _enter(instance_id: str, state: str) -> None:
    instance = ec2._instances[instance_id]
    instance["State"] = {"Code": CODES[state], "Name": state}
    if state == "stopping":
        instance["StateTransitionReason"] = f"User initiated ({datetime.now(UTC):%Y-%m-%d %H:%M:%S} GMT)"
    elif state == "pending":
        instance["StateTransitionReason"] = ""
    _announce(instance_id, state)


def _later(action: Callable[[], None]) -> None:
    # The emulator keeps account and region of a request in the context.
    context = contextvars.copy_context()
    threading.Timer(STEP_SECONDS, lambda: context.run(action)).start()


def _without_capacity(instance_id: str) -> bool:
    for tag in ec2._tags.get(instance_id, []):
        if tag["Key"] == NO_CAPACITY_TAG and int(tag["Value"]) > 0:
            tag["Value"] = str(int(tag["Value"]) - 1)
            return True
    return False


def _changing(stock: Callable, begin: str, end: str, refused_in: set[str]) -> Callable:
    def change(parameters):
        ids = ec2._parse_member_list(parameters, "InstanceId")
        states = {name: ec2._instances[name]["State"]["Name"] for name in ids if name in ec2._instances}
        if refused_in & set(states.values()):
            message = f"The instance is not in a state from which it can be {end}"
            return ec2._error("IncorrectInstanceState", message, 400)
        idle = [name for name, state in states.items() if state not in (begin, end)]
        if end == "running" and any([_without_capacity(name) for name in idle]):
            return ec2._error("InsufficientInstanceCapacity", "There is not enough capacity", 500)
        kept = {name: dict(ec2._instances[name]["State"]) for name in states}
        answer = stock(parameters)
        for name, state in kept.items():
            ec2._instances[name]["State"] = state
        for name in idle:
            if end == "running":
                ec2._instances[name]["LaunchTime"] = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
            _enter(name, begin)
            _later(lambda name=name: _enter(name, end))
        return answer

    return change


def _with_reason(stock: Callable) -> Callable:
    def xml(instance):
        reason = f"<reason>{instance.get('StateTransitionReason', '')}</reason>"
        return stock(instance).replace("<imageId>", f"{reason}<imageId>", 1)

    return xml


RUNNER = json.loads(os.environ.get("LOCAL_AWS_STEP_RUNNER", "[]"))
"""A command that really runs a step: gets {"cluster": ..., "step": ...} as JSON, ends with 0 where the step is COMPLETED."""

_running: dict[str, subprocess.Popen] = {}
"""By the step's id."""


def _pending_step(stock: Callable) -> Callable:
    """PENDING, RUNNING, then COMPLETED, or FAILED: as LOCAL_AWS_STEP_RUNNER ends; without one, all but those that have an
    argument of LOCAL_AWS_FAILING_STEPS are COMPLETED.
    """
    failing = set(filter(None, os.environ.get("LOCAL_AWS_FAILING_STEPS", "").split(",")))

    def make(config):
        step = stock(config)
        status = step["Status"]
        status["State"] = "PENDING"
        status["Timeline"] = {"CreationDateTime": time.time()}

        def end(state):
            if status["State"] == "RUNNING":
                status["State"] = state
            status["Timeline"]["EndDateTime"] = time.time()

        def run():
            if status["State"] != "PENDING":
                return
            status["State"] = "RUNNING"
            status["Timeline"]["StartDateTime"] = time.time()
            if RUNNER:
                end("COMPLETED" if _really_run(step) == 0 else "FAILED")
            else:
                _later(lambda: end("FAILED" if failing & set(step["Config"]["Args"]) else "COMPLETED"))

        _later(run)
        return step

    return make


def _really_run(step) -> int:
    [cluster_id] = [name for name, steps in emr._steps.items() if any(one["Id"] == step["Id"] for one in steps)]
    process = subprocess.Popen(RUNNER, stdin=subprocess.PIPE)
    _running[step["Id"]] = process
    process.communicate(json.dumps({"cluster": emr._clusters[cluster_id], "step": step}, default=str).encode())
    return process.returncode


def _kill_steps(cluster_id: str) -> None:
    """A cluster that ends takes with it what runs on it."""
    for step in emr._steps.get(cluster_id, []):
        if step["Status"]["State"] in ("PENDING", "RUNNING"):
            step["Status"]["State"] = "CANCELLED"
        process = _running.pop(step["Id"], None)
        if process is not None:
            process.terminate()


def _with_configurations(stock: Callable) -> Callable:
    def run_job_flow(data):
        before = set(emr._clusters.keys())
        answer = stock(data)
        for cluster_id in set(emr._clusters.keys()) - before:
            emr._clusters[cluster_id]["Configurations"] = data.get("Configurations", [])
        return answer

    return run_job_flow


def _slow_termination(stock: Callable) -> Callable:
    def terminate(data):
        active = [name for name in data["JobFlowIds"] if name in emr._clusters and _is_active(name)]
        answer = stock(data)

        for name in active:
            _kill_steps(name)

        def end(name):
            emr._clusters[name]["Status"]["State"] = "TERMINATED"
            emr._clusters[name]["Status"]["Timeline"]["EndDateTime"] = time.time()

        for name in active:
            if emr._clusters[name]["Status"]["State"] == "TERMINATED":
                emr._clusters[name]["Status"]["State"] = "TERMINATING"
                _later(lambda name=name: end(name))
        return answer

    return terminate


def _is_active(cluster_id: str) -> bool:
    return not emr._clusters[cluster_id]["Status"]["State"].startswith("TERMINAT")


def _list_instances(data):
    """One page: those that the cluster was asked for, up for as long as it was; of a fleet's types the first."""
    cluster = emr._clusters[data["ClusterId"]]
    wanted = [
        (group["InstanceType"], group["Market"], group["RequestedInstanceCount"]) for group in cluster["InstanceGroups"]
    ]
    for fleet in cluster["InstanceFleets"]:
        [first, *_] = fleet["InstanceTypeSpecifications"]
        wanted += [
            (first["InstanceType"], "ON_DEMAND", fleet["TargetOnDemandCapacity"]),
            (first["InstanceType"], "SPOT", fleet["TargetSpotCapacity"]),
        ]
    state = "RUNNING" if _is_active(cluster["Id"]) else "TERMINATED"
    status = {"State": state, "Timeline": dict(cluster["Status"]["Timeline"])}
    instances = [
        {"Id": f"ci-{number}-{kind}", "InstanceType": kind, "Market": market, "Status": status}
        for kind, market, count in wanted
        for number in range(count)
    ]
    return emr.json_response({"Instances": instances})


def make_faithful() -> None:
    emr._now_iso = time.time
    emr._make_step = _pending_step(emr._make_step)
    emr._HANDLERS["RunJobFlow"] = _with_configurations(emr._HANDLERS["RunJobFlow"])
    emr._HANDLERS["TerminateJobFlows"] = _slow_termination(emr._HANDLERS["TerminateJobFlows"])
    emr._HANDLERS["ListInstances"] = _list_instances
    ec2._instance_xml = _with_reason(ec2._instance_xml)
    actions = ec2._ACTION_MAP
    actions["StartInstances"] = _changing(actions["StartInstances"], "pending", "running", {"stopping", *GONE})
    actions["StopInstances"] = _changing(actions["StopInstances"], "stopping", "stopped", {"pending", *GONE})
    actions["TerminateInstances"] = _changing(actions["TerminateInstances"], "shutting-down", "terminated", set())
