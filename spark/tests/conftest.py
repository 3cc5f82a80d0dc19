"""One session for all tests: starting Spark costs more than any of them."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from house import House
from local_files import leave_out_checksums
from pyspark.sql import DataFrame, SparkSession

from sales_etl_spark.artifact import parse_contract
from sales_etl_spark.catalog import Catalog
from sales_etl_spark.contract import Contract
from sales_etl_spark.session import open_session
from sales_etl_spark.storage import Storage

ROOT = Path(__file__).parents[2]
TINY = Path(__file__).parent / "fixtures" / "tiny"
RETAIL = ROOT / "packages" / "etl-core" / "generated" / "spark" / "retail.json"
# Iceberg, fetched by `npm test -- --only spark`.
JARS = Path(os.environ.get("SALES_ETL_JARS", ROOT / ".cache" / "jars"))

# Rows are few here: planning, compiling and optimising a query costs more than running it as it is. Java's caches for
# code and classes are large enough from the beginning.
SETTINGS = {
    **json.loads((Path(__file__).parent / "few_rows.json").read_text(encoding="utf-8")),
    "spark.ui.enabled": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.log.level": "ERROR",
}


LONGEST = (
    "test_publish",
    "test_processes",
    "test_job",
    "test_load",
    "test_gaps",
    "test_glue",
    "test_maintain",
    "test_views",
)
"""Files of tests, begun first where several workers share them: none is left for the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    order = {name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: order.get(item.path.stem, len(order)))


@contextmanager
def open_test_session() -> Iterator[SparkSession]:
    settings = " ".join(f"--conf '{key}={value}'" for key, value in SETTINGS.items())
    jars = sorted(map(str, JARS.glob("*.jar")))
    if not jars:
        pytest.exit(f"there are no jars of Iceberg in {JARS}: node packages/cli/src/spark/jars.ts fetches them", 3)
    os.environ["PYSPARK_SUBMIT_ARGS"] = f"--master local[2] --jars {','.join(jars)} {settings} pyspark-shell"
    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    with open_session() as session:
        leave_out_checksums(session)
        yield session


@pytest.fixture(scope="session")
def spark() -> Iterator[SparkSession]:
    with open_test_session() as session:
        yield session


@pytest.fixture(scope="session")
def storage(spark: SparkSession) -> Storage:
    return Storage(spark)


@pytest.fixture(scope="session")
def retail(spark: SparkSession) -> Contract:
    return parse_contract(RETAIL.read_text(encoding="utf-8"))


@pytest.fixture
def house(spark: SparkSession, tmp_path: Path) -> House:
    """An empty warehouse of the small data set, with a landing of its own."""
    return House(spark, tmp_path)


Cells = list[tuple[str, ...]]


@pytest.fixture
def cells() -> Callable[[DataFrame], Cells]:
    """Rows as sorted tuples of text, '' for NULL: what a small table in a test is written in."""

    def collect(rows: DataFrame) -> Cells:
        return sorted(tuple("" if value is None else str(value) for value in row) for row in rows.collect())

    return collect


def ask_view(catalog: Catalog, sql: str) -> DataFrame:
    """A view's text as it stands: Spark reads Trino's words for a snapshot, and names in double quotes if told so."""
    session = catalog.spark
    session.conf.set("spark.sql.ansi.doubleQuotedIdentifiers", "true")
    before = session.catalog.currentCatalog()
    session.catalog.setCurrentCatalog(catalog.name)
    try:
        return session.sql(sql)
    finally:
        session.catalog.setCurrentCatalog(before)
        session.conf.unset("spark.sql.ansi.doubleQuotedIdentifiers")
