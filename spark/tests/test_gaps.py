"""Stock of a day that a person does not expect any more: the rest of the day is loaded."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import RETAIL, TINY, Cells
from house import House
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from sales_etl_spark.errors import RunError

DATE = "2017-07-04"
STOCK = f"inventory/dt={DATE}/inventory_{DATE}.csv"
GAP = f"dt={DATE}/gap-inventory.json"

Read = Callable[[DataFrame], Cells]


def receipt(who: str, **what: str) -> str:
    """As `sales-etl accept` writes it."""
    said = {"businessDate": DATE, "step": "gap-inventory", "who": who, "when": "2017-07-05T08:00:00.000Z"}
    return json.dumps({**said, "what": what})


@pytest.fixture
def house(spark: SparkSession, tmp_path: Path) -> House:
    shutil.copytree(TINY / "landing", tmp_path / "landing")
    return House(spark, tmp_path, RETAIL.read_text(encoding="utf-8"))


def deliver(house: House, stock: str | None) -> None:
    """The date's manifest, with this stock, or without any."""
    manifest = json.loads((TINY / "landing" / f"_manifest/dt={DATE}/manifest.json").read_text(encoding="utf-8"))
    files = [file for file in manifest["files"] if file["table"] != "inventory"]
    (house.landing.folder / STOCK).unlink(missing_ok=True)
    if stock is not None:
        house.landing.write(STOCK, stock)
        rows = len(stock.splitlines()) - 1
        files.append({"table": "inventory", "file": STOCK, "rows": rows, "bytes": len(stock.encode())})
    totals = {table: sums for table, sums in manifest.get("totals", {}).items() if table != "inventory"}
    house.landing.manifest(DATE, files, totals=totals)


def tracked(house: House, cells: Read) -> Cells:
    """The week of the date: units sold, days with stock, of them out of stock."""
    week = house.fact().where(F.col("yr_wk_num") == 201727)
    return cells(week.select("store_key", "prod_key", "sales_qty", "days_tracked", "out_of_stock_days"))


def test_stock_that_never_comes_or_cannot_be_used(house: House, cells: Read):
    right = (TINY / "landing" / STOCK).read_text(encoding="utf-8")
    deliver(house, None)
    ended = house.run(DATE)
    assert [line["code"] for line in ended.events("date_rejected")] == ["TABLE_MISSING"]
    assert ended.events("gap_accepted") == []

    house.control.create(GAP, receipt("ana", table="inventory", reason="the scanner was broken"))
    ended = house.run("2017-07-02", "2017-07-03", DATE)
    assert (ended.code, ended.events("date_rejected")) == (0, [])
    said = {"businessDate": DATE, "table": "inventory", "by": "ana", "reason": "the scanner was broken"}
    assert ended.events("gap_accepted") == [{"event": "gap_accepted", "code": "TABLE_MISSING", **said}]
    # The stock rows of the second and third of July alone (see the fixture's README): five and four.
    without = [
        ("1", "10", "1.00", "2", "1"),
        ("1", "20", "0.00", "2", "2"),
        ("1", "30", "5.00", "1", "1"),
        ("2", "10", "0.00", "2", "0"),
        ("2", "20", "0.00", "2", "1"),
        ("2", "30", "8.00", "0", "0"),
    ]
    assert tracked(house, cells) == without

    # It comes after all, with a row that is wrong: more than the table's tolerance.
    deliver(house, right.replace("6.00", "six"))
    ended = house.run(DATE)
    [gap] = ended.events("gap_accepted")
    assert (ended.code, gap["by"], gap["code"] != "TABLE_MISSING") == (0, "ana", True)
    assert tracked(house, cells) == without
    assert house.table("quarantine").isEmpty()

    deliver(house, right)
    assert house.run(DATE).events("gap_accepted") == []
    # 2017-07-04 has three rows: product 10 of both stores, and product 20 of store 1, which is out.
    with_it = {("1", "10"): ("3", "1"), ("1", "20"): ("3", "3"), ("2", "10"): ("3", "0")}
    assert tracked(house, cells) == [(*row[:3], *with_it.get(row[:2], row[3:])) for row in without]


def test_a_receipt_that_is_none_stops_the_run(house: House):
    for text in ("{", receipt(" ", table="inventory", reason="r"), receipt("ana", table="sales", reason="r")):
        house.control.write(GAP, text)
        with pytest.raises(RunError, match=r"RECEIPT_INVALID: .*gap-inventory"):
            house.run(DATE)


def test_a_gap_in_sales_does_not_count(house: House):
    house.control.create(f"dt={DATE}/gap-sales.json", receipt("ana", table="sales", reason="r"))
    path = house.landing.folder / f"sales/dt={DATE}/sales_{DATE}.csv"
    path.unlink()
    ended = house.run(DATE)
    assert [line["code"] for line in ended.events("date_rejected")] == ["FILE_MISSING"]
