"""RFC 4180 to the letter, as in the gate: what two engines may read differently is a fault of the file.

Characters stay in the JVM. Nearly every piece is plain, without quotes and with one kind of line end; the others go
through the grammar of fields.
"""

from dataclasses import dataclass

from sales_etl_spark.contract import Table
from sales_etl_spark.header import fields_of, is_header_of, reads_as_header

LONGEST_ROW = 2 * 1024 * 1024
"""In characters; no row of an export comes near this."""

PIECE = 2 * LONGEST_ROW

# One token after the other; the first is the character that stands before. A quoted part (two of them make a doubled
# quote), a bare field or the rest of one, what ends a field: a line end behind a line end would be an empty line.
_GRAMMAR = r'(?s)\G(?:^.|(?<![^,\n"])"[^"]*+"|(?<!")[^",\r\n\x00]++|,|{line_end})'
_LOOKED_AT = 64 * 1024
_NOT_PLAIN = {"\n": r'["\r\x00]', "\r\n": r'["\x00]|(?<!\r)\n|\r(?!\n)'}
_EMPTY_LINE = {"\n": "\n\n", "\r\n": "\n\r\n"}


@dataclass(frozen=True)
class FileFault:
    code: str
    words: str
    line: int | None = None


class StrictText:
    """Reads a text piece by piece up to the first place where the grammar ends."""

    def __init__(self, jvm, gateway, width: int) -> None:
        """`width`: how many fields a row has. A file of one column may have empty lines."""
        self._jvm = jvm
        # The first place is for the character that stands before the piece.
        self._characters = gateway.new_array(jvm.char, PIECE + 1)
        self._size = PIECE
        self._may_be_empty = width == 1
        self.line_end = "\n"
        self.failed_at: int | None = None
        """In characters from the beginning of the text."""
        self.rest = ""
        """What stands there."""
        self.is_unended = False
        """The last line has no line end."""

    def _matcher(self, expression: str, begin: int, end: int):
        """Over a part of the piece and the character before it."""
        part = self._jvm.java.nio.CharBuffer.wrap(self._characters, begin - 1, end - begin + 1)
        return self._jvm.java.util.regex.Pattern.compile(expression).matcher(part)

    def _put(self, place: int, character: str) -> None:
        self._jvm.java.lang.reflect.Array.setChar(self._characters, place, character)

    def _fill(self, reader, held: int) -> int:
        """Reads behind the characters that are held; fewer than there is room for are the last ones."""
        return self._jvm.org.apache.commons.io.IOUtils.read(reader, self._characters, 1 + held, self._size - held)

    def _keep(self, end: int, held: int) -> None:
        """Makes the last characters, and the one before them, the first ones."""
        self._jvm.java.lang.System.arraycopy(self._characters, end - held - 1, self._characters, 0, held + 1)

    def find(self, reader, character: str) -> tuple[int, bool] | None:
        """The first place of a character, and whether nothing follows it."""
        base = 0
        while count := self._fill(reader, 0):
            self._put(0, ",")
            matcher = self._matcher(character, 1, 1 + count)
            if matcher.find():
                place = matcher.start() - 1
                return base + place, place == count - 1 and count < self._size
            base += count
        return None

    def read(self, reader) -> None:
        """Raises what the reader raises."""
        base, held, begin = 0, 0, 1
        self._put(0, ",")
        while True:
            count = self._fill(reader, held)
            end, is_last = 1 + held + count, held + count < self._size
            if base == held == 0:
                begin = self._first_line(end)
            if end > begin:
                self.is_unended = self._characters[end - 1] != "\n"
            held = self._unread(begin, end, is_last)
            if self.failed_at is not None:
                self.failed_at = base + end - held - 1
                if self.rest != "" and not is_last:
                    self.rest = self._following(reader, end, held)
                return
            if is_last:
                return
            self._keep(end, held)
            base, begin = base + end - held - 1, 1

    def _following(self, reader, end: int, held: int) -> str:
        """What stands at the end of the piece and behind it."""
        self._keep(end, held)
        count = held + self._fill(reader, held)
        return self._jvm.String(self._characters, 1, min(count, _LOOKED_AT))

    def _first_line(self, end: int) -> int:
        """Where the text begins, behind a byte order mark; the first line says how lines end."""
        begin = 2 if end > 1 and self._characters[1] == "\ufeff" else 1
        self._put(begin - 1, ",")
        first = self._matcher("\r?\n", begin, end)
        if first.find() and first.end() - first.start() == 2:
            self.line_end = "\r\n"
        return begin

    def _unread(self, begin: int, end: int, is_last: bool) -> int:
        """How many characters at the end are not understood: not yet, or not at all; then `failed_at` is set."""

        def has(expression: str) -> bool:
            return self._matcher(expression, begin, end).find()

        if not has(_NOT_PLAIN[self.line_end]) and (self._may_be_empty or not has(_EMPTY_LINE[self.line_end])):
            if end - begin < self._size or has("\n"):
                return 0
            return self._fail("", end - begin)
        line_end = self.line_end if self._may_be_empty else rf"(?<=[^\n]){self.line_end}"
        rest = self._matcher(_GRAMMAR.format(line_end=line_end), begin, end).replaceAll("")
        is_open = rest.startswith('"') and rest.find('"', 1) < 0 and len(rest) <= LONGEST_ROW
        if rest == "" or (not is_last and (is_open or rest == "\r")):
            return len(rest)
        return self._fail(rest, len(rest))

    def _fail(self, rest: str, held: int) -> int:
        self.failed_at, self.rest = 0, rest
        return held


def row_out_of_place(table: Table, line: str) -> FileFault | None:
    """A line that is no row of the table: its header again, or another table's."""
    fields = fields_of(line)
    if is_header_of(table, fields):
        return FileFault("HEADER_REPEATED", "the header stands there again: two exports were joined")
    if reads_as_header(fields):
        return FileFault("FILE_SEVERAL_TABLES", "another header stands there: the file holds several tables")
    return None


def what_stands_there(table: Table, text: StrictText) -> FileFault:
    """What the place is where the grammar ends; without its line."""
    rest = text.rest
    if rest == "":
        return FileFault("FILE_ROW_TOO_LONG", f"the line has more than {LONGEST_ROW} characters")
    if rest.startswith("\0"):
        return FileFault("FILE_BINARY", "a NUL byte stands there: this is no text")
    if rest.startswith(text.line_end):
        # What follows an empty line says what it is.
        following = rest.lstrip("\r\n").split("\n", 1)[0].rstrip("\r")
        empty = FileFault("FILE_ROW_RAGGED", "the line is empty")
        return empty if following == "" else row_out_of_place(table, following) or empty
    if rest[0] in "\r\n":
        return FileFault("FILE_LINE_ENDS_MIXED", f"the line ends otherwise than the first one ({text.line_end!r})")
    if rest[0] == '"' and rest.find('"', 1) < 0:
        return FileFault("FILE_QUOTES_UNBALANCED", "a quoted field that begins there does not end")
    return FileFault("FILE_QUOTES_UNBALANCED", "a quote stands inside an unquoted field, or text beside a quoted one")
