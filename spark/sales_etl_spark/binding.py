"""Which control belongs to the tables: an object beside them says so. A second control would be a second lease."""

import json
from pathlib import Path

from sales_etl_spark.control import Control, open_control
from sales_etl_spark.errors import RunError
from sales_etl_spark.job import Job


def binding_key(fact: str) -> str:
    """In the folder of the tables; no name of a table begins like it, so that no table's maintenance finds it."""
    return f"_control_of_{fact}.json"


def _whole(uri: str) -> str:
    """The same place in the same words; Iceberg names whole paths, too."""
    if uri.startswith("s3a://"):
        return f"s3://{uri.removeprefix('s3a://')}"
    if uri.startswith("file:"):
        uri = uri.removeprefix("file:").removeprefix("//")
    return uri if "://" in uri else str(Path(uri).resolve())


def _bound_to(beside: Control, key: str) -> tuple[str, str] | None:
    """The control, and the run that was the first to say so; None where none has."""
    stored = beside.read(key)
    if stored is None:
        return None
    try:
        said = json.loads(stored.text)
        return str(said["control"]), str(said["since"])
    except (ValueError, TypeError, KeyError) as error:
        raise RunError("CONTROL_INVALID", f"{beside.uri}/{key} names no control: {error!r}; look at it") from error


def require_control(job: Job) -> None:
    """Raises CONTROL_DIFFERS before anything is written, the lease included; the first run of the tables decides.

    The folder is where the catalog has the fact, whatever this run was told: the tables must have one writer.
    """
    fact = job.contract.fact.name
    folder, key, mine = _whole(job.catalog.folder(fact)), binding_key(fact), _whole(job.control.uri)
    beside = open_control(job.spark, folder, job.catalog.name)
    found = _bound_to(beside, key)
    if found is None:
        text = json.dumps({"control": mine, "since": job.run_id})
        # Of several first runs one is first.
        found = (mine, job.run_id) if beside.create(key, text) else _bound_to(beside, key)
    if found is None or found[0] == mine:
        return
    known, since = found
    raise RunError(
        "CONTROL_DIFFERS",
        f"the tables in {folder} are written under the lease in {known} (since the run {since}), and this run was "
        f"given {mine}: with two leases two runs would write at once. Give --control {known}. If the control has "
        f"moved for good, and no run is under way, name it in {folder}/{key}",
    )
