"""The control objects in S3, by conditional puts."""

from py4j.protocol import Py4JJavaError
from pyspark.sql import SparkSession

from sales_etl_spark.aws import client_factory
from sales_etl_spark.control import Stored

# 412: the condition does not hold; 409: S3 cannot tell yet which of two simultaneous writers was first.
_REFUSED = (409, 412)
_MISSING = 404


def _status(error: Py4JJavaError) -> int | None:
    """Of the answer; None where there was none."""
    java = error.java_exception
    return java.statusCode() if "S3Exception" in java.getClass().getName() or hasattr(java, "statusCode") else None


class S3Control:
    def __init__(self, spark: SparkSession, uri: str, catalog: str) -> None:
        self.uri = uri.rstrip("/")
        self._bucket, _, prefix = self.uri.removeprefix("s3://").partition("/")
        self._prefix = f"{prefix}/" if prefix else ""
        self._jvm = spark._jvm
        self._client = client_factory(spark, catalog).s3()
        self._model = self._jvm.software.amazon.awssdk.services.s3.model

    def read(self, key: str) -> Stored | None:
        request = self._model.GetObjectRequest.builder().bucket(self._bucket).key(self._prefix + key).build()
        try:
            answer = self._client.getObjectAsBytes(request)
        except Py4JJavaError as error:
            if _status(error) == _MISSING:
                return None
            raise
        return Stored(answer.asUtf8String(), answer.response().eTag())

    def _put(self, key: str, text: str, if_none_match: str | None = None, if_match: str | None = None) -> bool:
        builder = self._model.PutObjectRequest.builder().bucket(self._bucket).key(self._prefix + key)
        builder = builder.contentType("application/json")
        if if_none_match is not None:
            builder = builder.ifNoneMatch(if_none_match)
        if if_match is not None:
            builder = builder.ifMatch(if_match)
        body = self._jvm.software.amazon.awssdk.core.sync.RequestBody.fromString(text)
        try:
            self._client.putObject(builder.build(), body)
        except Py4JJavaError as error:
            # A replacement of what is gone is answered as missing.
            if _status(error) in _REFUSED or (if_match is not None and _status(error) == _MISSING):
                return False
            raise
        return True

    def create(self, key: str, text: str) -> bool:
        return self._put(key, text, if_none_match="*")

    def replace(self, key: str, text: str, version: str) -> bool:
        return self._put(key, text, if_match=version)

    def write(self, key: str, text: str) -> None:
        self._put(key, text)

    def keys(self, prefix: str) -> list[str]:
        builder = self._model.ListObjectsV2Request.builder().bucket(self._bucket).prefix(self._prefix + prefix)
        found = self._client.listObjectsV2Paginator(builder.build()).contents().iterator()
        keys: list[str] = []
        while found.hasNext():
            keys.append(found.next().key().removeprefix(self._prefix))
        return sorted(keys)
