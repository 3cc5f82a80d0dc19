import os
from pathlib import Path

import pytest
from small_dataset import SEASONS, Landing, contract_json

from sales_etl_spark.artifact import parse_contract
from sales_etl_spark.contract import Contract
from sales_etl_spark.errors import DataError
from sales_etl_spark.landing import LandedDate, LandedFile, read_date
from sales_etl_spark.storage import Storage

DATE = "2024-02-29"
VISITS = f"visits/dt={DATE}/visits_{DATE}.csv"
SEASONS_KEY = f"seasons/dt={DATE}/seasons_{DATE}.csv"


TEXT = "day,site,people\n2024-02-29,1,2.0\n"


def read(storage: Storage, park: Contract, landing: Landing, date: str = DATE) -> LandedDate:
    return read_date(storage, park, str(landing.folder), date)


def entry(table: str, file: str) -> dict[str, object]:
    size = {VISITS: len(TEXT), SEASONS_KEY: len(SEASONS)}.get(file, 10)
    return {"table": table, "file": file, "rows": 1, "bytes": size}


@pytest.fixture(scope="module")
def park(spark: object) -> Contract:
    return parse_contract(contract_json())


@pytest.fixture
def landing(tmp_path: Path) -> Landing:
    landing = Landing(tmp_path / "landing")
    landing.export(DATE, visits=TEXT, seasons=SEASONS)
    return landing


def test_the_files_of_the_manifest_and_no_others(storage: Storage, park: Contract, landing: Landing):
    landing.write(f"visits/dt={DATE}/visits_{DATE}.part2.csv", "day,site,people\n")
    assert list(read(storage, park, landing).files) == [
        LandedFile("visits", VISITS, DATE, 1, len(TEXT)),
        LandedFile("seasons", SEASONS_KEY, DATE, 3, len(SEASONS)),
    ]


def test_a_date_without_manifest(storage: Storage, park: Contract, landing: Landing):
    with pytest.raises(DataError, match=r"MANIFEST_MISSING: there is no _manifest/dt=2024-03-01/manifest\.json"):
        read(storage, park, landing, "2024-03-01")


def test_a_manifest_that_is_no_json(storage: Storage, park: Contract, landing: Landing):
    landing.write(f"_manifest/dt={DATE}/manifest.json", "{")
    with pytest.raises(DataError, match="MANIFEST_INVALID"):
        read(storage, park, landing)


def test_a_manifest_in_another_encoding(storage: Storage, park: Contract, landing: Landing):
    file = landing.folder / f"_manifest/dt={DATE}/manifest.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes('{"version": 1, "by": "Zoë"}'.encode("latin-1"))
    with pytest.raises(DataError, match=r"MANIFEST_INVALID: .* is not UTF-8"):
        read(storage, park, landing)


@pytest.mark.parametrize(
    ("files", "changes", "message"),
    [
        ([], {"businessDate": "2024-03-01"}, "MANIFEST_INVALID: .* version 1 for 2024-02-29"),
        ([], {"version": 2}, "MANIFEST_INVALID: .* version 1 for 2024-02-29"),
        ([{"table": "visits", "file": VISITS}], {}, "MANIFEST_INVALID: .* has an entry"),
        ([entry("orders", VISITS)], {}, "MANIFEST_INVALID: .* unknown table orders"),
        ([entry("visits", "visits/dt=2024-03-01/visits_2024-03-01.csv")], {}, "FILE_NAME_WRONG"),
        ([entry("visits", f"visits/dt={DATE}/../../secret.csv")], {}, "FILE_NAME_WRONG"),
        ([entry("visits", f"visits/dt={DATE}/visits_{DATE}.parquet")], {}, "FILE_NAME_WRONG"),
        ([entry("visits", VISITS)], {}, "TABLE_MISSING: .* names no file of seasons"),
        ([entry("visits", VISITS), entry("seasons", f"seasons/dt={DATE}/s.csv")], {}, "FILE_NAME_WRONG"),
        ([entry("visits", VISITS), entry("seasons", SEASONS_KEY.replace(".csv", ".part2.csv"))], {}, "FILE_MISSING"),
        ([{**entry("visits", VISITS), "sha256": "no"}], {}, "MANIFEST_INVALID: .* has an entry"),
        ([entry("visits", VISITS), entry("visits", VISITS)], {}, f"MANIFEST_INVALID: .* names {VISITS} twice"),
        ([entry("visits", VISITS)], {"totals": {"visits": {"people": "1e3"}}}, "MANIFEST_INVALID: .* no decimals"),
    ],
)
def test_a_manifest_that_cannot_be_used(
    storage: Storage,
    park: Contract,
    landing: Landing,
    files: list[dict[str, object]],
    changes: dict[str, object],
    message: str,
):
    landing.manifest(DATE, files, **changes)
    with pytest.raises(DataError, match=message):
        read(storage, park, landing)


def test_a_file_of_another_size_than_the_manifest_says(storage: Storage, park: Contract, landing: Landing):
    landing.write(VISITS, TEXT[:-3])
    with pytest.raises(
        DataError, match=f"BYTES_DIFFER: {VISITS} has {len(TEXT) - 3} bytes, its manifest says {len(TEXT)}"
    ):
        read(storage, park, landing)


def test_the_fingerprint_changes_with_the_files(storage: Storage, park: Contract, landing: Landing):
    before = read(storage, park, landing).fingerprint
    assert read(storage, park, landing).fingerprint == before
    path = landing.folder / VISITS
    path.write_text(TEXT.replace("2.0", "3.0"))
    os.utime(path, (0, path.stat().st_mtime + 5))
    assert read(storage, park, landing).fingerprint != before
