"""What a business date delivered: the files that its manifest names, and no others."""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
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
    sha256: str | None = None
    """As the manifest says, where the source can tell."""


@dataclass(frozen=True)
class LandedDate:
    business_date: str
    files: tuple[LandedFile, ...]
    fingerprint: str
    """Of the manifest and of what lies there: equal means that nothing has changed."""
    totals: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By table the sums of its decimal columns, over all of its files, as the source counted them."""
    gaps: Mapping[str, str] = field(default_factory=dict)
    """The tables that are left out, as a person has accepted, and the code of what would have been said of each."""

    @property
    def bytes(self) -> int:
        return sum(file.bytes for file in self.files)

    def without(self, table: str, code: str) -> "LandedDate":
        files = tuple(file for file in self.files if file.table != table)
        return replace(self, files=files, gaps={**self.gaps, table: code})


def _manifest_file(contract: Contract, business_date: str, entry: object) -> LandedFile:
    match entry:
        case {"table": str(table), "file": str(key), "rows": int(rows), "bytes": int(size)}:
            sha256 = entry.get("sha256")
        case _:
            raise DataError("MANIFEST_INVALID", f"the manifest of {business_date} has an entry {json.dumps(entry)}")
    is_hash = sha256 is None or (isinstance(sha256, str) and re.fullmatch("[0-9a-f]{64}", sha256) is not None)
    if not is_hash or any(isinstance(count, bool) or count < 0 for count in (rows, size)):
        raise DataError("MANIFEST_INVALID", f"the manifest of {business_date} has an entry {json.dumps(entry)}")
    if table not in [known.name for known in contract.tables]:
        raise DataError("MANIFEST_INVALID", f"the manifest of {business_date} names the unknown table {table}")
    name = rf"{table}_{business_date}(?:_[0-9]+_[0-9]+_[0-9]+|[.]part[0-9]+)?[.]csv(?:[.]gz)?"
    if not re.fullmatch(rf"{table}/dt={business_date}/(export=[\w.-]+/)?{name}", key, re.ASCII):
        raise DataError("FILE_NAME_WRONG", f"the manifest of {business_date} names {key} as a file of {table}")
    return LandedFile(table, key, business_date, rows, size, sha256)


def _totals(business_date: str, values: object) -> Mapping[str, Mapping[str, str]]:
    """Plain decimals; a sum never has an exponent."""
    is_right = isinstance(values, dict) and all(
        isinstance(sums, dict)
        and all(isinstance(text, str) and re.fullmatch("-?[0-9]+([.][0-9]+)?", text) for text in sums.values())
        for sums in values.values()
    )
    if not is_right:
        raise DataError("MANIFEST_INVALID", f"the manifest of {business_date} has totals that are no decimals")
    return values


def _facts(storage: Storage, landing: str, file: LandedFile) -> FileFacts:
    facts = storage.facts(f"{landing}/{file.key}")
    if facts is None:
        raise DataError("FILE_MISSING", f"the manifest names {file.key}, which is not there")
    if facts.bytes != file.bytes:
        raise DataError("BYTES_DIFFER", f"{file.key} has {facts.bytes} bytes, its manifest says {file.bytes}")
    return facts


def _parse(
    contract: Contract, business_date: str, key: str, text: str
) -> tuple[list[LandedFile], Mapping[str, Mapping[str, str]]]:
    try:
        manifest = json.loads(text)
    except ValueError as error:
        raise DataError("MANIFEST_INVALID", f"{key} is no JSON: {error}") from error
    match manifest:
        case {"version": 1, "businessDate": date, "files": list(entries)} if date == business_date:
            files = [_manifest_file(contract, business_date, entry) for entry in entries]
            twice = [file.key for place, file in enumerate(files) if file.key in [one.key for one in files[:place]]]
            if twice:
                raise DataError("MANIFEST_INVALID", f"{key} names {twice[0]} twice")
            return files, _totals(business_date, manifest.get("totals", {}))
        case _:
            raise DataError("MANIFEST_INVALID", f"{key} is not a manifest of version 1 for {business_date}")


def _text(storage: Storage, landing: str, key: str) -> str:
    try:
        return storage.read_text(f"{landing}/{key}")
    except UnicodeDecodeError as error:
        raise DataError("MANIFEST_INVALID", f"{key} is not UTF-8: {error}") from error


def read_date(
    storage: Storage, contract: Contract, landing: str, business_date: str, gaps: Collection[str] = ()
) -> LandedDate:
    """Everything is there in the size that the source wrote, but for snapshots of which an older one may do.

    `gaps`: tables that may be left out where that is not so.
    """
    key = f"_manifest/dt={business_date}/manifest.json"
    uri = f"{landing}/{key}"
    if storage.facts(uri) is None:
        raise DataError("MANIFEST_MISSING", f"there is no {key} in {landing}")
    text = _text(storage, landing, key)
    files, totals = _parse(contract, business_date, key, text)
    left_out: dict[str, str] = {}
    for table in contract.tables:
        if not table.may_be_older and not any(file.table == table.name for file in files):
            if table.name not in gaps:
                raise DataError("TABLE_MISSING", f"{key} names no file of {table.name}")
            left_out[table.name] = "TABLE_MISSING"
    facts: dict[str, object] = {}
    for file in files:
        try:
            facts[file.key] = vars(_facts(storage, landing, file))
        except DataError as error:
            if file.table not in gaps:
                raise
            left_out.setdefault(file.table, error.code)
            facts[file.key] = error.code
    fingerprint = sha256(json.dumps([text, facts], sort_keys=True).encode()).hexdigest()
    landed = LandedDate(business_date, tuple(files), fingerprint, totals)
    for name, code in left_out.items():
        landed = landed.without(name, code)
    return landed


def read_manifest(storage: Storage, contract: Contract, landing: str, business_date: str) -> LandedDate | None:
    """What a manifest names, whether it is there or not; None where there is none that can be read."""
    key = f"_manifest/dt={business_date}/manifest.json"
    uri = f"{landing}/{key}"
    if storage.facts(uri) is None:
        return None
    try:
        files, totals = _parse(contract, business_date, key, _text(storage, landing, key))
    except DataError:
        return None
    return LandedDate(business_date, tuple(files), "", totals)
