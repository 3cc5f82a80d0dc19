"""Raw rows judged by the contract's SQL, and what came of each file."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from py4j.protocol import Py4JJavaError
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from sales_etl_spark.contract import BUSINESS_DATE, FILE, LOAD_DATE, PROBLEMS, Table
from sales_etl_spark.errors import DataError
from sales_etl_spark.landing import LandedFile
from sales_etl_spark.relations import run_sql


@dataclass(frozen=True)
class RowCounts:
    read: int
    accepted: int
    rejected: int


def judge(spark: SparkSession, table: Table, raw: DataFrame) -> DataFrame:
    """All rows, typed, with `_problems`: '' where the row is accepted."""
    return run_sql(spark, table.check_sql, {f"raw_{table.name}": raw})


def _is_accepted() -> Column:
    return F.col(PROBLEMS) == ""


def _is_rejected() -> Column:
    return F.col(PROBLEMS) != ""


def _load_date() -> Column:
    return F.to_date(BUSINESS_DATE).alias(LOAD_DATE)


def accepted_rows(table: Table, judged: DataFrame) -> DataFrame:
    return judged.where(_is_accepted()).select(*table.column_names, FILE, _load_date())


def rejected_rows(table: Table, judged: DataFrame) -> DataFrame:
    """A value that its column's type cannot hold is NULL here; `_problems` names the column and the code."""
    return judged.where(_is_rejected()).select(*table.column_names, FILE, PROBLEMS, _load_date())


def _as_data_error(error: Py4JJavaError) -> Exception:
    message = str(error)
    if "MALFORMED_RECORD_IN_PARSING" not in message:
        return error
    file = re.search(r"while reading file (\S+?)\.?\s", message)
    name = "a file" if file is None else file[1]
    return DataError("FILE_ROW_RAGGED", f"{name} has a line with more or fewer fields than its header")


def count_rows(table: Table, judged: DataFrame, files: Sequence[LandedFile]) -> RowCounts:
    """Counts each file against its manifest: no row may get lost between the source and the two outcomes."""
    counted = judged.groupBy(FILE).agg(
        F.count(F.lit(1)).alias("read"),
        F.count_if(_is_accepted()).alias("accepted"),
        F.count_if(_is_rejected()).alias("rejected"),
    )
    try:
        rows = counted.collect()
    except Py4JJavaError as error:
        raise _as_data_error(error) from error
    by_file = {row[FILE]: RowCounts(row["read"], row["accepted"], row["rejected"]) for row in rows}
    for file in files:
        counts = by_file.get(file.key, RowCounts(0, 0, 0))
        if counts.accepted + counts.rejected != counts.read:
            raise RuntimeError(f"{file.key}: {counts} do not add up; this is a fault of the check SQL of {table.name}")
        if counts.read != file.rows:
            raise DataError("ROWS_DIFFER", f"{file.key} has {counts.read} rows, its manifest says {file.rows}")
    return RowCounts(
        sum(counts.read for counts in by_file.values()),
        sum(counts.accepted for counts in by_file.values()),
        sum(counts.rejected for counts in by_file.values()),
    )
