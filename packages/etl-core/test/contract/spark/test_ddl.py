"""Spark's own parser takes the DDL that is derived for it, and finds the derived schema in it."""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from py4j.java_gateway import JavaObject
from pyspark.sql import SparkSession

FILES = sorted(Path(os.environ["SALES_ETL_DERIVED"]).glob("*/iceberg/spark/*.sql"))

pytestmark = pytest.mark.skipif(
    "JAVA_HOME" not in os.environ and shutil.which("java") is None, reason="contract: Spark's parser; missing: Java"
)


@pytest.fixture(scope="module")
def parser() -> Iterator[JavaObject]:
    session = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
    yield session._jsparkSession.sessionState().sqlParser()
    session.stop()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_holds_the_derived_schema(parser: JavaObject, path: Path) -> None:
    plan = parser.parsePlan(path.read_text())
    struct = path.parents[2] / "spark" / f"{path.stem}.struct.json"
    assert json.loads(plan.tableSchema().json()) == json.loads(struct.read_text())
    assert plan.partitioning().size() == (0 if path.stem.endswith("_dim") else 1)
