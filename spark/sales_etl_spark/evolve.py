"""Makes tables that are missing and adds columns that are new: a step of its own, before a run.

A new column shows on main at once, whatever branch is written to; so nothing but additions is done here, and the rest
is refused before anything is touched.
"""

from collections.abc import Sequence

from pyspark.sql.types import StructField

from sales_etl_spark.catalog import Catalog, quoted
from sales_etl_spark.errors import RunError
from sales_etl_spark.layout import StoredTable

PROPERTIES = {
    "format-version": "2",
    "write.parquet.compression-codec": "zstd",
    # A night commits a few times; what maintenance does not know of must not pile up in the table's folder.
    "write.metadata.delete-after-commit.enabled": "true",
    "write.metadata.previous-versions-max": "100",
}


def _text(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _column(field: StructField) -> str:
    comment = (field.metadata or {}).get("comment", "")
    described = f" COMMENT {_text(comment)}" if comment else ""
    return f"{quoted(field.name)} {field.dataType.simpleString()}{'' if field.nullable else ' NOT NULL'}{described}"


def _create(catalog: Catalog, table: StoredTable) -> None:
    columns = ", ".join(map(_column, table.schema))
    properties = ", ".join(f"{_text(key)} = {_text(value)}" for key, value in PROPERTIES.items())
    location = "" if catalog.location is None else f"LOCATION {_text(f'{catalog.location}/{table.name}')}"
    partitioned = "" if table.partition is None else f"PARTITIONED BY ({quoted(table.partition)})"
    catalog.spark.sql(
        f"CREATE TABLE {catalog.identifier(table.name)} ({columns}) USING iceberg "
        f"{partitioned} COMMENT {_text(table.comment)} {location} "
        f"TBLPROPERTIES ({properties})"
    )


def _additions(catalog: Catalog, table: StoredTable) -> list[StructField]:
    """The columns to add; raises where the table cannot become what the contract says by additions alone."""
    there = {field.name: field for field in catalog.schema(table.name)}
    known = [(field, there[field.name]) for field in table.schema if field.name in there]
    faults = [
        f"{old.name} is {old.dataType.simpleString()}, the contract says {new.dataType.simpleString()}"
        for new, old in known
        if new.dataType != old.dataType
    ]
    wanted = {field.name for field in table.schema}
    faults += [f"{name} is not in the contract any more" for name in there if name not in wanted]
    if faults:
        raise RunError(
            "SCHEMA_BREAKING",
            f"the table {table.name} has rows of another shape: {'; '.join(faults)}. Give the column another name, "
            "or move the table away and load its dates again",
        )
    return [field for field in table.schema if field.name not in there]


def evolve(catalog: Catalog, tables: Sequence[StoredTable]) -> list[str]:
    """What was done, in words. Every table has a snapshot afterwards, so that there is one to go back to."""
    done: list[str] = []
    catalog.spark.sql(f"CREATE NAMESPACE IF NOT EXISTS {quoted(catalog.name)}.{quoted(catalog.namespace)}")
    present = {table.name for table in tables if catalog.exists(table.name)}
    additions = {table.name: _additions(catalog, table) for table in tables if table.name in present}
    for table in tables:
        if table.name not in present:
            _create(catalog, table)
            done.append(f"made {table.name}")
        for field in additions.get(table.name, []):
            # Rows that are there have no value for it: a new column cannot be required.
            column = _column(StructField(field.name, field.dataType, True, field.metadata))
            catalog.spark.sql(f"ALTER TABLE {catalog.identifier(table.name)} ADD COLUMNS ({column})")
            done.append(f"added {table.name}.{field.name}")
        if catalog.snapshot(table.name) is None:
            catalog.append_nothing(table.name)
    return done
