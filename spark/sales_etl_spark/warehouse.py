"""Parquet in folders by partition: rows by the date of their file, the fact by its period."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import StructType

from sales_etl_spark.contract import LOAD_DATE, Table
from sales_etl_spark.storage import Storage


@dataclass(frozen=True)
class Warehouse:
    spark: SparkSession
    storage: Storage
    uri: str

    def _path(self, name: str) -> str:
        return f"{self.uri}/{name}"

    def read(self, name: str, schema: StructType) -> DataFrame:
        """No rows where nothing was written yet."""
        if not self.storage.exists(self._path(name)):
            # Unlike createDataFrame, this starts no Python on the cluster.
            return self.spark.range(0).select([F.lit(None).cast(field.dataType).alias(field.name) for field in schema])
        return self.spark.read.schema(schema).parquet(self._path(name)).select(*schema.fieldNames())

    def replace(self, name: str, rows: DataFrame, partition: str, values: Collection[str]) -> None:
        """Makes `rows` all there is of the partitions `values`, also of those that have no row any more."""
        path = self._path(name)
        # Files of good size: small partitions come together in one, a large one is split.
        balanced = rows.hint("rebalance", partition)
        writer = balanced.write.mode("overwrite").option("partitionOverwriteMode", "dynamic").partitionBy(partition)
        writer.parquet(path)
        written = {str(row[partition]) for row in rows.select(partition).distinct().collect()}
        for value in set(values) - written:
            self.storage.delete(f"{path}/{partition}={value}")


def stored_rows(warehouse: Warehouse, table: Table) -> DataFrame:
    return warehouse.read(table.name, table.stored_schema)


def without_dates(rows: DataFrame, business_dates: Sequence[str]) -> DataFrame:
    return rows.where(~F.col(LOAD_DATE).cast("string").isin(*business_dates))


def of_dates(rows: DataFrame, business_dates: Sequence[str]) -> DataFrame:
    return rows.where(F.col(LOAD_DATE).cast("string").isin(*business_dates))


def current_rows(table: Table, rows: DataFrame) -> DataFrame:
    """All rows; of a table that comes whole each time, those of its newest date."""
    if not table.is_snapshot:
        return rows
    newest = rows.agg(F.max(LOAD_DATE)).first()[0]
    return rows.where(F.col(LOAD_DATE) == F.lit(newest))
