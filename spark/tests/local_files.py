"""Files of this machine, as Hadoop writes them."""

from pyspark.sql import SparkSession


def leave_out_checksums(spark: SparkSession) -> None:
    """Hadoop gives each file another one with its checksum, and starts a process, chmod, for both."""
    spark._jvm.org.apache.hadoop.fs.FileSystem.getLocal(spark._jsc.hadoopConfiguration()).setWriteChecksum(False)
