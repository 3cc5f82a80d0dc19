"""The first lines of a file: its header, or what stands there instead, told by the codes of the gate."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

from py4j.protocol import Py4JJavaError
from pyspark.sql.types import BooleanType, DataType, DateType, DecimalType, IntegerType, LongType

from sales_etl_spark.contract import Table
from sales_etl_spark.errors import DataError
from sales_etl_spark.kinds import binary_fault, text_fault
from sales_etl_spark.landing import LandedFile
from sales_etl_spark.storage import Storage

Header = tuple[str, ...]

LONGEST_HEADER = 1024 * 1024
_USUAL_HEADER = 8 * 1024
csv.field_size_limit(2 * LONGEST_HEADER)

_LOOKED_FOR = 50
"""A header that stands behind a title or a comment, stands among the first lines."""

# What the checks of the gate trim (ECMAScript's white space); Python's own idea of it is another one.
BLANKS = "\t\n\v\f\r \u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff" + "".join(map(chr, range(0x2000, 0x200B)))

_DELIMITERS = {";": "a semicolon", "\t": "a tab", "|": "a vertical bar"}
NAME = "[A-Za-z_][A-Za-z0-9_ ]*"


def names_of(fields: Sequence[str]) -> list[str]:
    """As the contract writes them: without blanks around, in lower case."""
    return [field.strip(BLANKS).lower() for field in fields]


def is_header_of(table: Table, fields: Sequence[str]) -> bool:
    """Whether a line has all columns of the contract, in any order."""
    return set(table.column_names) <= set(names_of(fields))


def reads_as_header(fields: Sequence[str]) -> bool:
    """Whether some other table's column names may be meant: all different, all names."""
    names = names_of(fields)
    return len(fields) > 1 and all(re.fullmatch(NAME, field) for field in fields) and len(set(names)) == len(names)


def fields_of(line: str) -> list[str]:
    """Of one line; an empty line has one empty field."""
    return next(csv.reader(io.StringIO(line, newline="")), None) or [""]


@dataclass(frozen=True)
class _Head:
    """The beginning of a file."""

    content: bytes
    is_whole: bool

    def rows(self) -> list[list[str]]:
        """The rows that are all there, and the header that is sought may be among; an empty line has an empty field."""
        text = self.content.decode("utf-8-sig", errors="replace")
        found: list[list[str]] = []
        for fields in csv.reader(io.StringIO(text, newline="")):
            found.append(fields or [""])
            if len(found) == _LOOKED_FOR + 2:
                return found[:-1]
        return found if self.is_whole or text.endswith(("\n", "\r")) else found[:-1]


def _read(storage: Storage, uri: str, file: LandedFile) -> _Head:
    for size in (_USUAL_HEADER, LONGEST_HEADER):
        content = storage.read_head(uri, size) if file.bytes > 0 else b""
        head = _Head(content, len(content) < size)
        if head.is_whole or len(head.rows()) > 0:
            return head
    raise ValueError(f"the first line has more than {LONGEST_HEADER} bytes")


def _looks_like(type_: DataType, text: str) -> bool:
    match type_:
        case DecimalType():
            pattern = r"-?[0-9]+([.][0-9]+)?"
        case IntegerType() | LongType():
            pattern = r"-?[0-9]+"
        case BooleanType():
            pattern = r"[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee]|0|1"
        case DateType():
            pattern = r"[1-9][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
        case _:
            return False
    return re.fullmatch(pattern, text) is not None


def _whole_fault(table: Table, fields: Sequence[str]) -> tuple[str, str] | None:
    """The one thing that is wrong with a line as a whole, which says more than a list of missing columns."""
    line = ",".join(fields)
    for delimiter, name in _DELIMITERS.items():
        if is_header_of(table, line.split(delimiter)):
            return "FILE_DELIMITER_WRONG", f"the fields are separated by {name}, not by a comma"
    is_data = (
        len(fields) == len(table.columns)
        and not set(names_of(fields)) & set(table.column_names)
        and any(_looks_like(column.type, text) for column, text in zip(table.columns, fields, strict=True))
    )
    return ("HEADER_MISSING", "the first line is a row of data: the header is missing") if is_data else None


def _column_fault(table: Table, fields: Sequence[str]) -> tuple[str, str] | None:
    names = names_of(fields)
    missing = [name for name in table.column_names if name not in names]
    if missing:
        return _whole_fault(table, fields) or ("HEADER_COLUMN_MISSING", f"the header lacks {', '.join(missing)}")
    twice = [name for place, name in enumerate(names) if names.index(name) != place]
    if twice:
        return "HEADER_COLUMN_TWICE", f"the header names {twice[0]} twice"
    extra = [f"column {place} without a name" for place, name in enumerate(names, start=1) if name == ""]
    if table.drift == "reject":
        extra += [name for name in names if name != "" and name not in table.column_names]
    return ("HEADER_COLUMN_EXTRA", f"the header has the unknown {', '.join(extra)}") if extra else None


def _header_fault(table: Table, rows: Sequence[Sequence[str]]) -> tuple[str, str, int | None] | None:
    """Code, words and line of what is wrong with the first line."""
    if all(row == [""] for row in rows):
        return "FILE_EMPTY", "the file has no header", None
    fault = _column_fault(table, rows[0])
    if fault is None:
        return None
    for place, row in enumerate(rows[1:], start=2):
        if is_header_of(table, row):
            return "HEADER_NOT_FIRST", f"the header stands in line {place}: remove what stands before it", place
    return *fault, 1


def unknown_names(table: Table, header: Header) -> list[str]:
    return [name for name in names_of(header) if name not in table.column_names]


def read_header(storage: Storage, table: Table, landing: str, file: LandedFile) -> Header:
    """The names as they stand in the file; raises DataError where they are not those of the contract.

    Asked of the file itself: a query of Spark's for each file would take longer than the files of a usual day.
    """

    def refuse(code: str, words: str, line: int | None = None) -> DataError:
        return DataError(code, f"{file.key}: {words}", file.business_date, file=file.key, line=line)

    try:
        head = _read(storage, f"{landing}/{file.key}", file)
        rows = head.rows()
    except Py4JJavaError as error:
        code = "FILE_GZIP_BROKEN" if file.key.endswith(".gz") else "FILE_UNREADABLE"
        raise refuse(code, f"its beginning cannot be read: {error.java_exception.getMessage()}") from error
    except (ValueError, csv.Error) as error:
        raise refuse("FILE_UNREADABLE", f"its beginning cannot be read: {error}") from error
    first_line = head.content.split(b"\n", 1)[0]
    kind = binary_fault(head.content, file.key.endswith(".gz")) or text_fault(first_line)
    if kind is not None:
        raise refuse(*kind)
    fault = _header_fault(table, rows)
    if fault is not None:
        raise refuse(*fault)
    return tuple(rows[0])
