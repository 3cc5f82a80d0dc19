"""Runs as processes of their own: killed, and two at once. `npm run drill:kill -- --engine spark` has all moments."""

import threading

import pytest
from drill import BOUNDARIES, LEASE_SECONDS, Drill, state_of
from pyspark.sql import SparkSession

from sales_etl_spark.errors import RunError


@pytest.fixture(scope="module")
def drill(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Drill:
    return Drill(spark, tmp_path_factory.mktemp("drill"))


@pytest.mark.parametrize("boundary", ["checked", "published:seasons"])
def test_a_killed_process_leaves_all_or_nothing_and_the_next_run_repairs_it(drill: Drill, boundary: str):
    assert boundary in BOUNDARIES
    drill.kill_at(boundary)
    assert drill.faults == []


def test_of_two_processes_at_once_one_waits_or_says_who_writes(drill: Drill):
    drill.restore()
    with drill.process("transformed", "pause", **{"business-dates": "2024-02-28"}) as first:
        first.wait_until("at transformed")
        # Longer than the lease lasts: it is renewed while its holder works, however slowly.
        with pytest.raises(RunError, match="LEASE_HELD: the run killed"):
            drill.house.run("2024-03-01", run_id="second", wait_seconds=2.0 * LEASE_SECONDS)
        threading.Timer(1, first.go_on).start()
        assert drill.house.run("2024-03-01", run_id="second", wait_seconds=300.0).code == 0
        assert first.end() == 0
    assert state_of(drill.house)["season_fact"] == drill.after["season_fact"]
    assert [row[0] for row in state_of(drill.house)["receipts"]] == ["2024-02-28", "2024-03-01"]
