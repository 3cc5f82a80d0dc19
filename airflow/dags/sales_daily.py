"""One business date on a cluster: what the cluster is and does is decided by the job flow that the deployment wrote.

Started over REST with the run id `sales_daily__<date>__<delivery>`; the same delivery again is 409. A run that a person
begins, as from the form, asks the gate for its date and does no more: what is accepted gets such a run.
docs/airflow.md.
"""

import os
from datetime import UTC, datetime, timedelta

from airflow.providers.amazon.aws.hooks.emr import EmrHook
from airflow.providers.amazon.aws.hooks.eventbridge import EventBridgeHook
from airflow.providers.amazon.aws.hooks.glue_crawler import GlueCrawlerHook
from airflow.providers.amazon.aws.operators.emr import (
    EmrAddStepsOperator,
    EmrCreateJobFlowOperator,
    EmrTerminateJobFlowOperator,
)
from airflow.providers.amazon.aws.sensors.emr import EmrStepSensor
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, Param, TaskGroup, TriggerRule, chain, task
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from sales_etl_run.business_date import business_date_of, is_of_the_gate
from sales_etl_run.events import gate_requested_entry, maintenance_failed_entry, put, result_of, run_ended_entry
from sales_etl_run.job_flow import read_job_flow

POLL_SECONDS = 30
CRAWL = "crawl_landing"
MAINTAIN = "transform.maintain_tables"
# What is done beside the loading of the date.
BESIDE = (CRAWL, MAINTAIN)
MAX_STEP_TIME = timedelta(hours=3)
MAX_TERMINATION_TIME = timedelta(minutes=20)
# Once a week, on the date's cluster.
MAX_MAINTENANCE_TIME = timedelta(hours=1)
# Beside the termination of the cluster.
MAX_CRAWL_TIME = timedelta(minutes=10)
CRAWL_POLL_SECONDS = 5
# A run that is over time loses its teardown, too: the cluster's own limits must end the tasks well before.
MAX_RUN_TIME = MAX_STEP_TIME + MAX_MAINTENANCE_TIME + timedelta(hours=2)

