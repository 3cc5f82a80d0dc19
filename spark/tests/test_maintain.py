"""Maintenance changes no number: it is shown on a warehouse with many small files."""

import os
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from conftest import Cells
from house import House
from pyspark.sql import DataFrame
from small_dataset import SEASONS

from sales_etl_spark.errors import RunError
from sales_etl_spark.lease import Lease
from sales_etl_spark.maintain import maintain

VISITS = "day,site,people\n"


def data_files(house: House, table: str) -> set[str]:
    rows = house.spark.sql(f"SELECT file_path FROM {house.catalog.identifier(table)}.files").collect()
    return {row[0] for row in rows}


def test_files_are_compacted_in_order_and_snapshots_and_orphans_removed(
    house: House, tmp_path: Path, cells: Callable[[DataFrame], Cells]
):
    house.landing.export("2024-02-28", visits=f"{VISITS}2024-02-28,2,1.0\n2024-02-28,1,1.0\n", seasons=SEASONS)
    house.run("2024-02-28", run_id="first")
    # A second file in the same partition, as a table has that was written in small pieces.
    identifier = house.catalog.identifier("visits")
    house.spark.sql(f"INSERT INTO {identifier} VALUES (DATE'2024-02-28', 0, 3.0, 'x.csv', DATE'2024-02-28')")
    before = cells(house.table("visits"))
    assert len(data_files(house, "visits")) == 2
    lost = tmp_path / "warehouse" / "park" / "visits" / "data" / "lost.parquet"
    lost.write_bytes(b"of a writer that died")

    ended = house.run(step="maintain")
    by_table = {line["table"]: line for line in ended.events("table_maintained")}
    assert by_table["visits"]["filesRewritten"] == 2
    assert cells(house.table("visits")) == before
    [file] = data_files(house, "visits")
    assert [row["site"] for row in house.spark.read.parquet(file).collect()] == [0, 1, 2]
    # Young files and snapshots stay: somebody may be reading them, or go back to them.
    assert lost.exists()
    house.run(step="rollback", to_run="first")
    assert house.table("visits").count() == 2

    # With nothing to keep, only what is published now is left, and there is nothing to go back to.
    house.landing.export("2024-02-28", visits=f"{VISITS}2024-02-28,1,2.0\n", seasons=SEASONS)
    house.run("2024-02-28", run_id="second")
    house.job.lease.acquire()
    os.utime(lost, (0, time.time() - timedelta(days=4).total_seconds()))
    maintain(house.job, 0)
    house.job.lease.release()
    assert not lost.exists()
    assert house.spark.sql(f"SELECT * FROM {identifier}.snapshots").count() == 1
    with pytest.raises(RunError, match=r"SNAPSHOT_EXPIRED: what first published of .*visits"):
        house.run(step="rollback", to_run="first")
    assert cells(house.table("visits").select("people")) == [("2.0",)]


def test_it_waits_for_a_run_as_every_writer(house: House):
    Lease(house.control, "a run").acquire()
    with pytest.raises(RunError, match="LEASE_HELD: the run a run"):
        house.run(step="maintain")
