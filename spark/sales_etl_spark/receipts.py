"""The rows of the table `receipts`: what was loaded when, by which run."""

import json
from datetime import UTC, datetime

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from sales_etl_spark.contract import Operations
from sales_etl_spark.state import RunState


def receipts_rows(spark: SparkSession, table: Operations, state: RunState, seconds: float) -> DataFrame:
    rows = [
        {
            "run_id": state.run_id,
            "business_date": date.business_date,
            "verdict": "accepted",
            "rows_accepted": date.accepted,
            "rows_rejected": date.rejected,
            "periods_restated": ",".join(map(str, state.periods[date.business_date])),
            "rows_read": date.read,
            "bytes_read": date.bytes,
            "loaded_at": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "seconds": round(seconds, 3),
            "contract_version": state.contract_version,
            "fingerprint": date.fingerprint,
            "dumps_since": json.dumps(state.dumps_since.get(date.business_date, {})),
        }
        for date in state.dates
    ]
    # Unlike createDataFrame, this starts no Python on the cluster.
    parsed = F.from_json(F.lit(json.dumps(rows)), f"array<{table.schema.simpleString()}>")
    return spark.range(1).select(F.inline(parsed))
