"""Runs a generated SQL text over DataFrames under the names it reads."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from pyspark.sql import DataFrame, SparkSession


@contextmanager
def named(spark: SparkSession, relations: Mapping[str, DataFrame]) -> Iterator[None]:
    """SQL may read the relations under these names; afterwards nothing is left behind in the session.

    What is to be read from a persisted relation must have been read by then: with a view Spark drops what it keeps of
    the view's rows, too.
    """
    for name, relation in relations.items():
        relation.createOrReplaceTempView(name)
    try:
        yield
    finally:
        for name in relations:
            spark.catalog.dropTempView(name)


def run_sql(spark: SparkSession, sql: str, relations: Mapping[str, DataFrame]) -> DataFrame:
    """The names exist only while the text is analysed: for relations that are not persisted."""
    with named(spark, relations):
        return spark.sql(sql)
