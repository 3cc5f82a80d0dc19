"""What the DAG promises whatever happens in a run: read off its structure."""

import ast
import os
import subprocess
import sys
from datetime import timedelta

from conftest import AIRFLOW

DAG_FILE = AIRFLOW / "dags" / "sales_daily.py"


def test_the_folder_holds_one_dag_without_import_errors(dag_bag):
    assert dag_bag.import_errors == {}
    assert list(dag_bag.dags) == ["sales_daily"]


def test_one_run_at_a_time_started_from_outside(dag):
    assert (dag.max_active_runs, dag.catchup, dag.schedule) == (1, False, None)
    assert dag.params.dump() == {"business_date": None, "by": None, "reason": None, "left_to_spark": None}


def test_the_way_through_the_tasks(dag):
    downstream = {task.task_id: task.downstream_task_ids for task in dag.tasks}
    assert downstream == {
        "resolve_run": {"transform.create_cluster", "transform.add_step", "transform.maintain_tables"},
        "transform.create_cluster": {
            "transform.add_step",
            "transform.wait_for_step",
            "transform.terminate_cluster",
        },
        "transform.add_step": {"transform.wait_for_step"},
        "transform.wait_for_step": {"transform.succeeded", "transform.maintain_tables", "crawl_landing"},
        "transform.maintain_tables": {"transform.terminate_cluster"},
        "transform.succeeded": {"announce_end"},
        "transform.terminate_cluster": {"announce_end"},
        "crawl_landing": {"announce_end"},
        "announce_end": set(),
    }


def test_the_cluster_is_taken_down_whatever_happens(dag):
    create, terminate = dag.get_task("transform.create_cluster"), dag.get_task("transform.terminate_cluster")
    assert create.is_setup
    assert terminate.is_teardown
    assert terminate.on_failure_fail_dagrun
    assert terminate.trigger_rule == "all_done_setup_success"
    assert terminate.retries >= 3


def test_the_end_is_announced_whatever_happens_and_does_not_hide_a_failure(dag):
    announce = dag.get_task("announce_end")
    assert announce.is_teardown
    assert announce.upstream_task_ids == {"transform.succeeded", "transform.terminate_cluster", "crawl_landing"}
    assert announce.retries >= 3


def test_the_crawl_says_nothing_of_the_run(dag):
    crawl = dag.get_task("crawl_landing")
    assert crawl.is_teardown
    assert not crawl.on_failure_fail_dagrun
    assert crawl.retries == 0
    assert crawl.execution_timeout <= timedelta(minutes=10)


def test_the_maintenance_says_nothing_of_the_run_and_is_not_begun_twice(dag):
    maintain = dag.get_task("transform.maintain_tables")
    assert maintain.is_teardown
    assert not maintain.on_failure_fail_dagrun
    assert maintain.retries == 0


def test_what_only_reads_is_tried_again(dag):
    """On a host that has just booted the first task may find nobody who answers."""
    assert dag.get_task("resolve_run").retries == 2


def test_what_makes_a_cluster_or_a_step_is_not_tried_twice(dag):
    assert dag.get_task("transform.create_cluster").retries == 0
    assert dag.get_task("transform.add_step").retries == 0


def test_the_tasks_end_before_the_run_is_cut_off(dag):
    wait, terminate = dag.get_task("transform.wait_for_step"), dag.get_task("transform.terminate_cluster")
    assert wait.deferrable
    assert terminate.deferrable
    waiting = timedelta(seconds=(wait.retries + 1) * wait.max_attempts * wait.poke_interval)
    ending = timedelta(seconds=(terminate.retries + 1) * terminate.waiter_max_attempts * terminate.waiter_delay)
    maintaining = dag.get_task("transform.maintain_tables").execution_timeout
    assert waiting + maintaining + ending + timedelta(minutes=15) < dag.dagrun_timeout


def test_parsing_reaches_no_network_and_needs_no_settings():
    """In a process of its own: everything is imported anew, and no call may leave it."""
    code = f"""
import runpy, socket, sys
sys.path.insert(0, {str(AIRFLOW / "dags")!r})
import airflow.sdk
import airflow.providers.amazon.aws.operators.emr
def refuse(*arguments, **options):
    raise AssertionError("a call to the network while the DAG is parsed")
socket.socket.connect = refuse
socket.getaddrinfo = refuse
import boto3
boto3.client = boto3.resource = boto3.Session.client = boto3.session.Session.client = refuse
runpy.run_path({str(DAG_FILE)!r})
"""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SALES_ETL_")}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr


def test_no_file_or_variable_is_read_while_parsing():
    """Calls of `open`, `read_text` and `os.environ` stand inside tasks only."""
    module = ast.parse(DAG_FILE.read_text(encoding="utf-8"))
    inside = {
        node for function in ast.walk(module) if isinstance(function, ast.FunctionDef) for node in ast.walk(function)
    }
    outside = {node.attr for node in ast.walk(module) if isinstance(node, ast.Attribute) and node not in inside}
    names = {node.id for node in ast.walk(module) if isinstance(node, ast.Name) and node not in inside}
    assert not {"environ", "getenv", "read_text", "read_bytes", "get"} & outside
    assert not {"open", "Variable", "Connection"} & names
