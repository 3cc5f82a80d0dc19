"""Views for readers that join tables: each reads all of its tables as the last publish left them.

A publish moves one table after the other. Whoever joins tables meanwhile, or after a run that died between two of them,
would see rows of two publishes. So a view names the snapshot of every table that it reads, and is replaced as a whole
once the publish is done. Within a view nothing can be mixed; two views are replaced one after the other.
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256

from sales_etl_spark.contract import Column, View
from sales_etl_spark.errors import RunError
from sales_etl_spark.glue_views import GlueViews, trino_type
from sales_etl_spark.intents import Intent, last_done
from sales_etl_spark.job import Job
from sales_etl_spark.layout import StoredTable

_PUBLISH, _RUN, _WHEN, _MADE_FROM = (f"sales_etl_{name}" for name in ("publish", "run", "published_at", "made_from"))
"""Parameters of a view."""

_ROWS = "view_rows"
_ATTEMPTS = 3


def _name(name: str) -> str:
    return f'"{name}"'


def column_sql(column: Column, stored: Mapping[str, str]) -> str:
    """As the contract has it, also over a snapshot from before a column came or became wider."""
    name, wanted = _name(column.name), column.type.simpleString()
    if stored.get(column.name) == wanted:
        return name
    return f"CAST({name if column.name in stored else 'NULL'} AS {trino_type(column)}) AS {name}"


def _pinned(job: Job, table: StoredTable, snapshot: int) -> str:
    stored = {
        field.name: field.dataType.simpleString() for field in job.catalog.read_snapshot(table.name, snapshot).schema
    }
    columns = [Column(field.name, field.dataType) for field in table.schema]
    selected = ", ".join(column_sql(column, stored) for column in columns)
    place = f"{_name(job.catalog.namespace)}.{_name(table.name)}"
    return f"{_name(table.name)} AS (\n  SELECT {selected}\n  FROM {place} FOR VERSION AS OF {snapshot}\n)"


def snapshot_of(job: Job, publish: Intent, table: str) -> int:
    """What a publish left of a table. Where it knew of none yet, or maintenance has removed it, what main has."""
    for move in publish.moves:
        if move.table == table and job.catalog.has_snapshot(table, move.after):
            return move.after
    main = job.catalog.snapshot(table)
    if main is None:
        raise RunError("TABLE_EMPTY", f"the table {table} has no snapshot: load a date first")
    return main


def view_sql(job: Job, view: View, publish: Intent) -> str:
    """Trino's SQL, with the snapshots of the publish."""
    tables = [table for table in job.tables if table.name in view.reads]
    pinned = [_pinned(job, table, snapshot_of(job, publish, table.name)) for table in tables]
    rows = f"{_name(_ROWS)} AS (\n{view.sql}\n)"
    shown = ", ".join(_name(column.name) for column in view.columns)
    return f"WITH {', '.join([*pinned, rows])}\nSELECT {shown}\nFROM {_name(_ROWS)}"


def _made_from(view: View) -> str:
    """Changes with what the contract says of the view."""
    columns: Sequence[str] = [f"{column.name} {column.type.simpleString()} {column.comment}" for column in view.columns]
    return sha256("\n".join([view.title, view.sql, *view.reads, *columns]).encode()).hexdigest()[:12]


def _show(job: Job, views: GlueViews, view: View, publish: Intent) -> bool:
    """Whether there was anything to do."""
    about = {
        _PUBLISH: publish.name,
        _RUN: publish.run_id,
        _WHEN: publish.when,
        _MADE_FROM: _made_from(view),
    }
    for _ in range(_ATTEMPTS):
        found = views.read(view.name)
        if found is not None and found.parameters.items() >= about.items():
            return False
        sql = view_sql(job, view, publish)
        # An older holder of the lease must not bring back what it published.
        job.lease.verify()
        if views.write(view.name, view.title, view.columns, sql, about, None if found is None else found.version):
            return True
    raise RunError("VIEW_BUSY", f"the view {view.name} is changed by somebody else all the time: run again")


def show(job: Job) -> None:
    """Lets every view read what the last publish left. A second time changes nothing."""
    if job.views is None:
        return
    publish = last_done(job.control)
    for view in job.contract.views:
        if publish is None:
            # That the name is free is better known before the first publish than after it.
            job.views.read(view.name)
        elif _show(job, job.views, view, publish):
            job.log.write("view_replaced", view=view.name, ofRun=publish.run_id)
            job.at(f"shown:{view.name}")
