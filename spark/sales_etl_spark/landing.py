"""What a business date delivered: the files that its manifest names, and no others."""

import json
import re
from dataclasses import dataclass
from hashlib import sha256

from sales_etl_spark.contract import Contract
from sales_etl_spark.errors import DataError
from sales_etl_spark.storage import FileFacts, Storage


@dataclass(frozen=True)
class LandedFile:
    table: str
    key: str
    """Inside the landing: `sales/dt=2017-06-30/sales_2017-06-30.csv`."""
    business_date: str
    rows: int
    """As the manifest says."""
    bytes: int


@dataclass(frozen=True)
class LandedDate:
    business_date: str
    files: tuple[LandedFile, ...]
    fingerprint: str
    """Of the manifest and of what lies there: equal means that nothing has changed."""


def _manifest_file(contract: Contract, business_date: str, entry: object) -> LandedFile:
    match entry:
        case {"table": str(table), "file": str(key), "rows": int(rows), "bytes": int(size)}:
            pass
        case _:
            raise DataError("MANIFEST_INVALID", f"the manifest of {business_date} has an entry {json.dumps(entry)}")
    if table not in [known.name for known in contract.tables]:
        raise DataError("MANIFEST_INVALID", f"the manifest of {business_date} names the unknown table {table}")
    if not re.fullmatch(rf"{table}/dt={business_date}/(export=[\w.-]+/)?[\w.-]+\.csv(\.gz)?", key, re.ASCII):
        raise DataError("FILE_NAME_WRONG", f"the manifest of {business_date} names {key} as a file of {table}")
    return LandedFile(table, key, business_date, rows, size)


def _facts(storage: Storage, landing: str, file: LandedFile) -> FileFacts:
    facts = storage.facts(f"{landing}/{file.key}")
    if facts is None:
        raise DataError("FILE_MISSING", f"the manifest names {file.key}, which is not there")
    if facts.bytes != file.bytes:
        raise DataError("BYTES_DIFFER", f"{file.key} has {facts.bytes} bytes, its manifest says {file.bytes}")
    return facts


def _parse(contract: Contract, business_date: str, key: str, text: str) -> list[LandedFile]:
    try:
        manifest = json.loads(text)
    except ValueError as error:
        raise DataError("MANIFEST_INVALID", f"{key} is no JSON: {error}") from error
    match manifest:
        case {"version": 1, "businessDate": date, "files": list(entries)} if date == business_date:
            return [_manifest_file(contract, business_date, entry) for entry in entries]
        case _:
            raise DataError("MANIFEST_INVALID", f"{key} is not a manifest of version 1 for {business_date}")


def read_date(storage: Storage, contract: Contract, landing: str, business_date: str) -> LandedDate:
    """Everything is there in the size that the source wrote, but for snapshots of which an older one may do."""
    key = f"_manifest/dt={business_date}/manifest.json"
    uri = f"{landing}/{key}"
    if storage.facts(uri) is None:
        raise DataError("MANIFEST_MISSING", f"there is no {key} in {landing}")
    text = storage.read_text(uri)
    files = _parse(contract, business_date, key, text)
    for table in contract.tables:
        if not table.may_be_older and not any(file.table == table.name for file in files):
            raise DataError("TABLE_MISSING", f"{key} names no file of {table.name}")
    facts = {file.key: vars(_facts(storage, landing, file)) for file in files}
    fingerprint = sha256(json.dumps([text, facts], sort_keys=True).encode()).hexdigest()
    return LandedDate(business_date, tuple(files), fingerprint)
