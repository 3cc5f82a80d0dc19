"""The command around the job: options in, exit code out."""

import traceback
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

from pyspark.sql import SparkSession

from sales_etl_spark.arguments import Arguments, parse_arguments
from sales_etl_spark.artifact import parse_contract
from sales_etl_spark.binding import require_control
from sales_etl_spark.catalog import open_catalog
from sales_etl_spark.contract import Contract
from sales_etl_spark.control import open_control
from sales_etl_spark.errors import DataError, RunError, UsageError
from sales_etl_spark.evolve import evolve
from sales_etl_spark.glue_views import open_views
from sales_etl_spark.job import Job
from sales_etl_spark.lease import Lease
from sales_etl_spark.log import Log
from sales_etl_spark.maintain import maintain
from sales_etl_spark.publish import recover
from sales_etl_spark.rollback import rollback
from sales_etl_spark.session import open_session
from sales_etl_spark.state import RunState
from sales_etl_spark.steps import PARKED_AFTER, STEPS, Rejected
from sales_etl_spark.storage import Storage

NOT_ACCEPTED = 1
SYSTEM_ERROR = 2


def read_contract(spark: SparkSession, uri: str, version: str | None) -> Contract:
    """A name without a scheme is a file of this machine: spark-submit --files puts it into the working folder."""
    if "://" in uri:
        return parse_contract(Storage(spark).read_text(uri), version)
    try:
        return parse_contract(Path(uri).read_text(encoding="utf-8"), version)
    except OSError as error:
        raise UsageError(f"the contract cannot be read: {error}") from error


def make_job(spark: SparkSession, arguments: Arguments) -> Job:
    contract = read_contract(spark, arguments.contract, arguments.contract_version)
    catalog = open_catalog(spark, arguments.catalog, arguments.database or contract.dataset, arguments.warehouse)
    unknown = sorted(set(arguments.left_to_spark or ()) - {table.name for table in contract.tables})
    if unknown:
        raise UsageError(f"--left-to-spark names {', '.join(unknown)}, which the contract does not know")
    control = open_control(spark, arguments.control, arguments.catalog)
    return Job(
        spark=spark,
        contract=contract,
        catalog=catalog,
        control=control,
        lease=Lease(control, arguments.run_id, arguments.lease_seconds),
        log=Log({"dataset": contract.dataset, "contractVersion": contract.version, "runId": arguments.run_id}),
        run_id=arguments.run_id,
        landing=arguments.landing,
        business_dates=arguments.business_dates,
        gaps=None if arguments.gaps is None else open_control(spark, arguments.gaps, arguments.catalog),
        not_read=arguments.left_to_spark,
        stop=arguments.stop,
        quick_from=arguments.quick_from,
        views=open_views(catalog),
    )


def _whole_warehouse(job: Job, work: Callable[[Job], None]) -> tuple[None, Rejected]:
    """Work on what is published already."""
    recover(job)
    evolve(job.catalog, job.tables)
    work(job)
    return None, {}


def under_lease(job: Job, arguments: Arguments) -> tuple[RunState | None, Rejected]:
    """A fault gives the lease back; a process that dies keeps it until it expires."""
    others = {
        "maintain": partial(_whole_warehouse, work=lambda job: maintain(job, arguments.retention_days)),
        "rollback": partial(_whole_warehouse, work=lambda job: rollback(job, arguments.to_run or "")),
    }
    require_control(job)
    token = job.lease.acquire(arguments.wait_seconds)
    job.at("leased")
    job.log.write("lease_taken", token=token)
    try:
        result = {**STEPS, **others}[arguments.step](job)
    except Exception:
        job.lease.release()
        raise
    except BaseException:
        job.lease.stop_renewing()
        raise
    if arguments.step in PARKED_AFTER and result[0] is not None:
        job.lease.park()
    else:
        job.lease.release()
    return result


def run_job(job: Job, arguments: Arguments) -> int:
    job.log.write("run_started", step=arguments.step, businessDates=arguments.business_dates)
    state, rejected = under_lease(job, arguments)
    dates = [] if state is None else state.dates
    job.log.write(
        "run_ended",
        step=arguments.step,
        businessDates=[date.business_date for date in dates],
        rejectedDates=sorted(rejected),
        rowsRead=sum(date.read for date in dates),
        rowsAccepted=sum(date.accepted for date in dates),
        rowsRejected=sum(date.rejected for date in dates),
        bytes=sum(date.bytes for date in dates),
        periods=[] if state is None else state.all_periods,
        factRows=0 if state is None else state.fact_rows,
    )
    return NOT_ACCEPTED if rejected else 0


def main(arguments: Sequence[str], session: Callable[[], AbstractContextManager[SparkSession]] = open_session) -> int:
    """0: done; 1: a date was not accepted or a check failed, and nothing of it is seen; 2: usage or system fault."""
    log = Log({})
    try:
        parsed = parse_arguments(arguments)
        with session() as spark:
            return run_job(make_job(spark, parsed), parsed)
    except (DataError, RunError, UsageError) as error:
        log.write("run_failed", code=error.code, message=str(error))
        return error.exit_code
    except Exception as error:
        # Python itself would end with 1 here, which means rejected data.
        log.write("run_failed", code="SYSTEM", message=f"{type(error).__name__}: {error}")
        traceback.print_exc()
        return SYSTEM_ERROR
