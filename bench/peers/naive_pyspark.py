"""The weekly fact as it is often written with PySpark: inferred types, an inner join, Saturday's stock, the mean of prices.

    python naive_pyspark.py LANDING OUT_FOLDER     prints the peak memory of Python and Java in MB

The faults are those of public implementations; they are left in on purpose.
"""

import glob
import pathlib
import resource
import sys

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

landing, out = sys.argv[1:]
spark = (
    SparkSession.builder.master("local[*]")
    .config("spark.driver.memory", "6g")
    .config("spark.ui.enabled", "false")
    # The default of Spark 3, for which such code was written: a division by 0 is NULL.
    .config("spark.sql.ansi.enabled", "false")
    .config("spark.driver.bindAddress", "127.0.0.1")
    .config("spark.driver.host", "127.0.0.1")
    .getOrCreate()
)


def read(files):
    return spark.read.csv(files, header=True, inferSchema=True)


newest = sorted(glob.glob(f"{landing}/calendar/*/*.csv"))[-1]
calendar = read(newest).select("cal_dt", "yr_wk_num", "day_of_wk_num")
sales = read(f"{landing}/sales/*/*.csv").join(calendar, F.col("trans_dt") == F.col("cal_dt")).drop("cal_dt")
inventory = read(f"{landing}/inventory/*/*.csv").join(calendar, "cal_dt")
week = ["yr_wk_num", "store_key", "prod_key"]

sold = sales.groupBy(week).agg(
    F.sum("sales_qty").alias("sales_qty"),
    F.sum("sales_amt").alias("sales_amt"),
    F.sum("sales_cost").alias("sales_cost"),
    F.avg("sales_price").alias("avg_price"),
)
days = sales.groupBy(F.col("trans_dt").alias("cal_dt"), "store_key", "prod_key").agg(F.sum("sales_qty").alias("qty"))
stock = inventory.join(days, ["cal_dt", "store_key", "prod_key"], "left")
held = stock.groupBy(week).agg(
    F.sum("out_of_stock_flg").alias("out_of_stock_days"),
    F.sum(F.when(F.col("inventory_on_hand_qty") < F.col("qty"), 1).otherwise(0)).alias("low_stock_instances"),
    F.count("out_of_stock_flg").alias("no_stock_instances"),
)
saturday = inventory.where("day_of_wk_num = 6").select(*week, F.col("inventory_on_hand_qty").alias("stock_on_hand_eow"))
fact = sold.join(held, week).join(saturday, week, "left")
fact = fact.withColumn("pct_in_stock", 1 - F.col("out_of_stock_days") / 7)
fact = fact.withColumn("weeks_of_supply", F.col("stock_on_hand_eow") / F.col("sales_qty"))
fact.write.mode("overwrite").csv(out, header=True)


def peak(process):
    """Of a process of Linux; 0 elsewhere."""
    status = pathlib.Path(f"/proc/{process}/status")
    if not status.exists():
        return 0
    return sum(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM"))


own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
java = peak(spark.sparkContext._gateway.proc.pid)
spark.stop()
print((own + java) // 1024)
