"""How finely Spark divides its work, by the size of what it works on."""

from math import ceil

from pyspark.sql import SparkSession

KEY = "spark.sql.shuffle.partitions"
_BYTES_A_PARTITION = 32 * 1024 * 1024
# A date meets the rows of the weeks around it.
_GROWTH = 8
_MOST = 4000


def partitions_for(size: int, cores: int) -> int:
    """Adaptive execution puts small partitions together again; it never divides before the first exchange."""
    return max(cores, min(_MOST, ceil(size * _GROWTH / _BYTES_A_PARTITION)))


def size_shuffles(spark: SparkSession, size: int) -> None:
    """A number that somebody set for the cluster or the step stays."""
    if not spark.sparkContext.getConf().contains(KEY):
        spark.conf.set(KEY, str(partitions_for(size, spark.sparkContext.defaultParallelism)))
