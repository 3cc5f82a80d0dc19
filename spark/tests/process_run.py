"""A run in a process of its own that stops at a named point: `process_run.py BOUNDARY kill|pause ARGUMENT...`.

Says `at NAME` on stdout at each point. `kill`: the Java process and this one are gone at once; `pause`: goes on when a
line comes on stdin.
"""

import os
import signal
import sys
from dataclasses import replace

from sales_etl_spark.arguments import parse_arguments
from sales_etl_spark.command import make_job, run_job
from sales_etl_spark.errors import DataError, RunError
from sales_etl_spark.session import open_session


def run(boundary: str, how: str, arguments: list[str]) -> int:
    parsed = parse_arguments(arguments)
    with open_session() as spark:

        def at(name: str) -> None:
            print(f"at {name}", flush=True)
            if name != boundary:
                return
            if how == "pause":
                sys.stdin.readline()
                return
            os.kill(spark._jvm.java.lang.ProcessHandle.current().pid(), signal.SIGKILL)
            os.kill(os.getpid(), signal.SIGKILL)

        try:
            return run_job(replace(make_job(spark, parsed), at=at), parsed)
        except (DataError, RunError) as error:
            print(f"failed {error.code}", flush=True)
            return error.exit_code


if __name__ == "__main__":
    sys.exit(run(sys.argv[1], sys.argv[2], sys.argv[3:]))
