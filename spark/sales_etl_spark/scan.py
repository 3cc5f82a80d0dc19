"""One pass over the bytes of a file that nobody has looked at yet: its SHA-256, and whether it is strict CSV in UTF-8.

The bytes stay in the JVM, a piece at a time: memory does not grow with the file.
"""

from dataclasses import dataclass, replace

from py4j.protocol import Py4JJavaError
from pyspark.sql import SparkSession

from sales_etl_spark.contract import Table
from sales_etl_spark.landing import LandedFile
from sales_etl_spark.storage import Storage
from sales_etl_spark.strict import FileFault, StrictText, what_stands_there


@dataclass(frozen=True)
class ScannedFile:
    sha256: str
    """Of the bytes as they lie there."""
    content_sha256: str
    """Of the unzipped bytes: equal for a file and its gzip."""
    fault: FileFault | None
    """The first one; the hashes are of the whole file all the same, but for a gzip that is broken."""
    is_unended: bool
    """The last line has no line end."""


class Scanner:
    def __init__(self, spark: SparkSession, landing: str) -> None:
        self._jvm = spark._jvm
        self._gateway = spark.sparkContext._gateway
        self._storage = Storage(spark)
        self._landing = landing

    def _text(self, width: int) -> StrictText:
        return StrictText(self._jvm, self._gateway, width)

    def _hashing(self, stream):
        digest = self._jvm.java.security.MessageDigest.getInstance("SHA-256")
        return self._jvm.java.security.DigestInputStream(stream, digest), digest

    def _hex(self, digest) -> str:
        return self._jvm.org.apache.commons.codec.binary.Hex.encodeHexString(digest.digest())

    def _reader(self, stream, on_malformed: str):
        action = getattr(self._jvm.java.nio.charset.CodingErrorAction, on_malformed)
        decoder = self._jvm.java.nio.charset.Charset.forName("UTF-8").newDecoder()
        return self._jvm.java.io.InputStreamReader(stream, decoder.onMalformedInput(action))

    def scan(self, table: Table, file: LandedFile, width: int) -> ScannedFile:
        """`width`: how many fields the header has. Raises what the storage raises."""
        uri = f"{self._landing}/{file.key}"
        drain = self._jvm.org.apache.commons.io.IOUtils.consume
        raw, digest = self._hashing(self._storage.open(uri))
        text = self._text(width)
        try:
            content, content_digest = self._hashing(self._storage.unzipped(uri, raw))
            try:
                text.read(self._reader(content, "REPORT"))
                fault = None if text.failed_at is None else what_stands_there(table, text)
                drain(content)
            except Py4JJavaError as error:
                fault = self._unread(uri, error)
            drain(raw)
        finally:
            raw.close()
        if fault is not None and text.failed_at is not None:
            fault = replace(fault, line=self._line_at(uri, text.failed_at))
        return ScannedFile(self._hex(digest), self._hex(content_digest), fault, text.is_unended)

    def _unread(self, uri: str, error: Py4JJavaError) -> FileFault:
        java = error.java_exception
        if java.getClass().getName() == "java.nio.charset.MalformedInputException":
            return self._not_utf8(uri)
        if uri.endswith(".gz"):
            return FileFault("FILE_GZIP_BROKEN", f"the gzip cannot be read to its end: {java.getMessage()}")
        raise error

    def _lenient(self, uri: str):
        """Once more, from the beginning."""
        return self._reader(self._storage.unzipped(uri, self._storage.open(uri)), "REPLACE")

    def _line_at(self, uri: str, characters: int) -> int:
        """The physical line of a place: read up to there, which only a fault is worth."""
        lines = self._jvm.java.io.LineNumberReader(self._lenient(uri))
        try:
            lines.skip(characters)
            return lines.getLineNumber() + 1
        finally:
            lines.close()

    def _not_utf8(self, uri: str) -> FileFault:
        reader = self._lenient(uri)
        try:
            place, is_last = self._text(0).find(reader, "\ufffd") or (None, False)
        finally:
            reader.close()
        line = None if place is None else self._line_at(uri, place)
        if is_last:
            return FileFault("FILE_TRUNCATED", "the file ends inside a character", line)
        return FileFault("FILE_NOT_UTF8", "bytes that are not UTF-8: the file has another encoding", line)
