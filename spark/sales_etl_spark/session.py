"""The session of the job: what the meaning of the SQL depends on is set here and nowhere else."""

from collections.abc import Iterator
from contextlib import contextmanager

from pyspark.sql import SparkSession

EXTENSIONS = "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions"


def build_session() -> SparkSession:
    return (
        SparkSession.builder.appName("sales-etl")
        # A day is a day wherever the cluster stands, and an overflow or a bad cast is an error, not a NULL.
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.ansi.enabled", "true")
        .config("spark.sql.extensions", EXTENSIONS)
        .config("spark.ui.showConsoleProgress", "false")
        .getOrCreate()
    )


@contextmanager
def open_session() -> Iterator[SparkSession]:
    spark = build_session()
    try:
        yield spark
    finally:
        spark.stop()
