"""The text of readers' views, and when it is written. Glue itself is in test_glue."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import pytest
from conftest import Cells, ask_view
from house import House
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.types import DecimalType, IntegerType, LongType, StringType
from small_dataset import SEASONS, column, contract_json, season_view, seasons_table, visits_table

from sales_etl_spark.contract import Column
from sales_etl_spark.errors import RunError
from sales_etl_spark.glue_views import StoredView, trino_type
from sales_etl_spark.intents import last_done
from sales_etl_spark.lease import Lease
from sales_etl_spark.maintain import PUBLISHED, maintain
from sales_etl_spark.views import column_sql, show

Read = Callable[[DataFrame], Cells]
VISITS = "day,site,people\n"


@dataclass
class Shelf:
    """Glue's place for the views."""

    texts: list[str] = field(default_factory=list)
    """As they were written one after the other."""
    parameters: Mapping[str, str] = field(default_factory=dict)
    busy: int = 0
    """How many writers are faster than ours."""
    meanwhile: Callable[[], None] = lambda: None

    def read(self, name: str) -> StoredView | None:
        self.meanwhile()
        return StoredView(str(len(self.texts)), self.parameters) if self.texts else None

    def write(
        self, name: str, title: str, columns: Sequence[Column], sql: str, about: Mapping[str, str], before: str | None
    ) -> bool:
        if self.busy > 0:
            self.busy -= 1
            return False
        assert before == (str(len(self.texts)) if self.texts else None)
        self.texts.append(sql)
        self.parameters = about
        return True


@pytest.fixture
def shelf(house: House) -> Shelf:
    """One date is published."""
    house.views = shelf = Shelf()
    house.landing.export("2024-02-28", visits=f"{VISITS}2024-02-28,1,2.5\n", seasons=SEASONS)
    house.run("2024-02-28", run_id="first")
    return shelf


def test_types_in_the_words_of_trino():
    types = [IntegerType(), LongType(), StringType(), DecimalType(18, 2)]
    assert [trino_type(Column("x", one)) for one in types] == ["integer", "bigint", "varchar", "decimal(18,2)"]


def test_a_column_is_as_the_contract_has_it_whatever_it_was_when_the_snapshot_was_made():
    site = Column("site", LongType())
    assert column_sql(site, {"site": "bigint"}) == '"site"'
    assert column_sql(site, {"site": "int"}) == 'CAST("site" AS bigint) AS "site"'
    assert column_sql(Column("name", StringType()), {"site": "int"}) == 'CAST(NULL AS varchar) AS "name"'


def test_a_view_has_a_column_that_came_into_the_contract_after_the_publish_that_it_shows(
    spark: SparkSession, house: House, shelf: Shelf, cells: Read
):
    """Also where a run under the new contract dies before it publishes, or goes back behind it."""
    [old] = shelf.texts
    visits = visits_table()
    visits["columns"] = [*visits["columns"], column("dogs", "int", True)]
    visits["checkSql"] = visits["checkSql"].replace(" _file,", " TRY_CAST(dogs AS INT) AS dogs, _file,")
    columns = [*season_view()["columns"], column("dogs", "bigint", True)]
    sql = season_view()["sql"].replace("v.visited\n", "v.visited, v.dogs\n")
    sql = sql.replace("AS visited", "AS visited, SUM(v.dogs) AS dogs")
    house.contract_text = contract_json(
        contractVersion="2", tables=[visits, seasons_table()], views=[season_view(columns=columns, sql=sql)]
    )
    house.landing.export("2024-02-28", visits="day,site,people,dogs\n2024-02-28,1,3.5,4\n", seasons=SEASONS)
    seen: list[Cells] = []

    def look(name: str) -> None:
        if name == "branched":
            seen.append(cells(ask_view(house.catalog, shelf.texts[-1])))

    house.run("2024-02-28", run_id="second", at=look)
    assert seen == [[("low", "1", "2.5", "2.5", "")]]
    assert cells(ask_view(house.catalog, shelf.texts[-1])) == [("low", "1", "3.5", "3.5", "4")]
    house.run(step="rollback", to_run="first")
    assert cells(ask_view(house.catalog, shelf.texts[-1])) == [("low", "1", "2.5", "2.5", "")]
    # What stood there until the new contract came can still be read, too.
    assert cells(ask_view(house.catalog, old)) == [("low", "1", "2.5", "2.5")]


def test_an_older_holder_of_the_lease_does_not_bring_back_what_it_published(house: House, shelf: Shelf):
    job = house.job
    job.lease.acquire()
    shelf.parameters = {}

    def lose_the_lease() -> None:
        house.expire_lease()
        Lease(house.control, "thief").acquire()

    shelf.meanwhile = lose_the_lease
    with pytest.raises(RunError, match="LEASE_LOST: the run thief"):
        show(job)
    assert len(shelf.texts) == 1


def test_a_view_that_somebody_changes_at_the_same_moment_is_looked_at_again(house: House, shelf: Shelf):
    house.job.lease.acquire()
    shelf.parameters, shelf.busy = {}, 2
    show(house.job)
    assert len(shelf.texts) == 2
    shelf.parameters, shelf.busy = {}, 3
    with pytest.raises(RunError, match="VIEW_BUSY: the view season_visits"):
        show(house.job)
    house.job.lease.release()


def test_maintenance_leaves_what_the_views_show(house: House, shelf: Shelf, cells: Read):
    identifier = house.catalog.identifier("visits")
    house.spark.sql(f"INSERT INTO {identifier} VALUES (DATE'2024-02-28', 9, 3.0, 'by hand', DATE'2024-02-28')")
    publish = last_done(house.control)
    assert publish is not None
    [pinned] = [move.after for move in publish.moves if move.table == "visits"]
    for _ in range(2):
        house.job.lease.acquire()
        maintain(house.job, 0)
        house.job.lease.release()
        assert house.catalog.snapshot("visits") != pinned
        assert house.catalog.snapshot("visits", PUBLISHED) == pinned
        assert cells(ask_view(house.catalog, shelf.texts[-1])) == [("low", "1", "2.5", "2.5")]
    # The next publish lets go of it, as soon as it is maintained.
    house.landing.export("2024-02-28", visits=f"{VISITS}2024-02-28,1,7.0\n", seasons=SEASONS)
    house.run("2024-02-28", run_id="second")
    house.job.lease.acquire()
    maintain(house.job, 0)
    house.job.lease.release()
    assert not house.catalog.has_snapshot("visits", pinned)
    assert cells(ask_view(house.catalog, shelf.texts[-1])) == [("low", "1", "7.0", "7.0")]
