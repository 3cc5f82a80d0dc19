"""Runs of the job, one after the other in one session, and their tables as Parquet, for the tests of other engines.

Reads a JSON list on stdin: `[{"arguments": [...], "catalog": ..., "database": ..., "tables": {name: folder}}]`.
"""

import json
import sys
from contextlib import nullcontext

from sales_etl_spark.command import main
from sales_etl_spark.session import open_session


def run_all() -> int:
    with open_session() as spark:
        for run in json.load(sys.stdin):
            code = main(run["arguments"], lambda: nullcontext(spark))
            if code != run["code"]:
                return 3
            for name, folder in run["tables"].items():
                table = spark.table(f"{run['catalog']}.{run['database']}.{name}")
                table.coalesce(1).write.parquet(folder)
    return 0


if __name__ == "__main__":
    sys.exit(run_all())
