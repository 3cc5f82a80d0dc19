"""The tables of the warehouse: what they hold, and by what they are partitioned."""

from dataclasses import dataclass

from pyspark.sql.types import (
    DateType,
    DoubleType,
    LongType,
    StringType,
    StructField,
    StructType,
    TimestampType,
)

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


def _schema(*fields: tuple[str, object, str]) -> StructType:
    return StructType([StructField(name, type_, True, {"comment": comment}) for name, type_, comment in fields])


QUARANTINE_SCHEMA = _schema(
    ("business_date", DateType(), "Business date"),
    ("run_id", StringType(), "Run that checked it"),
    ("table_name", StringType(), "Table"),
    ("file_name", StringType(), "File, as a key of the landing"),
    ("line_num", LongType(), "Physical line of the file from 1, the header being 1"),
    ("column_name", StringType(), "Column"),
    ("problem_code", StringType(), "What is wrong, as the checks name it"),
    ("field_value", StringType(), "The text as it stands in the file, shortened"),
    ("message", StringType(), "What is wrong and what to do, in words"),
)

RECEIPTS_SCHEMA = _schema(
    ("run_id", StringType(), "Run that loaded the date"),
    ("business_date", DateType(), "Business date"),
    ("verdict", StringType(), "accepted: a date that is not leaves the receipt of its last load"),
    ("rows_accepted", LongType(), "Rows accepted"),
    ("rows_rejected", LongType(), "Rows rejected"),
    ("periods_restated", StringType(), "Periods of the fact computed again because of it, with commas"),
    ("rows_read", LongType(), "Rows of all files"),
    ("bytes_read", LongType(), "Size of all files"),
    ("loaded_at", TimestampType(), "When, UTC"),
    ("seconds", DoubleType(), "From the start of the run until its tables were written"),
    ("contract_version", StringType(), "Contract that the rows were checked under"),
    ("fingerprint", StringType(), "Of the manifest and its files: equal means that nothing has changed"),
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
    dimensions = [
        StoredTable(dimension.name, dimension.schema, None, dimension.key, dimension.title)
        for dimension in contract.dimensions
    ]
    operations = [
        StoredTable(
            QUARANTINE, QUARANTINE_SCHEMA, "business_date", ("table_name", "file_name", "line_num"), "Rejected values"
        ),
        StoredTable(RECEIPTS, RECEIPTS_SCHEMA, "business_date", (), "What was loaded when, by which run"),
    ]
    last = StoredTable(fact.name, fact.schema, fact.period, fact.keys, f"{fact.name} of {contract.dataset}")
    return [*landed, *dimensions, *operations, last]
