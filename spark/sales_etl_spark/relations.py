"""Runs a generated SQL text over DataFrames under the names it reads."""

from collections.abc import Mapping

from pyspark.sql import DataFrame, SparkSession


def run_sql(spark: SparkSession, sql: str, relations: Mapping[str, DataFrame]) -> DataFrame:
    """The names exist only while the text is analysed: nothing is left behind in the session."""
    for name, relation in relations.items():
        relation.createOrReplaceTempView(name)
    try:
        return spark.sql(sql)
    finally:
        for name in relations:
            spark.catalog.dropTempView(name)
