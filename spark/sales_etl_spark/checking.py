"""Raw rows judged by the contract's SQL, and what came of each file."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from py4j.protocol import Py4JJavaError
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from sales_etl_spark.contract import BUSINESS_DATE, FILE, LOAD_DATE, ORIGIN, PROBLEMS, SOURCE_FILE, Table
from sales_etl_spark.errors import DataError
from sales_etl_spark.landing import LandedFile
from sales_etl_spark.relations import run_sql
from sales_etl_spark.strict import FileFault


@dataclass(frozen=True)
class RowCounts:
    read: int
    accepted: int
    rejected: int


NO_ROWS = RowCounts(0, 0, 0)


@dataclass(frozen=True)
class CloserLook:
    """What was found in a file that the gate has not read."""

    fault: FileFault | None
    """The first thing that makes it no file of its table."""
    other_sha256: str | None
    """Its own, where the manifest says another one."""
    is_doubled: bool


NOT_LOOKED_AT = CloserLook(None, None, False)


def judge(spark: SparkSession, table: Table, raw: DataFrame) -> DataFrame:
    """All rows, typed, with `_problems`: '' where the row is accepted."""
    return run_sql(spark, table.check_sql, {f"raw_{table.name}": raw})


def is_accepted() -> Column:
    return F.col(PROBLEMS) == ""


def is_rejected() -> Column:
    return F.col(PROBLEMS) != ""


def accepted_rows(table: Table, judged: DataFrame) -> DataFrame:
    load_date = F.to_date(BUSINESS_DATE).alias(LOAD_DATE)
    return judged.where(is_accepted()).select(*table.stored_names, F.col(FILE).alias(SOURCE_FILE), load_date)


def _as_data_error(error: Py4JJavaError) -> Exception:
    """A file that Spark cannot read to its end is the fault of its date; anything else is none of the data's."""
    found = re.search(r"FAILED_READ_FILE.*? (?:while|when) reading file (\S+?)\.?\s", str(error), re.DOTALL)
    dated = None if found is None else re.search(r"([^/]+/dt=(\d{4}-\d{2}-\d{2})/[^/\s]+(?:/[^/\s]+)?)$", found[1])
    if dated is None:
        return error
    code = "FILE_GZIP_BROKEN" if dated[1].endswith(".gz") else "FILE_UNREADABLE"
    return DataError(code, f"{dated[1]} cannot be read to its end: it is damaged", dated[2], file=dated[1])


def count_files(judged: DataFrame, with_facts: bool = False) -> tuple[dict[str, RowCounts], dict[str, int]]:
    """By file its rows, and how many of its lines are ragged; a file without a row is in neither."""
    is_ragged = F.col(f"{ORIGIN}.ragged") if with_facts else F.col(ORIGIN)
    counted = judged.groupBy(FILE).agg(
        F.count(F.lit(1)).alias("read"),
        F.count_if(is_accepted()).alias("accepted"),
        F.count_if(is_rejected()).alias("rejected"),
        F.count_if(is_ragged).alias("ragged"),
    )
    try:
        rows = counted.collect()
    except Py4JJavaError as error:
        raise _as_data_error(error) from error
    counts = {row[FILE]: RowCounts(row["read"], row["accepted"], row["rejected"]) for row in rows}
    return counts, {row[FILE]: row["ragged"] for row in rows if row["ragged"] > 0}


def check_file(
    table: Table, file: LandedFile, counts: RowCounts, ragged: int = 0, look: CloserLook = NOT_LOOKED_AT
) -> None:
    """Counts the file against its manifest and its tolerance: no row gets lost between the source and the outcomes."""
    if look.fault is not None:
        code, words, line = look.fault.code, look.fault.words, look.fault.line
        where = "" if line is None else f", line {line}"
        raise DataError(code, f"{file.key}{where}: {words}", file.business_date, file=file.key, line=line)
    if ragged:
        has = f"{file.key} has {ragged} lines with more or fewer fields than its header"
        raise DataError("FILE_ROW_RAGGED", has, file.business_date, file=file.key)
    if counts.accepted + counts.rejected != counts.read:
        raise RuntimeError(f"{file.key}: {counts} do not add up; this is a fault of the check SQL of {table.name}")
    if look.other_sha256 is not None:
        has = f"the SHA-256 of {file.key} is {look.other_sha256}, its manifest says {file.sha256}"
        raise DataError("SHA256_DIFFERS", has, file.business_date, file=file.key)
    if counts.read != file.rows:
        has = f"{file.key} has {counts.read} rows, its manifest says {file.rows}"
        raise DataError("ROWS_DIFFER", has, file.business_date, file=file.key)
    if table.is_snapshot and counts.read == 0:
        has = f"{file.key} has no row, and {table.name} comes whole each time: every row before it would be gone"
        raise DataError("SNAPSHOT_EMPTY", has, file.business_date, file=file.key)
    if look.is_doubled and counts.read > 0:
        has = f"every one of the {counts.read} rows of {file.key} occurs twice: the export ran twice into one file"
        raise DataError("FILE_DOUBLED", has, file.business_date, file=file.key)
    if counts.rejected > counts.read * table.tolerance:
        share, allowed = f"{counts.rejected / counts.read:.1%}", f"{table.tolerance:.1%}"
        wrong = f"{counts.rejected} of {counts.read} rows of {file.key} are wrong ({share})"
        has = f"{wrong}; {table.name} tolerates {allowed}"
        raise DataError("TOO_MANY_ROWS_REJECTED", has, file.business_date, file=file.key)


def check_files(
    table: Table,
    files: Sequence[LandedFile],
    counts: Mapping[str, RowCounts],
    ragged: Mapping[str, int],
    looks: Mapping[str, CloserLook] = MappingProxyType({}),
) -> list[DataError]:
    """What is wrong with files as a whole, the first fault of each."""
    faults: list[DataError] = []
    for file in files:
        try:
            look = looks.get(file.key, NOT_LOOKED_AT)
            check_file(table, file, counts.get(file.key, NO_ROWS), ragged.get(file.key, 0), look)
        except DataError as error:
            faults.append(error)
    return faults


def keys_in_two_files(table: Table, judged: DataFrame, files: Sequence[LandedFile]) -> list[DataError]:
    """Keys are compared inside a file by the check SQL; a date that comes in parts is looked at once more."""
    dates = [file.business_date for file in files]
    in_parts = sorted({date for date in dates if dates.count(date) > 1})
    if not table.key or not in_parts:
        return []
    twice = (
        judged.where(is_accepted() & F.col(BUSINESS_DATE).isin(in_parts))
        .groupBy(BUSINESS_DATE, *table.key)
        .agg(F.count(F.lit(1)).alias("rows"), F.min(FILE).alias("one"), F.max(FILE).alias("other"))
        .where(F.col("rows") > 1)
        .groupBy(BUSINESS_DATE)
        .agg(F.count(F.lit(1)).alias("keys"), F.first("one").alias("one"), F.first("other").alias("other"))
    )
    return [
        DataError(
            "KEY_IN_TWO_FILES",
            f"{row['keys']} keys of {table.name} stand in two files, as in {row['one']} and {row['other']}: "
            "their rows would count twice",
            row[BUSINESS_DATE],
        )
        for row in twice.collect()
    ]


def add_counts(counts: Sequence[RowCounts]) -> RowCounts:
    return RowCounts(
        sum(one.read for one in counts), sum(one.accepted for one in counts), sum(one.rejected for one in counts)
    )
