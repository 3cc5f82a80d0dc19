"""What bytes are that are not CSV text in UTF-8: another encoding, another kind of file. The same as in the gate."""

import re

Fault = tuple[str, str]
"""Code and words."""

_KINDS = (
    (b"PAR1", "a Parquet file"),
    (b"\x1f\x8b", "a gzip file"),
    (b"BZh", "a bzip2 file"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard file"),
    (b"\xfd7zXZ\0", "an xz file"),
    (b"7z\xbc\xaf", "a 7-Zip file"),
    (b"ORC\x01", "an ORC file"),
    (b"ORC\n", "an ORC file"),
    (b"Obj\x01", "an Avro file"),
    (b"ARROW1", "an Arrow file"),
    (b"%PDF-", "a PDF"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls)"),
    (b"SQLite format 3\0", "an SQLite database"),
)

# By their byte order mark, or by where the NULs of plain letters stand; the longer ones first.
_WIDE = (
    (rb"\xff\xfe\0\0", "UTF-32LE"),
    (rb"\xff\xfe", "UTF-16LE"),
    (rb"\xfe\xff", "UTF-16BE"),
    (rb"\0\0\xfe\xff", "UTF-32BE"),
    (rb"[^\0]\0\0\0", "UTF-32LE without a byte order mark"),
    (rb"\0\0\0[^\0]", "UTF-32BE without a byte order mark"),
    (rb"[^\0]\0[^\0]\0", "UTF-16LE without a byte order mark"),
    (rb"\0[^\0]\0[^\0]", "UTF-16BE without a byte order mark"),
)


def binary_fault(start: bytes, unzipped: bool) -> Fault | None:
    """`start`: the first bytes of a file; `unzipped`: they come out of a gzip already."""
    for pattern, name in _WIDE:
        if re.match(pattern, start, re.DOTALL):
            return "FILE_NOT_UTF8", f"the file is {name}; export it as UTF-8"
    if start.startswith(b"PK\x03\x04"):
        is_sheet = re.search(rb"\[Content_Types\][.]xml|_rels/|xl/", start) is not None
        kind = "an Excel workbook (.xlsx)" if is_sheet else "a ZIP file"
        advice = "export the sheet as CSV" if is_sheet else "deliver the CSV in it, alone or compressed by gzip"
        return "FILE_BINARY", f"this is {kind}, not CSV text; {advice}"
    kind = next((kind for magic, kind in _KINDS if start.startswith(magic)), None)
    if kind is None:
        return None
    advice = "export it as CSV"
    if kind == "a gzip file":
        advice = "it was compressed twice" if unzipped else "name it .csv.gz"
    return "FILE_BINARY", f"this is {kind}, not CSV text; {advice}"


def text_fault(line: bytes) -> Fault | None:
    """What is wrong with the bytes of a line; where both are, what stands first."""
    try:
        line.decode("utf-8")
        wrong = len(line)
    except UnicodeDecodeError as error:
        wrong = error.start
    nul = line.find(b"\0")
    if 0 <= nul < wrong:
        return "FILE_BINARY", f"a NUL byte stands at byte {nul + 1} of the line: this is no text"
    if wrong == len(line):
        return None
    byte = line[wrong]
    guess = "Windows-1252" if byte < 0xA0 else "Latin-1 or Windows-1252"
    return "FILE_NOT_UTF8", f"byte {wrong + 1} of the line, 0x{byte:02X}, is not UTF-8; the file looks like {guess}"
