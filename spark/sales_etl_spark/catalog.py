"""Iceberg tables of one namespace: read by branch or snapshot, written on branches, moved by reference."""

from collections.abc import Sequence
from dataclasses import dataclass

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql.types import StructType

MAIN = "main"


def quoted(name: str) -> str:
    return f"`{name.replace('`', '``')}`"


@dataclass(frozen=True)
class Catalog:
    spark: SparkSession
    name: str
    namespace: str
    location: str | None = None
    """Where new tables lie, each in a folder of its name; None leaves it to the catalog."""

    def identifier(self, table: str, ref: str | None = None) -> str:
        parts = [self.name, self.namespace, table, *([] if ref is None else [ref])]
        return ".".join(map(quoted, parts))

    def _loaded(self, table: str):
        """The table as Iceberg's own API has it: references are changed there, in one commit each."""
        jvm = self.spark._jvm
        return jvm.org.apache.iceberg.spark.Spark3Util.loadIcebergTable(
            self.spark._jsparkSession, self.identifier(table)
        )

    def folder(self, table: str) -> str:
        """Where the folder of a table lies, or will lie."""
        if self.exists(table):
            return self._loaded(table).location().rpartition("/")[0]
        if self.location is not None:
            return self.location
        return f"{self.spark.conf.get(f'spark.sql.catalog.{self.name}.warehouse')}/{self.namespace}"

    def exists(self, table: str) -> bool:
        return self.spark.catalog.tableExists(self.identifier(table))

    def schema(self, table: str) -> StructType:
        return self.spark.table(self.identifier(table)).schema

    @property
    def is_glue(self) -> bool:
        return self.spark.conf.get(f"spark.sql.catalog.{self.name}.type", None) == "glue"

    def snapshot(self, table: str, ref: str = MAIN) -> int | None:
        """The snapshot that a branch or tag names; None where there is no such reference."""
        found = self._loaded(table).snapshot(ref)
        return None if found is None else found.snapshotId()

    def has_snapshot(self, table: str, snapshot: int) -> bool:
        return self._loaded(table).snapshot(snapshot) is not None

    def branches(self, table: str) -> list[str]:
        return sorted(self._loaded(table).refs().keys())

    def create_branch(self, table: str, branch: str, snapshot: int) -> None:
        self._loaded(table).manageSnapshots().createBranch(branch, snapshot).commit()

    def drop_branch(self, table: str, branch: str) -> None:
        self._loaded(table).manageSnapshots().removeBranch(branch).commit()

    def fast_forward(self, table: str, branch: str) -> None:
        """Moves main to `branch`; Iceberg refuses when main is not an ancestor of it any more."""
        self._loaded(table).manageSnapshots().fastForwardBranch(MAIN, branch).commit()

    def set_main(self, table: str, snapshot: int) -> None:
        self._loaded(table).manageSnapshots().setCurrentSnapshot(snapshot).commit()

    def set_tag(self, table: str, tag: str, snapshot: int) -> None:
        """A snapshot with a tag does not expire. Makes the tag, or moves it; commits nothing where it is there."""
        loaded = self._loaded(table)
        found = loaded.refs().get(tag)
        if found is not None and found.snapshotId() == snapshot:
            return
        changes = loaded.manageSnapshots()
        (changes.createTag if found is None else changes.replaceTag)(tag, snapshot).commit()

    def read(self, table: str, branch: str = MAIN) -> DataFrame:
        return self.spark.table(self.identifier(table, f"branch_{branch}"))

    def read_snapshot(self, table: str, snapshot: int) -> DataFrame:
        return self.spark.table(self.identifier(table, f"snapshot_id_{snapshot}"))

    def overwrite(self, table: str, branch: str, rows: DataFrame, where: Column, as_they_come: bool = False) -> None:
        """Makes `rows` all there is of what `where` selects; one commit. `where` must select whole partitions.

        `as_they_come`: rows are written by the task that has them, and not brought together by partition before. For
        rows of which each task has few partitions.
        """
        writer = rows.writeTo(self.identifier(table, f"branch_{branch}"))
        if as_they_come:
            writer = writer.option("distribution-mode", "none").option("fanout-enabled", "true")
        writer.overwrite(where)

    def added_rows(self, table: str, branch: str) -> int:
        """By the newest commit on a branch, as Iceberg itself has counted them."""
        return int(self._loaded(table).snapshot(branch).summary().get("added-records") or 0)

    def append_nothing(self, table: str) -> None:
        """A snapshot of main without a row more: one commit, and no query."""
        self._loaded(table).newAppend().commit()

    def append(self, table: str, branch: str, rows: DataFrame) -> None:
        rows.writeTo(self.identifier(table, f"branch_{branch}")).append()

    def delete(self, table: str, branch: str, where: str) -> None:
        self.spark.sql(f"DELETE FROM {self.identifier(table, f'branch_{branch}')} WHERE {where}")

    def call(self, procedure: str, table: str, *arguments: str) -> DataFrame:
        named = ", ".join([f"table => '{self.namespace}.{table}'", *arguments])
        return self.spark.sql(f"CALL {quoted(self.name)}.system.{procedure}({named})")


def local_settings(catalog: str, folder: str) -> dict[str, str]:
    """A catalog that is nothing but a folder of this machine."""
    start = f"spark.sql.catalog.{catalog}"
    return {start: "org.apache.iceberg.spark.SparkCatalog", f"{start}.type": "hadoop", f"{start}.warehouse": folder}


def open_catalog(spark: SparkSession, name: str, namespace: str, warehouse: str) -> Catalog:
    """The catalog `name` as the cluster is set up; where it is not, one that is the folder `warehouse`."""
    start = f"spark.sql.catalog.{name}"
    if spark.conf.get(start, None) is None:
        for key, value in local_settings(name, warehouse).items():
            spark.conf.set(key, value)
    # What another process committed a second ago must be seen: a lease is worth nothing over a stale table.
    if spark.conf.get(f"{start}.cache-enabled", None) is None:
        spark.conf.set(f"{start}.cache-enabled", "false")
    is_folder = spark.conf.get(f"{start}.type", None) == "hadoop"
    return Catalog(spark, name, namespace, None if is_folder else warehouse)


def in_list(values: Sequence[object]) -> str:
    return ", ".join(f"'{value}'" for value in values)
