"""Cases of the Spark bench, each in a process of its own: `spark_cases.py CASE CONTRACT LANDING WAREHOUSE DATE [TO]`.

Prints seconds of wall clock and of CPU from the first line of the case on: Spark's start is the same for both sides.
"""

import json
import resource
import sys
import time
from contextlib import nullcontext
from pathlib import Path

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from sales_etl_spark.artifact import parse_contract
from sales_etl_spark.catalog import open_catalog
from sales_etl_spark.command import main
from sales_etl_spark.contract import TOUCHED, Contract
from sales_etl_spark.session import open_session
from sales_etl_spark.sizing import size_shuffles


def typed(
    spark: SparkSession, contract: Contract, landing: str, day: str
) -> dict[str, DataFrame]:
    """Spark's own typed read, which says nothing of what is wrong."""
    tables: dict[str, DataFrame] = {}
    for table in contract.tables:
        file = f"{landing}/{table.name}/dt={day}/{table.name}_{day}.csv"
        with Path(file).open(encoding="utf-8") as lines:
            header = next(lines).strip().split(",")
        types = {column.name: column.type.simpleString() for column in table.columns}
        schema = ", ".join(f"{name} {types[name]}" for name in header)
        tables[table.name] = spark.read.schema(schema).csv(file, header=True)
    return tables


def bare(
    spark: SparkSession, contract: Contract, landing: str, warehouse: str, day: str
) -> None:
    """The limit: typed read, the rows and the fact into Iceberg tables; no checks, no branch, no publish."""
    size_shuffles(
        spark, sum(file.stat().st_size for file in Path(landing).rglob(f"*_{day}.csv"))
    )
    catalog = open_catalog(spark, "bare", contract.dataset, warehouse)
    spark.sql(f"CREATE NAMESPACE IF NOT EXISTS bare.{contract.dataset}")
    sources: dict[str, DataFrame] = {}
    for name, rows in typed(spark, contract, landing, day).items():
        dated = rows.withColumn("load_dt", F.lit(day).cast("date"))
        dated.writeTo(catalog.identifier(name)).using("iceberg").partitionedBy(
            "load_dt"
        ).createOrReplace()
        sources[name] = spark.table(catalog.identifier(name))
    fact = contract.fact
    sources[TOUCHED] = sources[fact.calendar.table].select(fact.period).distinct()
    for name, rows in sources.items():
        rows.createOrReplaceTempView(name)
    made = spark.sql(fact.sql).writeTo(catalog.identifier(fact.name)).using("iceberg")
    made.partitionedBy(fact.period).createOrReplace()


def job(
    spark: SparkSession,
    contract: str,
    landing: str,
    warehouse: str,
    dates: tuple[str, str],
) -> None:
    arguments = [
        # As in a night: the gate has read the files.
        "--left-to-spark=",
        "--contract",
        contract,
        "--landing",
        landing,
        "--warehouse",
        warehouse,
        "--run-id",
        "-".join(dates),
    ]
    if (
        main(
            [*arguments, "--from", dates[0], "--to", dates[1]],
            lambda: nullcontext(spark),
        )
        != 0
    ):
        raise SystemExit("the bench's dates should be accepted")


def cpu_seconds(spark: SparkSession) -> float:
    """Of the Java process and of this one."""
    java = (
        spark._jvm.java.lang.ProcessHandle.current()
        .info()
        .totalCpuDuration()
        .get()
        .toMillis()
        / 1000
    )
    own = resource.getrusage(resource.RUSAGE_SELF)
    return java + own.ru_utime + own.ru_stime


def peak_megabytes(spark: SparkSession) -> float:
    status = Path(
        f"/proc/{spark._jvm.java.lang.ProcessHandle.current().pid()}/status"
    ).read_text()
    return (
        next(
            int(line.split()[1])
            for line in status.splitlines()
            if line.startswith("VmHWM")
        )
        / 1024
    )


def measure() -> None:
    case, contract, landing, warehouse, first, *rest = sys.argv[1:]
    last = rest[0] if rest else first
    with open_session() as spark:
        parsed = parse_contract(Path(contract).read_text(encoding="utf-8"))
        start, before = time.monotonic(), cpu_seconds(spark)
        if case == "bare":
            bare(spark, parsed, landing, warehouse, first)
        else:
            job(spark, contract, landing, warehouse, (first, last))
        seconds, cpu = time.monotonic() - start, cpu_seconds(spark) - before
        print(
            json.dumps(
                {
                    "seconds": seconds,
                    "cpu": cpu,
                    "start": before,
                    "megabytes": peak_megabytes(spark),
                }
            )
        )


if __name__ == "__main__":
    measure()
