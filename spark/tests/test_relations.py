from collections.abc import Iterator

import pytest
from pyspark.sql import DataFrame, SparkSession

from sales_etl_spark.contract import QualityCheck, Shared
from sales_etl_spark.quality import _broken_by
from sales_etl_spark.relations import named, run_sql

PERSISTED = "InMemoryTableScan"


def plan_of(rows: DataFrame) -> str:
    return rows._jdf.queryExecution().executedPlan().toString()


@pytest.fixture
def rows(spark: SparkSession) -> Iterator[DataFrame]:
    persisted = spark.range(3).selectExpr("id", "id * 7 AS seven").persist()
    yield persisted
    persisted.unpersist()


def test_names_stand_only_while_they_are_needed(spark: SparkSession, rows: DataFrame):
    found = run_sql(spark, "SELECT MAX(id) AS id FROM some_rows", {"some_rows": rows})
    assert found.first().id == 2
    assert not spark.catalog.tableExists("some_rows")
    with pytest.raises(ZeroDivisionError), named(spark, {"some_rows": rows}):
        raise ZeroDivisionError
    assert not spark.catalog.tableExists("some_rows")


def test_what_is_persisted_is_read_while_it_has_its_name(spark: SparkSession, rows: DataFrame):
    with named(spark, {"some_rows": rows}):
        found = spark.sql("SELECT seven FROM some_rows WHERE id = 2")
        assert PERSISTED in plan_of(found)
        assert found.first().seven == 14


def test_checks_share_a_relation_that_is_computed_once(spark: SparkSession, monkeypatch: pytest.MonkeyPatch):
    shared = Shared("late", "SELECT id, SUM(id) AS total FROM some_rows GROUP BY id", "")
    checks = [
        QualityCheck(name, "", "", "sources", "error", Shared(shared.name, shared.sql, f"SELECT id FROM late {where}"))
        for name, where in (("small", "WHERE total < 1"), ("large", "WHERE total > 1"), ("none", "WHERE total > 9"))
    ]
    plans: list[str] = []
    classic = type(spark.range(1))
    collect = classic.collect

    def watched(self: DataFrame) -> list[object]:
        found = collect(self)
        plans.append(plan_of(self))
        return found

    monkeypatch.setattr(classic, "collect", watched)
    with named(spark, {"some_rows": spark.range(3)}):
        assert _broken_by(spark, checks) == {"small": [{"id": 0}], "large": [{"id": 2}], "none": []}
    assert len(plans) == 1
    assert plans[0].count(PERSISTED) == 3
    assert not spark.catalog.tableExists("late")
