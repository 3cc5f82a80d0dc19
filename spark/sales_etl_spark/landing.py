"""What a business date delivered: the files that its manifest names, and no others."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from sales_etl_spark.contract import Contract
from sales_etl_spark.errors import DataError
from sales_etl_spark.storage import Storage


@dataclass(frozen=True)
class LandedFile:
    table: str
    key: str
    """Inside the landing: `sales/dt=2017-06-30/sales_2017-06-30.csv`."""
    business_date: str
    rows: int


def _manifest_file(contract: Contract, business_date: str, entry: object) -> LandedFile:
    match entry:
        case {"table": str(table), "file": str(key), "rows": int(rows)}:
            pass
        case _:
            raise DataError("MANIFEST_INVALID", f"the manifest of {business_date} has an entry {json.dumps(entry)}")
    if table not in [known.name for known in contract.tables]:
        raise DataError("MANIFEST_INVALID", f"the manifest of {business_date} names the unknown table {table}")
    if not re.fullmatch(rf"{table}/dt={business_date}/(export=[\w.-]+/)?[\w.-]+\.csv(\.gz)?", key, re.ASCII):
        raise DataError("FILE_NAME_WRONG", f"the manifest of {business_date} names {key} as a file of {table}")
    return LandedFile(table, key, business_date, rows)


def read_manifest(storage: Storage, contract: Contract, landing: str, business_date: str) -> list[LandedFile]:
    key = f"_manifest/dt={business_date}/manifest.json"
    uri = f"{landing}/{key}"
    if not storage.exists(uri):
        raise DataError("MANIFEST_MISSING", f"there is no {key} in {landing}")
    try:
        manifest = json.loads(storage.read_text(uri))
    except ValueError as error:
        raise DataError("MANIFEST_INVALID", f"{key} is no JSON: {error}") from error
    match manifest:
        case {"version": 1, "businessDate": date, "files": list(entries)} if date == business_date:
            files = [_manifest_file(contract, business_date, entry) for entry in entries]
        case _:
            raise DataError("MANIFEST_INVALID", f"{key} is not a manifest of version 1 for {business_date}")
    for table in contract.tables:
        if not any(file.table == table.name for file in files):
            raise DataError("TABLE_MISSING", f"{key} names no file of {table.name}")
    for file in files:
        if not storage.exists(f"{landing}/{file.key}"):
            raise DataError("FILE_MISSING", f"{key} names {file.key}, which is not there")
    return files


def read_manifests(
    storage: Storage, contract: Contract, landing: str, business_dates: Sequence[str]
) -> list[LandedFile]:
    return [file for date in business_dates for file in read_manifest(storage, contract, landing, date)]