with DAG(
    dag_id="sales_daily",
    description="Loads one business date and computes the weeks of the fact that it touches",
    schedule=None,
    start_date=datetime(2017, 1, 1, tzinfo=UTC),
    catchup=False,
    # One writer at a time: two overwrites of one week lose rows without a word.
    max_active_runs=1,
    dagrun_timeout=MAX_RUN_TIME,
    # No connection is stored in Airflow: the host's role and the variables of AWS decide.
    default_args={"owner": "sales-etl", "retries": 3, "retry_delay": timedelta(seconds=30), "aws_conn_id": None},
    params={
        "business_date": Param(None, type=["null", "string"], format="date"),
        "by": Param(
            None,
            type=["null", "string"],
            maxLength=200,
            description="your name, where several people sign in as one",
        ),
        "reason": Param(None, type=["null", "string"], maxLength=1000, description="why, for the record"),
        "left_to_spark": Param(
            None, type=["null", "string"], description="tables whose rows the gate has not looked at; it fills this in"
        ),
    },
    tags=["sales-etl"],
) as dag:

    @task(retries=2)
    def resolve_run(params=None, dag_run=None) -> dict:
        try:
            return resolved(params, dag_run)
        except ValueError as error:
            # A wrong date or job flow is wrong the next time, too.
            raise AirflowFailException(str(error)) from error

    def resolved(params, dag_run) -> dict:
        business_date = business_date_of(dag_run.run_id, dag_run.logical_date or dag_run.run_after, params)
        if not is_of_the_gate(dag_run.run_id):
            entry = gate_requested_entry(os.environ, business_date, dag_run, params)
            put(EventBridgeHook(aws_conn_id=None).conn, entry)
            raise AirflowSkipException(
                f"The gate was asked for {business_date}. If it accepts the date, a run named "
                f"sales_daily__{business_date}__... loads it; if not, the report beside the date's manifest says why."
            )
        values = {"business_date": business_date, "run_id": dag_run.run_id}
        job_flow = read_job_flow(os.environ, values | {"left_to_spark": params.get("left_to_spark") or ""})
        return {
            "business_date": business_date,
            "cluster": job_flow.cluster,
            "steps": job_flow.steps,
            "maintenance": job_flow.maintenance,
        }

    def states_of(ti, dag_run) -> dict:
        return ti.get_task_states(dag_id=dag_run.dag_id, run_ids=[dag_run.run_id])[dag_run.run_id]

    @task(retries=0, execution_timeout=MAX_CRAWL_TIME)
    def crawl_landing(dag_run=None) -> str:
        """Finds the new dates of the raw tables, which are for looking at what came: it says nothing of the run."""
        if not is_of_the_gate(dag_run.run_id):
            raise AirflowSkipException("Nothing was begun: the gate's own run looks for new dates.")
        name = os.environ.get("SALES_ETL_CRAWLER")
        if not name:
            raise AirflowSkipException("SALES_ETL_CRAWLER names no crawler")
        hook = GlueCrawlerHook(aws_conn_id=None)
        hook.start_crawler(name)
        attempts = MAX_CRAWL_TIME // timedelta(seconds=CRAWL_POLL_SECONDS)
        hook.get_waiter("crawler_ready").wait(
            Name=name, WaiterConfig={"Delay": CRAWL_POLL_SECONDS, "MaxAttempts": attempts}
        )
        return hook.get_crawler(name)["LastCrawl"]["Status"]

    @task(retries=5, trigger_rule=TriggerRule.ALL_DONE)
    def announce_end(params=None, dag_run=None, ti=None) -> str:
        """Whatever happened: the host is stopped after it."""
        if not is_of_the_gate(dag_run.run_id):
            raise AirflowSkipException("Nothing was begun: the gate's own run announces its end.")
        states = states_of(ti, dag_run)
        result = result_of({name: state for name, state in states.items() if name not in (ti.task_id, *BESIDE)})
        # Not taken from resolve_run, which may be what failed.
        business_date = business_date_of(dag_run.run_id, dag_run.logical_date or dag_run.run_after, params)
        cluster_id = ti.xcom_pull(task_ids="transform.create_cluster")
        entry = run_ended_entry(os.environ, business_date, dag_run.run_id, result, cluster_id)
        put(EventBridgeHook(aws_conn_id=None).conn, entry)
        return result

    run = resolve_run()

    with TaskGroup("transform"):
        create_cluster = EmrCreateJobFlowOperator(
            task_id="create_cluster",
            emr_conn_id=None,
            job_flow_overrides=run["cluster"],
            # A try whose answer got lost has made a cluster: another one would leave that behind.
            retries=0,
        )
        add_step = EmrAddStepsOperator(
            task_id="add_step",
            job_flow_id=create_cluster.output,
            steps=run["steps"],
            retries=0,
        )
        # The step's own state decides: a waiter for the cluster takes a terminated one for a success.
        wait_for_step = EmrStepSensor(
            task_id="wait_for_step",
            job_flow_id=create_cluster.output,
            step_id="{{ ti.xcom_pull('transform.add_step')[0] }}",
            poke_interval=POLL_SECONDS,
            max_attempts=MAX_STEP_TIME // timedelta(seconds=POLL_SECONDS),
            deferrable=True,
            # A failed step stays failed, and the cluster costs while it is asked again.
            retries=0,
        )

        @task(retries=0, execution_timeout=MAX_MAINTENANCE_TIME + timedelta(minutes=5))
        def maintain_tables(run, poll_seconds, ti=None, dag_run=None) -> str:
            """Once a week, on the cluster that is there anyway. It says nothing of the run: the date is published."""
            if states_of(ti, dag_run).get("transform.wait_for_step") != "success":
                raise AirflowSkipException("The date was not published: its run comes first.")
            if run["maintenance"] is None:
                raise AirflowSkipException("It is not the day for it: see weekly in the job flow.")
            cluster_id = ti.xcom_pull(task_ids="transform.create_cluster")
            try:
                [step_id] = EmrHook(aws_conn_id=None).add_job_flow_steps(
                    cluster_id,
                    [run["maintenance"]],
                    wait_for_completion=True,
                    waiter_delay=poll_seconds,
                    waiter_max_attempts=MAX_MAINTENANCE_TIME // timedelta(seconds=poll_seconds),
                )
            except Exception as error:
                entry = maintenance_failed_entry(os.environ, run["business_date"], cluster_id, error)
                put(EventBridgeHook(aws_conn_id=None).conn, entry)
                raise
            return step_id

        terminate_cluster = EmrTerminateJobFlowOperator(
            task_id="terminate_cluster",
            job_flow_id=create_cluster.output,
            waiter_delay=POLL_SECONDS,
            waiter_max_attempts=MAX_TERMINATION_TIME // timedelta(seconds=POLL_SECONDS),
            deferrable=True,
        ).as_teardown(setups=create_cluster, on_failure_fail_dagrun=True)

        # A teardown that may fail the run hides what comes before it from the run's result: without this task, a
        # failed step and a cluster well ended would be a success.
        succeeded = EmptyOperator(task_id="succeeded")

        maintain = maintain_tables(run, POLL_SECONDS).as_teardown()

    chain(create_cluster, add_step, wait_for_step, [succeeded, maintain])
    maintain >> terminate_cluster
    # Teardowns as well: their own success says nothing of the run.
    crawl = crawl_landing().as_teardown()
    wait_for_step >> crawl
    [succeeded, terminate_cluster, crawl] >> announce_end().as_teardown()
