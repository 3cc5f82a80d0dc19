"""The tables of the warehouse: what they hold, and by what they are partitioned."""

from dataclasses import dataclass

from pyspark.sql.types import DateType, StructField, StructType

from sales_etl_spark.contract import GONE_DATE, LOAD_DATE, Contract, Table

QUARANTINE = "quarantine"
RECEIPTS = "receipts"


def gone_table(table: str) -> str:
    """Where the rows lie that later dumps of all days have not any more."""
    return f"{table}_gone"


@dataclass(frozen=True)
class StoredTable:
    name: str
    schema: StructType
    partition: str | None
    """None for a table that is written as a whole each time."""
    sort: tuple[str, ...]
    """The columns that readers look for: the order of compacted files."""
    comment: str


# Of the operations: the order of compacted files.
_SORT = {QUARANTINE: ("table_name", "file_name", "line_num")}


def _gone(contract: Contract, table: Table) -> StoredTable:
    gone_date = StructField(GONE_DATE, DateType(), False, {"comment": "Date of the first file without the row"})
    comment = f"{table.name} of {contract.dataset}: rows that later files of all days have not any more"
    return StoredTable(
        gone_table(table.name), StructType([*table.stored_schema, gone_date]), GONE_DATE, table.key, comment
    )


def stored_tables(contract: Contract) -> list[StoredTable]:
    """In the order in which they are published: the fact last, as it is what readers join the others to."""
    fact = contract.fact
    landed = [
        StoredTable(
            table.name,
            table.stored_schema,
            LOAD_DATE,
            tuple(key for key in fact.keys if key in table.column_names) or table.key,
            f"{table.name} of {contract.dataset}: accepted rows",
        )
        for table in contract.tables
    ]
    gone = [_gone(contract, table) for table in contract.tables if table.load == "cumulative"]
    dimensions = [
        StoredTable(dimension.name, dimension.schema, None, dimension.key, dimension.title)
        for dimension in contract.dimensions
    ]
    operations = [
        StoredTable(table.name, table.schema, table.partition, _SORT.get(table.name, ()), table.title)
        for table in contract.operations
    ]
    last = StoredTable(fact.name, fact.schema, fact.period, fact.keys, f"{fact.name} of {contract.dataset}")
    return [*landed, *gone, *dimensions, *operations, last]
