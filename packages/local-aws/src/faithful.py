"""Where the emulator is simpler than AWS in a way that our programs notice: EC2's states and their events, EMR's times.

Stock, an instance runs or is stopped at once and nobody is told; EMR writes times as text, which the JavaScript SDK
refuses.
"""

import contextvars
import json
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

from ministack.core.responses import get_account_id, get_region, new_uuid
from ministack.services import ec2, emr, eventbridge

STEP_SECONDS = 0.3
CODES = {"pending": 0, "running": 16, "stopping": 64, "stopped": 80}

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
    ec2._instances[instance_id]["State"] = {"Code": CODES[state], "Name": state}
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


def make_faithful() -> None:
    emr._now_iso = time.time
    actions = ec2._ACTION_MAP
    actions["StartInstances"] = _changing(actions["StartInstances"], "pending", "running", {"stopping"})
    actions["StopInstances"] = _changing(actions["StopInstances"], "stopping", "stopped", {"pending"})
