"""All tables or none, whenever a run dies; and back again."""

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import Cells
from house import Ended, House, Killed
from pyspark.sql import DataFrame, SparkSession
from small_dataset import SEASONS

from sales_etl_spark.errors import RunError
from sales_etl_spark.intents import done_intents, unfinished_intents
from sales_etl_spark.lease import Lease

Read = Callable[[DataFrame], Cells]
VISITS = "day,site,people\n"
OLD: Cells = [("low", "1", "2.5")]
NEW: Cells = [("high", "1", "1.0"), ("low", "1", "7.0")]
TABLES = ["visits", "seasons", "seasons_dim", "quarantine", "receipts", "season_fact"]


@dataclass(frozen=True)
class Published:
    house: House
    snapshots: Mapping[str, int]
    control: Path
    """A copy of what lies in control."""


@pytest.fixture(scope="module")
def published(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Published:
    folder = tmp_path_factory.mktemp("published")
    house = House(spark, folder)
    house.landing.export("2024-02-28", visits=f"{VISITS}2024-02-28,1,2.5\n", seasons=SEASONS)
    house.run("2024-02-28", run_id="old")
    copy = Path(shutil.copytree(folder / "control", folder / "copy"))
    return Published(house, {name: house.catalog.snapshot(name) for name in TABLES}, copy)


@pytest.fixture
def old(published: Published) -> House:
    """One date is published; it and the next one are there to be loaded in another form. As it was for each test."""
    house = published.house
    for name, snapshot in published.snapshots.items():
        for branch in house.catalog.branches(name):
            if branch != "main":
                house.catalog.drop_branch(name, branch)
        house.catalog.set_main(name, snapshot)
    shutil.rmtree(house.control.uri)
    shutil.copytree(published.control, house.control.uri)
    house.landing.export("2024-02-28", visits=f"{VISITS}2024-02-28,1,7.0\n", seasons=SEASONS)
    house.landing.export("2024-03-01", visits=f"{VISITS}2024-03-01,1,1.0\n", seasons=SEASONS)
    return house


def new(house: House, **changes: object) -> Ended:
    return house.run("2024-02-28", "2024-03-01", **{"run_id": "new", **changes})


def die_at(boundary: str, seen: list[str] | None = None) -> Callable[[str], None]:
    def at(name: str) -> None:
        if seen is not None:
            seen.append(name)
        if name == boundary:
            raise Killed(name)

    return at


BEFORE_THE_INTENT = ["leased", "branched", *[f"loaded:{name}" for name in TABLES if name != "receipts"], "loaded"]
BEFORE_THE_INTENT += ["transformed", "checked"]
AFTER_IT = ["intended", *[f"published:{name}" for name in TABLES], "all_published", "done"]


def test_the_boundaries_are_these(old: House, cells: Read):
    seen: list[str] = []
    new(old, at=die_at("nowhere", seen))
    assert sorted(seen) == sorted(BEFORE_THE_INTENT + AFTER_IT)
    assert seen[-len(AFTER_IT) :] == AFTER_IT
    assert cells(old.fact()) == NEW


def test_a_run_that_dies_before_its_intent_has_changed_nothing(old: House, cells: Read):
    for boundary in BEFORE_THE_INTENT:
        with pytest.raises(Killed, match=boundary):
            new(old, at=die_at(boundary))
        assert cells(old.fact()) == OLD
        assert cells(old.table("visits").select("people")) == [("2.5",)]
        # Its lease holds others off until it expires.
        with pytest.raises(RunError, match="LEASE_HELD: the run new"):
            new(old, run_id="next")
        old.expire_lease()
    assert new(old, run_id="next").code == 0
    assert cells(old.fact()) == NEW
    assert all(old.catalog.branches(name) == ["main"] for name in TABLES)


def test_a_run_that_dies_after_its_intent_is_finished_by_the_next_one(old: House, tmp_path: Path, cells: Read):
    """One run; what lies in warehouse and control at each point is what it would have left, had it died there."""
    folders = {"warehouse": Path(old.control.uri).parent / "warehouse", "control": Path(old.control.uri)}
    left: list[str] = []

    def keep(name: str) -> None:
        if name in AFTER_IT:
            left.append(name)
            for folder, path in folders.items():
                shutil.copytree(path, tmp_path / name / folder)

    old.run("2024-03-01", run_id="new", at=keep)
    assert left == AFTER_IT
    for boundary in AFTER_IT:
        for folder, path in folders.items():
            shutil.rmtree(path)
            shutil.copytree(tmp_path / boundary / folder, path)
        # Tables move one by one, the fact last: it is half done.
        assert cells(old.fact()) == (OLD if boundary in AFTER_IT[:-3] else [("high", "1", "1.0"), *OLD])
        with pytest.raises(RunError, match="LEASE_HELD: the run new"):
            old.run("2024-03-01", run_id="next")
        old.expire_lease()
        # Even one that has nothing of its own to load.
        ended = old.run("2024-03-01", run_id="next")
        recovered = [line["outcome"] for line in ended.events("intent_recovered")]
        assert recovered == ([] if boundary == "done" else ["done"])
        assert len(ended.events("date_unchanged")) == 1
        assert cells(old.fact()) == [("high", "1", "1.0"), *OLD]
        assert cells(old.table("receipts").select("run_id")) == [("new",), ("old",)]
        done = [intent.run_id for intent in done_intents(old.control)]
        assert (unfinished_intents(old.control), done) == ([], ["new", "old"])


def test_main_moved_by_somebody_without_the_lease_is_computed_again(old: House, cells: Read):
    def intrude(name: str) -> None:
        if name == "checked" and not old.table("visits").where("site = 9").count():
            identifier = old.catalog.identifier("visits")
            old.spark.sql(f"INSERT INTO {identifier} VALUES (DATE'2024-02-28', 9, 3.0, 'by hand', DATE'2024-02-29')")

    ended = new(old, at=intrude)
    assert len(ended.events("main_moved")) == 1
    assert cells(old.fact()) == [*NEW, ("low", "9", "3.0")]


def test_an_intent_over_a_foreign_main_is_given_up_as_long_as_no_table_is_moved(old: House, cells: Read):
    with pytest.raises(Killed):
        new(old, at=die_at("intended"))
    old.spark.sql(f"DELETE FROM {old.catalog.identifier('season_fact')} WHERE site = 99 OR people = 2.5")
    old.expire_lease()
    ended = new(old, run_id="next")
    assert [line["outcome"] for line in ended.events("intent_recovered")] == ["abandoned"]
    assert cells(old.fact()) == NEW


def test_an_intent_half_done_over_a_foreign_main_is_for_a_person(old: House):
    with pytest.raises(Killed):
        new(old, at=die_at("published:visits"))
    old.spark.sql(f"DELETE FROM {old.catalog.identifier('season_fact')} WHERE people = 2.5")
    old.expire_lease()
    with pytest.raises(RunError, match="INTENT_CONFLICT: the run new published visits, but main of season_fact"):
        new(old, run_id="next")


def test_a_run_whose_lease_was_taken_publishes_nothing(old: House, cells: Read):
    def lose_it(name: str) -> None:
        if name == "checked":
            old.expire_lease()
            Lease(old.control, "thief").acquire()

    with pytest.raises(RunError, match="LEASE_LOST: the run thief"):
        new(old, at=lose_it)
    assert cells(old.fact()) == OLD


def test_losing_the_lease_between_two_tables_ends_the_run_there(old: House):
    def lose_it(name: str) -> None:
        if name == "published:seasons":
            old.expire_lease()
            Lease(old.control, "thief").acquire()

    with pytest.raises(RunError, match="LEASE_LOST"):
        new(old, at=lose_it)
    assert old.table("visits").count() == 2
    assert old.table("receipts").count() == 1


def test_two_runs_at_once_are_one_after_the_other(old: House, cells: Read):
    """The second asks while the first is in the middle of its work, and finds it in possession."""
    refused: list[str] = []

    def second(name: str) -> None:
        if name == "transformed":
            with pytest.raises(RunError) as raised:
                new(old, run_id="second")
            refused.append(raised.value.code)

    new(old, run_id="first", at=second)
    assert refused == ["LEASE_HELD"]
    ended = new(old, run_id="second")
    assert len(ended.events("date_unchanged")) == 2
    assert cells(old.fact()) == NEW


def test_the_steps_of_a_run_one_by_one(old: House, cells: Read):
    with pytest.raises(RunError, match="RUN_UNKNOWN: the run steps has loaded nothing"):
        old.run(step="transform", run_id="steps")
    assert new(old, step="load", run_id="steps").code == 0
    with pytest.raises(RunError, match="STEP_TOO_EARLY: the run steps is loaded"):
        old.run(step="publish", run_id="steps")
    # A fault gave the lease back; the run is where it was.
    for step in ("transform", "check"):
        assert old.run(step=step, run_id="steps").code == 0
        assert cells(old.fact()) == OLD
    with pytest.raises(RunError, match="LEASE_HELD: the run steps"):
        new(old, run_id="other")
    assert old.run(step="publish", run_id="steps").log[-1]["rowsAccepted"] == 8
    assert cells(old.fact()) == NEW
    with pytest.raises(RunError, match="RUN_PUBLISHED"):
        old.run(step="publish", run_id="steps")


def test_a_step_of_a_run_whose_lease_expired_ends_when_another_one_published(old: House):
    new(old, step="load", run_id="slow")
    old.run(step="transform", run_id="slow")
    old.run(step="check", run_id="slow")
    old.expire_lease()
    new(old, run_id="fast")
    with pytest.raises(RunError, match="BRANCH_LOST: another run has removed the branch audit_2024-02-28_slow"):
        old.run(step="publish", run_id="slow")


def test_back_to_an_earlier_run_and_forward_again(old: House, cells: Read):
    new(old)
    assert cells(old.fact()) == NEW
    with pytest.raises(RunError, match=r"RUN_UNKNOWN: no run newest .* the last that did: new, old"):
        old.run(step="rollback", to_run="newest")
    ended = old.run(step="rollback", to_run="old", run_id="back")
    assert [line["table"] for line in ended.events("table_published")] == TABLES
    assert cells(old.fact()) == OLD
    assert cells(old.table("receipts").select("run_id")) == [("old",)]
    old.run(step="rollback", to_run="new", run_id="forth")
    assert cells(old.fact()) == NEW
    # What is rolled back can be loaded again.
    old.run(step="rollback", to_run="old", run_id="back again")
    assert new(old, run_id="again").log[-1]["periods"] == ["high", "low"]
    assert cells(old.fact()) == NEW


def test_a_rollback_that_dies_is_finished_by_the_next_run(old: House, cells: Read):
    new(old)
    for boundary in ("intended", "published:seasons", "all_published"):
        with pytest.raises(Killed):
            old.run(step="rollback", to_run="old", run_id="back", at=die_at(boundary))
        old.expire_lease()
        old.run(step="rollback", to_run="old", run_id="next")
        assert cells(old.fact()) == OLD
        old.run(step="rollback", to_run="new", run_id="forth")


def test_each_date_has_a_receipt(old: House):
    new(old)
    [key] = old.control.keys("dt=2024-03-01/")
    assert key == "dt=2024-03-01/published-000000002-new.json"
    receipt = json.loads((Path(old.control.uri) / key).read_text())
    assert receipt.items() >= {"businessDate": "2024-03-01", "step": "published-000000002-new"}.items()
    assert receipt["what"]["runId"] == "new"
    assert receipt["what"]["snapshots"]["season_fact"] == str(old.catalog.snapshot("season_fact"))
    # Its visit, and the three days of the seasons.
    rows = {"rowsRead": 4, "rowsAccepted": 4, "rowsRejected": 0}
    assert receipt["what"]["load"] == {**rows, "periodsRestated": ["high"]}


def test_an_empty_warehouse_has_the_tables_after_the_first_run(spark: SparkSession, house: House, cells: Read):
    house.landing.export("2024-02-28", visits=VISITS, seasons=SEASONS)
    ended = house.run("2024-02-28")
    assert [line["change"] for line in ended.events("schema_changed")] == [f"made {name}" for name in TABLES]
    partitions = {}
    for name in TABLES:
        names = [row[0] for row in spark.sql(f"DESCRIBE {house.catalog.identifier(name)}").collect()]
        partitions[name] = names[-1] if "# Partition Information" in names else None
    expected = ["load_dt", "load_dt", None, "business_date", "business_date", "season"]
    assert partitions == dict(zip(TABLES, expected, strict=True))
