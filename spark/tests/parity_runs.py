"""Runs of the job, one after the other in one session, and their tables as Parquet, for the tests of other engines.

Reads lines on stdin, each a JSON list of runs: arguments, code, catalog, database, and tables to write, name to folder.
Answers each with a line of the log, `{"event": "answered", "fault": TEXT}`, '' where all went as it should; ends with
its input.
"""

import json
import sys
import traceback
from contextlib import nullcontext

from local_files import leave_out_checksums
from pyspark.sql import SparkSession

from sales_etl_spark.command import main
from sales_etl_spark.log import Log
from sales_etl_spark.session import open_session


def run_all(spark: SparkSession, runs: list[dict]) -> str:
    for run in runs:
        code = main(run["arguments"], lambda: nullcontext(spark))
        if code != run["code"]:
            return f"the run of {run['arguments']} ended with {code}, not {run['code']}"
        for name, folder in run["tables"].items():
            table = spark.table(f"{run['catalog']}.{run['database']}.{name}")
            table.coalesce(1).write.parquet(folder)
    return ""


def answer_lines() -> None:
    with open_session() as spark:
        leave_out_checksums(spark)
        for line in sys.stdin:
            try:
                fault = run_all(spark, json.loads(line))
            except Exception:
                fault = traceback.format_exc()
            Log({}).write("answered", fault=fault)


if __name__ == "__main__":
    answer_lines()
