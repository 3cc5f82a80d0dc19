"""Says what readers of the fact see: `fact.py CATALOG.DATABASE.TABLE SNAPSHOT...`, one JSON line for each snapshot.

In a session of its own, by SQL alone: nothing of the job is asked.
"""

import json
import sys

from pyspark.sql import SparkSession

COLUMNS = "yr_wk_num, store_key, prod_key, sales_qty, sales_amt, avg_price, stock_on_hand_eow"


def main(table: str, snapshots: list[str]) -> None:
    spark = SparkSession.builder.getOrCreate()
    for snapshot in snapshots:
        rows = spark.sql(
            f"SELECT {COLUMNS} FROM {table} VERSION AS OF {snapshot} ORDER BY yr_wk_num, store_key, prod_key"
        ).collect()
        texts = [",".join("" if value is None else str(value) for value in row) for row in rows]
        print(json.dumps({"event": "fact", "snapshot": snapshot, "rows": texts}), flush=True)
    spark.stop()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
