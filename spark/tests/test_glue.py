"""Tables in Glue and S3, lease and receipts in S3: the same job against a local AWS, through the real clients."""

import json
import os
import re
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from asking import ask_at_once
from conftest import Cells, ask_view
from house import House, Killed
from pyspark.sql import DataFrame, SparkSession
from small_dataset import SEASONS

from sales_etl_spark.aws import client_factory
from sales_etl_spark.catalog import Catalog, open_catalog
from sales_etl_spark.errors import RunError
from sales_etl_spark.s3_control import S3Control

ENDPOINT = os.environ.get("SALES_ETL_AWS_ENDPOINT")
pytestmark = pytest.mark.skipif(ENDPOINT is None, reason="Glue and S3: no local AWS (SALES_ETL_AWS_ENDPOINT)")

VISITS = "day,site,people\n"


@pytest.fixture(scope="module")
def aws(spark: SparkSession) -> str:
    """A catalog's name. Its bucket `lake` is there."""
    settings = {
        "": "org.apache.iceberg.spark.SparkCatalog",
        ".type": "glue",
        ".warehouse": "s3://lake/tables",
        ".io-impl": "org.apache.iceberg.aws.s3.S3FileIO",
        ".s3.endpoint": ENDPOINT,
        ".glue.endpoint": ENDPOINT,
        ".s3.path-style-access": "true",
        ".client.region": "us-east-1",
        ".s3.access-key-id": "test",
        ".s3.secret-access-key": "test",
    }
    for key, value in settings.items():
        spark.conf.set(f"spark.sql.catalog.lake{key}", value)
    return "lake"


@pytest.fixture
def control(spark: SparkSession, aws: str) -> S3Control:
    return S3Control(spark, f"s3://control/{uuid4().hex}", aws)


def test_objects_are_written_once_and_replaced_by_version(control: S3Control):
    assert control.read("a/1.json") is None
    assert control.create("a/1.json", "one")
    assert not control.create("a/1.json", "other")
    stored = control.read("a/1.json")
    assert stored is not None
    assert stored.text == "one"
    assert control.replace("a/1.json", "two", stored.version)
    assert not control.replace("a/1.json", "three", stored.version)
    assert not control.replace("a/2.json", "three", stored.version)
    control.write("b.json", "four")
    assert (control.keys("a/"), control.keys("")) == (["a/1.json"], ["a/1.json", "b.json"])
    assert control.read("a/1.json").text == "two"


def test_of_many_that_ask_at_once_one_gets_the_lease(control: S3Control):
    assert ask_at_once(control, 4) == ([1], ["LEASE_HELD"] * 3)


def view_of(catalog: Catalog, name: str = "season_visits") -> dict[str, str]:
    """What readers find in Glue."""
    aws = catalog.spark._jvm.software.amazon.awssdk.services.glue.model
    request = aws.GetTableRequest.builder().databaseName(catalog.namespace).name(name).build()
    table = client_factory(catalog.spark, catalog.name).glue().getTable(request).table()
    assert (table.tableType(), table.viewExpandedText()) == ("VIRTUAL_VIEW", "/* Presto View */")
    packed = re.fullmatch(r"/\* Presto View: (\S+) \*/", table.viewOriginalText())
    assert packed is not None
    view = json.loads(b64decode(packed[1]))
    listed = [(one.name(), one.type()) for one in table.storageDescriptor().columns()]
    assert [name for name, _ in listed] == [one["name"] for one in view["columns"]]
    return {**view, "hive": listed, "parameters": dict(table.parameters())}


def die_at(boundary: str) -> Callable[[str], None]:
    def at(name: str) -> None:
        if name == boundary:
            raise Killed(name)

    return at


OLD: Cells = [("low", "1", "2.5", "2.5")]
NEW: Cells = [("high", "1", "1.0", "1.0"), ("low", "1", "2.5", "2.5"), ("low", "2", "4.0", "4.0")]


