"""The emulator with an EMR that takes its time. Runs in the emulator's own Python environment.

Stock, a step is COMPLETED and a cluster TERMINATED at once, and no step ever fails. Here both take a few questions, as
on AWS, and the steps whose arguments hold a word of FAILING_STEPS fail.
"""

import os
import sys
import threading
from collections import Counter

from ministack.app import main
from ministack.services import emr

FAILING = set(os.environ["FAILING_STEPS"].split(","))
QUESTIONS = Counter()

make_step = emr._make_step
describe_step = emr._HANDLERS["DescribeStep"]
describe_cluster = emr._HANDLERS["DescribeCluster"]
terminate_job_flows = emr._HANDLERS["TerminateJobFlows"]


def pending_step(config):
    step = make_step(config)
    step["Status"]["State"] = "PENDING"
    return step


def advancing_step(data):
    QUESTIONS[data["StepId"]] += 1
    for step in emr._steps.get(data["ClusterId"], []):
        if step["Id"] == data["StepId"] and QUESTIONS[step["Id"]] > 2:
            failed = FAILING & set(step["Config"]["Args"])
            step["Status"]["State"] = "FAILED" if failed else "COMPLETED"
        elif step["Id"] == data["StepId"] and QUESTIONS[step["Id"]] == 2:
            step["Status"]["State"] = "RUNNING"
    return describe_step(data)


def slow_termination(data):
    answer = terminate_job_flows(data)
    for cluster_id in data["JobFlowIds"]:
        emr._clusters[cluster_id]["Status"]["State"] = "TERMINATING"
    return answer


def advancing_cluster(data):
    cluster = emr._clusters.get(data["ClusterId"])
    if cluster and cluster["Status"]["State"] == "TERMINATING":
        QUESTIONS[cluster["Id"]] += 1
        if QUESTIONS[cluster["Id"]] > 2:
            cluster["Status"]["State"] = "TERMINATED"
    return describe_cluster(data)


def end_with_parent() -> None:
    """The pipe is closed when the parent ends, however it ended."""
    sys.stdin.buffer.read()
    os._exit(1)


emr._make_step = pending_step
emr._HANDLERS.update(DescribeStep=advancing_step, DescribeCluster=advancing_cluster, TerminateJobFlows=slow_termination)
threading.Thread(target=end_with_parent, daemon=True).start()
main()
