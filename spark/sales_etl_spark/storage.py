"""Files by URI through Hadoop: a folder of this machine or a bucket, whatever the cluster is set up for."""

from pyspark.sql import SparkSession


class Storage:
    def __init__(self, spark: SparkSession) -> None:
        self._jvm = spark._jvm
        self._configuration = spark._jsparkSession.sessionState().newHadoopConf()

    def _path(self, uri: str):
        return self._jvm.org.apache.hadoop.fs.Path(uri)

    def _file_system(self, path):
        return path.getFileSystem(self._configuration)

    def exists(self, uri: str) -> bool:
        path = self._path(uri)
        return self._file_system(path).exists(path)

    def delete(self, uri: str) -> None:
        path = self._path(uri)
        self._file_system(path).delete(path, True)

    def read_text(self, uri: str) -> str:
        path = self._path(uri)
        stream = self._file_system(path).open(path)
        try:
            return bytes(self._jvm.org.apache.commons.io.IOUtils.toByteArray(stream)).decode("utf-8")
        finally:
            stream.close()
