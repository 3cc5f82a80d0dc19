"""Files that the gate has not read, byte by byte."""

import gzip
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from pyspark.sql import SparkSession
from small_dataset import contract_json

from sales_etl_spark import strict
from sales_etl_spark.artifact import parse_contract
from sales_etl_spark.landing import LandedFile
from sales_etl_spark.scan import ScannedFile, Scanner

HEADER = b"day,site,people\n"
Scan = Callable[..., ScannedFile]


@pytest.fixture
def scan(spark: SparkSession, tmp_path: Path) -> Scan:
    table = parse_contract(contract_json()).table("visits")

    def run(content: bytes, name: str = "a.csv", width: int = 3) -> ScannedFile:
        (tmp_path / name).write_bytes(content)
        return Scanner(spark, str(tmp_path)).scan(table, LandedFile("visits", name, "2024-02-29", 1, 1), width)

    return run


@pytest.mark.parametrize(
    "content",
    [
        HEADER,
        HEADER + b'2024-02-29,1,2.0\nbare bare bare,"2",',
        b"\xef\xbb\xbf" + HEADER + '2024-02-29,"größe, ☕\n\n""x""",1\n'.encode(),
        b'day,site,people\r\n"a\nb\r\rc","""",""\r\n,,\r\n',
        HEADER + b'"","",""\n' * 3,
    ],
)
def test_strict_text_is_right_however_it_is_cut(scan: Scan, monkeypatch: pytest.MonkeyPatch, content: bytes):
    whole = scan(content)
    assert (whole.fault, whole.sha256, whole.content_sha256) == (None, *[sha256(content).hexdigest()] * 2)
    assert whole.is_unended == (not content.endswith(b"\n"))
    for piece in range(19, 30):
        monkeypatch.setattr(strict, "PIECE", piece)
        assert scan(content) == whole, piece


FAULTS = [
    (HEADER + b'a,b "c",d\n', "FILE_QUOTES_UNBALANCED", 2),
    (HEADER + b'a,"b"c,d\n', "FILE_QUOTES_UNBALANCED", 2),
    (HEADER + b'a,b,c\na,"b,c\nd,e,f\n', "FILE_QUOTES_UNBALANCED", 3),
    (HEADER + b'"a\nb",1,2\nd,e,f\r\n', "FILE_LINE_ENDS_MIXED", 4),
    (HEADER + b"a,b\rc,d\n", "FILE_LINE_ENDS_MIXED", 2),
    (b"day,site,people\r\na,b,c\nd,e,f\r\n", "FILE_LINE_ENDS_MIXED", 2),
    (HEADER + b"a,b,c\n\nd,1,2\n", "FILE_ROW_RAGGED", 3),
    (b"day,site,people\r\na,b,c\r\n\r\nd,1,2\r\n", "FILE_ROW_RAGGED", 3),
    (HEADER + b"a,b,c\n\nstore,city\n1,Rome\n", "FILE_SEVERAL_TABLES", 3),
    (HEADER + b"a,b,c\n\n" + HEADER, "HEADER_REPEATED", 3),
    (HEADER + b"a,b,c\nd,e\x00,f\n", "FILE_BINARY", 3),
    (HEADER + "a,b,größe\n".encode("latin-1"), "FILE_NOT_UTF8", 2),
    (HEADER + "a,b,grö".encode()[:-1], "FILE_TRUNCATED", 2),
]


@pytest.mark.parametrize(("content", "code", "line"), FAULTS)
def test_what_two_engines_may_read_differently(
    scan: Scan, monkeypatch: pytest.MonkeyPatch, content: bytes, code: str | None, line: int | None
):
    def told(found: ScannedFile) -> tuple[str | None, int | None]:
        return (None, None) if found.fault is None else (found.fault.code, found.fault.line)

    assert told(scan(content)) == (code, line)
    assert told(scan(gzip.compress(content), "a.csv.gz")) == (code, line)
    assert scan(content).sha256 == sha256(content).hexdigest()
    monkeypatch.setattr(strict, "PIECE", 24)
    assert told(scan(content)) == (code, line)


def test_an_empty_line_of_a_file_of_one_column_is_a_row(scan: Scan):
    assert scan(b'day\na\n\n"b"\n', width=1).fault is None


@pytest.mark.parametrize("damage", ["cut", "garbage", "changed"])
def test_a_gzip_that_is_damaged(scan: Scan, damage: str):
    content = gzip.compress(HEADER + b"".join(b"2024-02-29,%d,%d.5\n" % (one, one % 97) for one in range(5000)))
    middle = len(content) // 2
    damaged = {
        "cut": content[:-500],
        "garbage": content + b"more",
        "changed": content[:middle] + bytes([content[middle] ^ 255]) + content[middle + 1 :],
    }
    found = scan(damaged[damage], "a.csv.gz")
    assert found.fault is not None
    assert found.fault.code in ("FILE_GZIP_BROKEN", "FILE_NOT_UTF8" if damage == "changed" else "")
    assert found.sha256 == sha256(damaged[damage]).hexdigest()


def test_gzips_in_a_row_are_one_file_and_have_the_content_of_the_plain_one(scan: Scan):
    rows = [HEADER, b"2024-02-29,1,2.0\n"]
    found = scan(b"".join(map(gzip.compress, rows)), "a.csv.gz")
    assert (found.fault, found.content_sha256) == (None, scan(b"".join(rows)).content_sha256)


def test_a_row_longer_than_any(scan: Scan, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(strict, "LONGEST_ROW", 40)
    monkeypatch.setattr(strict, "PIECE", 80)
    assert scan(HEADER + b"a" * 200 + b",b,c\n").fault.code == "FILE_ROW_TOO_LONG"
    assert scan(HEADER + b'"' + b"a\n" * 100 + b'",b,c\n').fault.code == "FILE_QUOTES_UNBALANCED"
