"""Files by URI through Hadoop: a folder of this machine or a bucket, whatever the cluster is set up for."""

from dataclasses import dataclass

from py4j.protocol import Py4JJavaError
from pyspark.sql import SparkSession


@dataclass(frozen=True)
class FileFacts:
    bytes: int
    modified: int
    """Milliseconds since 1970, UTC."""


class Storage:
    def __init__(self, spark: SparkSession) -> None:
        self._jvm = spark._jvm
        self._configuration = spark._jsparkSession.sessionState().newHadoopConf()

    def _path(self, uri: str):
        return self._jvm.org.apache.hadoop.fs.Path(uri)

    def _file_system(self, path):
        return path.getFileSystem(self._configuration)

    def facts(self, uri: str) -> FileFacts | None:
        """None where there is no such file."""
        path = self._path(uri)
        try:
            status = self._file_system(path).getFileStatus(path)
        except Py4JJavaError as error:
            if error.java_exception.getClass().getName() == "java.io.FileNotFoundException":
                return None
            raise
        return FileFacts(status.getLen(), status.getModificationTime())

    def read_text(self, uri: str) -> str:
        path = self._path(uri)
        stream = self._file_system(path).open(path)
        try:
            return bytes(self._jvm.org.apache.commons.io.IOUtils.toByteArray(stream)).decode("utf-8")
        finally:
            stream.close()

    def open(self, uri: str):
        """The bytes as they lie there, a stream of the JVM's."""
        path = self._path(uri)
        return self._file_system(path).open(path)

    def unzipped(self, uri: str, stream):
        """What the stream of a file holds, by the codec that the rows are read with."""
        codec = self._jvm.org.apache.hadoop.io.compress.CompressionCodecFactory(self._configuration).getCodec(
            self._path(uri)
        )
        return stream if codec is None else codec.createInputStream(stream)

    def read_head(self, uri: str, size: int) -> bytes:
        """The first bytes of what the file holds, unzipped where its name says that it is zipped."""
        path = self._path(uri)
        stream = self._file_system(path).open(path)
        try:
            if uri.endswith(".gz"):
                stream = self._jvm.java.util.zip.GZIPInputStream(stream)
            return bytes(stream.readNBytes(size))
        finally:
            stream.close()
