"""The step `maintain`: few files of good size, in the order readers look for; old snapshots and lost files removed."""

from datetime import UTC, datetime, timedelta

from sales_etl_spark.catalog import quoted
from sales_etl_spark.intents import last_done
from sales_etl_spark.job import Job
from sales_etl_spark.layout import StoredTable

# A file that no snapshot names may belong to a commit that is under way somewhere.
ORPHANS_AFTER = timedelta(days=3)

PUBLISHED = "published"
"""A tag: the snapshot of the last publish, which readers' views name, does not expire however old it is."""


def _timestamp(age: timedelta) -> str:
    return f"TIMESTAMP '{(datetime.now(UTC) - age).strftime('%Y-%m-%d %H:%M:%S')}'"


def _keep_published(job: Job) -> None:
    publish = last_done(job.control)
    for move in [] if publish is None else publish.moves:
        if job.catalog.has_snapshot(move.table, move.after):
            job.lease.verify()
            job.catalog.set_tag(move.table, PUBLISHED, move.after)


def _compact(job: Job, table: StoredTable) -> int:
    order = ", ".join(f"{quoted(column)} ASC NULLS LAST" for column in table.sort)
    strategy = f"strategy => 'sort', sort_order => '{order}'" if order else "strategy => 'binpack'"
    # A partition of one file has nothing to gain; anything that a correction deleted is written out of the files.
    options = "options => map('min-input-files', '2', 'delete-file-threshold', '1')"
    result = job.catalog.call("rewrite_data_files", table.name, strategy, options).first()
    return result["rewritten_data_files_count"]


def maintain(job: Job, retention_days: int) -> None:
    """Keeps the snapshots of the last publish, and those of `retention_days`: as far back reaches a rollback."""
    _keep_published(job)
    for table in job.tables:
        job.lease.verify()
        rewritten = _compact(job, table)
        job.lease.verify()
        expired = job.catalog.call(
            "expire_snapshots",
            table.name,
            f"older_than => {_timestamp(timedelta(days=retention_days))}",
            "retain_last => 1",
        ).first()
        # Listed as the catalog reaches its files, not through Hadoop, which knows no S3 outside of EMR.
        older = f"older_than => {_timestamp(ORPHANS_AFTER)}"
        orphans = job.catalog.call("remove_orphan_files", table.name, older, "prefix_listing => true").count()
        job.log.write(
            "table_maintained",
            table=table.name,
            filesRewritten=rewritten,
            filesExpired=expired["deleted_data_files_count"],
            orphansRemoved=orphans,
        )
        job.at(f"maintained:{table.name}")
