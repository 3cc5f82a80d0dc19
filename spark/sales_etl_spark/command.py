"""The command around the job: options in, exit code out."""

import traceback
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from pyspark.sql import SparkSession

from sales_etl_spark.arguments import Arguments, parse_arguments
from sales_etl_spark.contract import Contract, parse_contract
from sales_etl_spark.errors import DataError, UsageError
from sales_etl_spark.job import Run, run_job
from sales_etl_spark.log import Log
from sales_etl_spark.session import open_session
from sales_etl_spark.storage import Storage

SYSTEM_ERROR = 2


def read_contract(spark: SparkSession, uri: str) -> Contract:
    """A name without a scheme is a file of this machine: spark-submit --files puts it into the working folder."""
    if "://" in uri:
        return parse_contract(Storage(spark).read_text(uri))
    try:
        return parse_contract(Path(uri).read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"the contract cannot be read: {error}") from error


def run_arguments(spark: SparkSession, arguments: Arguments) -> None:
    contract = read_contract(spark, arguments.contract)
    log = Log({"dataset": contract.dataset, "contractVersion": contract.version, "runId": arguments.run_id})
    dates = arguments.business_dates
    log.write("run_started", businessDates=dates)
    result = run_job(Run(spark, contract, arguments.landing, arguments.warehouse, dates, log))
    log.write(
        "run_ended",
        businessDates=dates,
        rowsRead=sum(rows.read for rows in result.rows.values()),
        rowsAccepted=sum(rows.accepted for rows in result.rows.values()),
        rowsRejected=sum(rows.rejected for rows in result.rows.values()),
        periods=result.periods,
        factRows=result.fact_rows,
    )


def main(arguments: Sequence[str], session: Callable[[], AbstractContextManager[SparkSession]] = open_session) -> int:
    """0: loaded; 1: the data cannot be loaded as it is, and nothing was written; 2: wrong usage or system fault."""
    log = Log({})
    try:
        parsed = parse_arguments(arguments)
        with session() as spark:
            run_arguments(spark, parsed)
    except (DataError, UsageError) as error:
        log.write("run_failed", code=error.code, message=str(error))
        return error.exit_code
    except Exception as error:
        # Python itself would end with 1 here, which means rejected data.
        log.write("run_failed", code="SYSTEM", message=f"{type(error).__name__}: {error}")
        traceback.print_exc()
        return SYSTEM_ERROR
    return 0
