"""Clients of AWS through the SDK that Iceberg brings, set up as the catalog's are: no further package is needed."""

from py4j.protocol import Py4JJavaError
from pyspark.sql import SparkSession


def client_factory(spark: SparkSession, catalog: str):
    """Makes the clients (`.s3()`, `.glue()`) with which Iceberg itself reaches the catalog `catalog` and its files."""
    start = f"spark.sql.catalog.{catalog}."
    properties = spark._jvm.java.util.HashMap()
    for name, value in spark.conf.getAll.items():
        if name.startswith(start):
            properties[name.removeprefix(start)] = value
    # `from` is a word of Python's.
    return getattr(spark._jvm.org.apache.iceberg.aws.AwsClientFactories, "from")(properties)


def error_name(error: Py4JJavaError) -> str:
    """Of the exception in Java, without its package: `EntityNotFoundException`."""
    return error.java_exception.getClass().getSimpleName()
