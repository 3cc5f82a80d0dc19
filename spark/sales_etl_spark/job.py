"""The job: check everything that landed, compute the periods of the fact that it touches, keep the rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pyspark import StorageLevel
from pyspark.sql import DataFrame, SparkSession

from sales_etl_spark.checking import RowCounts, accepted_rows, count_rows, judge, rejected_rows
from sales_etl_spark.contract import LOAD_DATE, Contract, Table
from sales_etl_spark.landing import read_manifests
from sales_etl_spark.log import Log
from sales_etl_spark.reading import read_raw
from sales_etl_spark.storage import Storage
from sales_etl_spark.transform import collect_days, compute_fact, days_of, periods_of
from sales_etl_spark.warehouse import Warehouse, current_rows, of_dates, stored_rows, without_dates

QUARANTINE = "quarantine"


@dataclass(frozen=True)
class Run:
    spark: SparkSession
    contract: Contract
    landing: str
    warehouse: str
    business_dates: Sequence[str]
    log: Log


@dataclass(frozen=True)
class Result:
    rows: Mapping[str, RowCounts]
    periods: Sequence[object]
    fact_rows: int


def check(run: Run, storage: Storage) -> tuple[dict[str, DataFrame], dict[str, RowCounts]]:
    """Judges every file of every date; nothing is written before all of them can be used."""
    files = read_manifests(storage, run.contract, run.landing, run.business_dates)
    judged: dict[str, DataFrame] = {}
    counts: dict[str, RowCounts] = {}
    for table in run.contract.tables:
        own = [file for file in files if file.table == table.name]
        raw = read_raw(run.spark, table, run.landing, own)
        # Counted, split in two and searched for its days: the text is parsed and judged once.
        judged[table.name] = judge(run.spark, table, raw).persist(StorageLevel.MEMORY_AND_DISK)
        counts[table.name] = count_rows(table, judged[table.name], own)
        run.log.write("table_checked", table=table.name, files=len(own), **vars(counts[table.name]))
    return judged, counts


def rows_after_load(
    run: Run, warehouse: Warehouse, accepted: Mapping[str, DataFrame], names: Iterable[str]
) -> dict[str, DataFrame]:
    """What the warehouse will hold of the tables `names` once the accepted rows are in it."""
    return {
        table.name: current_rows(
            table, without_dates(stored_rows(warehouse, table), run.business_dates).unionByName(accepted[table.name])
        )
        for table in map(run.contract.table, names)
    }


def find_periods(
    run: Run, warehouse: Warehouse, accepted: Mapping[str, DataFrame], sources: Mapping[str, DataFrame]
) -> list[object]:
    """The periods of the rows that come and, where a date is loaded again, of the rows that they replace."""
    fact = run.contract.fact
    replaced = {
        dated.table: of_dates(stored_rows(warehouse, run.contract.table(dated.table)), run.business_dates)
        for dated in fact.dated
    }
    days = collect_days(days_of(rows[dated.table], dated) for dated in fact.dated for rows in (accepted, replaced))
    return periods_of(fact, days, sources[fact.calendar.table])


def write_fact(run: Run, warehouse: Warehouse, sources: Mapping[str, DataFrame], periods: Sequence[object]) -> int:
    """Replaces the fact's rows of `periods`; returns how many there are now."""
    fact = run.contract.fact
    rows = compute_fact(run.spark, fact, sources, periods).persist(StorageLevel.MEMORY_AND_DISK)
    count = rows.count()
    warehouse.replace(fact.name, rows, fact.period, [str(period) for period in periods])
    rows.unpersist()
    return count


def write_rows(run: Run, warehouse: Warehouse, table: Table, judged: DataFrame) -> None:
    dates = run.business_dates
    warehouse.replace(table.name, accepted_rows(table, judged), LOAD_DATE, dates)
    warehouse.replace(f"{QUARANTINE}/{table.name}", rejected_rows(table, judged), LOAD_DATE, dates)


def run_job(run: Run) -> Result:
    storage = Storage(run.spark)
    warehouse = Warehouse(run.spark, storage, run.warehouse)
    judged, counts = check(run, storage)
    accepted = {table.name: accepted_rows(table, judged[table.name]) for table in run.contract.tables}
    sources = rows_after_load(run, warehouse, accepted, run.contract.fact.sources)
    periods = find_periods(run, warehouse, accepted, sources)
    # The fact before the rows: while the replaced rows still lie there, a run that died on the way finds their periods
    # again. The other way round, a corrected date could leave a period behind that nothing points to any more.
    fact_rows = write_fact(run, warehouse, sources, periods)
    for table in run.contract.tables:
        write_rows(run, warehouse, table, judged[table.name])
        judged[table.name].unpersist()
        run.log.write("table_loaded", table=table.name)
    return Result(counts, periods, fact_rows)
