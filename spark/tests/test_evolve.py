"""The tables that Pulumi declares, from the same contract, are those that the job writes."""

import re
from pathlib import Path

import pytest
from conftest import ROOT
from pyspark.sql import SparkSession

from sales_etl_spark.catalog import Catalog, open_catalog
from sales_etl_spark.contract import Contract
from sales_etl_spark.errors import RunError
from sales_etl_spark.evolve import evolve
from sales_etl_spark.layout import stored_tables

ATHENA = ROOT / "packages" / "etl-core" / "generated" / "iceberg" / "retail" / "athena"
"""What the deployment runs for each table, but for names of the database and the bucket."""


def declared(file: Path) -> list[tuple[str, str]]:
    """Name and type of each column."""
    return re.findall(r"^  `?(\w+)`? (\S+) COMMENT '.*',?$", file.read_text(encoding="utf-8"), re.MULTILINE)


def create(catalog: Catalog, file: Path) -> None:
    """As Athena does: no column is required, nothing but columns and partition is given."""
    text = file.read_text(encoding="utf-8")
    columns = text[text.index("(\n") : text.index("\n)\n") + 2]
    partitioned = re.search(r"^PARTITIONED BY .*$", text, re.MULTILINE)
    catalog.spark.sql(
        f"CREATE TABLE {catalog.identifier(file.stem)} {columns} USING iceberg "
        f"{'' if partitioned is None else partitioned[0]} TBLPROPERTIES ('format-version' = '2')"
    )


@pytest.fixture
def catalog(spark: SparkSession, tmp_path: Path) -> Catalog:
    found = open_catalog(spark, f"evolve_{tmp_path.name.replace('-', '_')}", "retail", str(tmp_path))
    spark.sql(f"CREATE NAMESPACE `{found.name}`.`retail`")
    return found


def test_every_table_of_the_job_is_declared_column_by_column(retail: Contract):
    files = {file.stem: declared(file) for file in ATHENA.glob("*.sql")}
    assert files == {
        table.name: [(field.name, field.dataType.simpleString()) for field in table.schema]
        for table in stored_tables(retail)
    }
    for table in stored_tables(retail):
        text = (ATHENA / f"{table.name}.sql").read_text(encoding="utf-8")
        found = re.search(r"^PARTITIONED BY \(`?(\w+)`?\)$", text, re.MULTILINE)
        assert (None if found is None else found[1]) == table.partition, table.name


def test_tables_that_the_deployment_has_made_are_used_as_they_are(retail: Contract, catalog: Catalog):
    tables = [table for table in stored_tables(retail) if table.name in ("receipts", "quarantine", "store_dim")]
    for table in tables:
        create(catalog, ATHENA / f"{table.name}.sql")
    assert evolve(catalog, tables) == []
    assert all(catalog.snapshot(table.name) is not None for table in tables)
    receipts = next(table for table in tables if table.name == "receipts")
    assert catalog.schema("receipts").fieldNames() == receipts.schema.fieldNames()


def test_a_table_of_another_shape_is_refused(retail: Contract, catalog: Catalog):
    catalog.spark.sql(
        f"CREATE TABLE {catalog.identifier('receipts')} (run_id string, loaded_at timestamp) USING iceberg"
    )
    tables = [table for table in stored_tables(retail) if table.name == "receipts"]
    with pytest.raises(RunError, match="loaded_at is timestamp, the contract says string"):
        evolve(catalog, tables)