def test_readers_of_a_view_never_see_two_publishes_mixed(
    spark: SparkSession, aws: str, control: S3Control, tmp_path: Path, cells: Callable[[DataFrame], Cells]
):
    name = f"views_{uuid4().hex[:8]}"
    catalog = open_catalog(spark, aws, name, f"s3://lake/{name}")
    house = House(spark, tmp_path, catalog=catalog, control=control)
    house.landing.export("2024-02-29", visits=f"{VISITS}2024-02-29,1,2.5\n", seasons=SEASONS)
    house.run("2024-02-29", run_id="old")
    view = view_of(catalog)
    assert cells(ask_view(catalog, view["originalSql"])) == OLD
    # As a view that Athena's CREATE VIEW has made.
    assert (view["catalog"], view["schema"]) == ("awsdatacatalog", name)
    types = [("season", "varchar"), ("site", "integer"), ("people", "decimal(18,1)"), ("visited", "decimal(18,1)")]
    assert [(one["name"], one["type"]) for one in view["columns"]] == types
    assert view["hive"] == [("season", "string"), ("site", "int"), *types[2:]]
    told = {"presto_view": "true", "comment": "Presto View", "sales_etl_run": "old"}
    assert view["parameters"].items() >= told.items()

    house.landing.export("2024-03-01", visits=f"{VISITS}2024-03-01,1,1.0\n2024-02-28,2,4.0\n", seasons=SEASONS)
    joined = f"SELECT count(*) FROM {catalog.identifier('visits')} v"
    for boundary in ("published:visits", "done"):
        with pytest.raises(Killed):
            house.run("2024-03-01", run_id="new", at=die_at(boundary))
        # Main of the tables is already the new one, of some or of all.
        assert spark.sql(joined).first()[0] == 3
        assert view_of(catalog) == view
        assert cells(ask_view(catalog, view["originalSql"])) == OLD
        house.expire_lease()
        # Any run repairs it, also one that goes back right after it.
        back = house.run(step="rollback", to_run="old", run_id="back")
        assert [line["ofRun"] for line in back.events("view_replaced")] == ["new", "back"]
        view = view_of(catalog)
        assert cells(ask_view(catalog, view["originalSql"])) == OLD
    house.run(step="rollback", to_run="new", run_id="forth")
    assert cells(ask_view(catalog, view_of(catalog)["originalSql"])) == NEW
    # Once it is right, it is left alone.
    assert house.run("2024-03-01", run_id="idle").events("view_replaced") == []


def test_a_table_in_the_place_of_a_view_is_left_alone_and_nothing_is_published(
    spark: SparkSession, aws: str, control: S3Control, tmp_path: Path
):
    name = f"views_{uuid4().hex[:8]}"
    catalog = open_catalog(spark, aws, name, f"s3://lake/{name}")
    spark.sql(f"CREATE NAMESPACE `{aws}`.`{name}`")
    spark.sql(
        f"CREATE TABLE {catalog.identifier('season_visits')} (own INT) USING iceberg LOCATION 's3://lake/{name}/own'"
    )
    house = House(spark, tmp_path, catalog=catalog, control=control)
    house.landing.export("2024-02-29", visits=f"{VISITS}2024-02-29,1,2.5\n", seasons=SEASONS)
    with pytest.raises(RunError, match=f"VIEW_NAME_TAKEN: {name}.season_visits is no view of Athena"):
        house.run("2024-02-29")
    assert not catalog.exists("visits")
    assert catalog.schema("season_visits").fieldNames() == ["own"]


def test_a_run_that_dies_half_published_is_finished_by_the_next(
    spark: SparkSession, aws: str, control: S3Control, tmp_path: Path, cells: Callable[[DataFrame], Cells]
):
    catalog = open_catalog(spark, aws, "park", "s3://lake/tables")
    house = House(spark, tmp_path, catalog=catalog, control=control)
    house.landing.export("2024-02-29", visits=f"{VISITS}2024-02-29,1,2.5\n2024-02-29,1,x\n", seasons=SEASONS)
    house.run("2024-02-29")
    house.landing.export("2024-03-01", visits=f"{VISITS}2024-03-01,1,1.0\n2024-02-28,2,4.0\n", seasons=SEASONS)

    def die(name: str) -> None:
        if name == "published:seasons":
            raise Killed(name)

    with pytest.raises(Killed):
        house.run("2024-03-01", at=die)
    assert house.table("visits").count() == 3
    assert cells(house.fact()) == [("low", "1", "2.5")]
    house.expire_lease()
    ended = house.run("2024-03-01")
    assert [line["outcome"] for line in ended.events("intent_recovered")] == ["done"]
    assert cells(house.fact()) == [("high", "1", "1.0"), ("low", "1", "2.5"), ("low", "2", "4.0")]
    assert cells(house.table("quarantine").select("line_num", "field_value")) == [("3", "x")]
    [described] = (
        spark.sql(f"DESCRIBE FORMATTED {catalog.identifier('visits')}").where("col_name = 'Location'").collect()
    )
    assert described["data_type"] == "s3://lake/tables/visits"
    house.run(step="maintain")
    assert cells(house.fact()) == [("high", "1", "1.0"), ("low", "1", "2.5"), ("low", "2", "4.0")]
    # Beside the tables, found by where Glue has the fact: a wrong --warehouse leads to the same.
    other = House(spark, tmp_path, catalog=open_catalog(spark, aws, "park", "s3://lake/other"))
    other.control = S3Control(spark, f"s3://control/{uuid4().hex}", aws)
    with pytest.raises(RunError, match=r"CONTROL_DIFFERS.*s3://lake/tables/_control_of_") as error:
        other.run("2024-03-01")
    assert control.uri in str(error.value)
    assert other.control.keys("") == []
