"""The session of the job: what the meaning of the SQL depends on is set here and nowhere else."""

from collections.abc import Iterator
from contextlib import contextmanager

from pyspark.sql import SparkSession

EXTENSIONS = "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions"

ASKED_FOR = (
    "py4j.reflection.TypeUtil",
    "org.apache.iceberg.spark.Spark3Util",
    "org.apache.hadoop.fs.Path",
)
"""Classes that are reached package by package."""

BY_WHOLE_NAME = (
    "PythonUtils",
    "PythonSQLUtils",
    "functions",
    "org.apache.spark.sql.functions",
    "org.apache.spark.sql.classic.SparkSession",
    "org.apache.spark.sql.internal.SQLConf",
)
"""Classes that PySpark asks for by one name."""


def keep_classes(jvm: object) -> None:
    """Java looks through all of its jars for a name each time that Python asks for it: a sixth of a small run.

    A name that was found once is an attribute of the object that it was asked of: it is not asked for again.
    """
    for name in BY_WHOLE_NAME:
        setattr(jvm, name, getattr(jvm, name))
    for name in ASKED_FOR:
        owner = jvm
        for part in name.split("."):
            found = getattr(owner, part)
            setattr(owner, part, found)
            owner = found


def build_session() -> SparkSession:
    session = (
        SparkSession.builder.appName("sales-etl")
        # A day is a day wherever the cluster stands, and an overflow or a bad cast is an error, not a NULL.
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.ansi.enabled", "true")
        .config("spark.sql.extensions", EXTENSIONS)
        .config("spark.ui.showConsoleProgress", "false")
        # The text of a plan is written anew each time that a stage of the query ends, also where nobody looks at it; in
        # the longer of its forms that is a tenth of a run.
        .config("spark.sql.ui.explainMode", "simple")
        # Where in Python each column came from, for messages: some calls of Java for every one of them.
        .config("spark.python.sql.dataFrameDebugging.enabled", "false")
        .getOrCreate()
    )
    keep_classes(session._jvm)
    return session


@contextmanager
def open_session() -> Iterator[SparkSession]:
    spark = build_session()
    try:
        yield spark
    finally:
        spark.stop()
