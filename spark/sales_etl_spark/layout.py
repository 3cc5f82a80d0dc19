"""The tables of the warehouse: what they hold, and by what they are partitioned."""

from dataclasses import dataclass

from pyspark.sql.types import StructType

from sales_etl_spark.contract import LOAD_DATE, Contract

QUARANTINE = "quarantine"
RECEIPTS = "receipts"


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
    dimensions = [
        StoredTable(dimension.name, dimension.schema, None, dimension.key, dimension.title)
        for dimension in contract.dimensions
    ]
    operations = [
        StoredTable(table.name, table.schema, table.partition, _SORT.get(table.name, ()), table.title)
        for table in contract.operations
    ]
    last = StoredTable(fact.name, fact.schema, fact.period, fact.keys, f"{fact.name} of {contract.dataset}")
    return [*landed, *dimensions, *operations, last]
