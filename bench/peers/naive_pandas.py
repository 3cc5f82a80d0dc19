"""The weekly fact as it is often written with pandas: floats, an inner join, Saturday's stock, the mean of prices.

    python naive_pandas.py LANDING OUT.csv     prints the peak memory in MB

The faults are those of public implementations; they are left in on purpose.
"""

import glob
import resource
import sys

import pandas as pd

landing, out = sys.argv[1:]


def read(table):
    files = sorted(glob.glob(f"{landing}/{table}/*/*.csv"))
    return pd.concat([pd.read_csv(file) for file in files], ignore_index=True)


calendar = pd.read_csv(sorted(glob.glob(f"{landing}/calendar/*/*.csv"))[-1])[["cal_dt", "yr_wk_num", "day_of_wk_num"]]
sales = read("sales").merge(calendar, left_on="trans_dt", right_on="cal_dt")
inventory = read("inventory").merge(calendar, on="cal_dt")
week = ["yr_wk_num", "store_key", "prod_key"]

sold = sales.groupby(week, as_index=False).agg(
    sales_qty=("sales_qty", "sum"),
    sales_amt=("sales_amt", "sum"),
    sales_cost=("sales_cost", "sum"),
    avg_price=("sales_price", "mean"),
)
days = sales.groupby(["trans_dt", "store_key", "prod_key"], as_index=False).agg(qty=("sales_qty", "sum"))
stock = inventory.merge(
    days, left_on=["cal_dt", "store_key", "prod_key"], right_on=["trans_dt", "store_key", "prod_key"], how="left"
)
stock["low_stock"] = stock["inventory_on_hand_qty"] < stock["qty"]
held = stock.groupby(week, as_index=False).agg(
    out_of_stock_days=("out_of_stock_flg", "sum"),
    low_stock_instances=("low_stock", "sum"),
    no_stock_instances=("out_of_stock_flg", "count"),
)
saturday = inventory[inventory["day_of_wk_num"] == 6][[*week, "inventory_on_hand_qty"]].rename(
    columns={"inventory_on_hand_qty": "stock_on_hand_eow"}
)
fact = sold.merge(held, on=week).merge(saturday, on=week, how="left")
fact["pct_in_stock"] = 1 - fact["out_of_stock_days"] / 7
fact["weeks_of_supply"] = fact["stock_on_hand_eow"] / fact["sales_qty"]
fact.to_csv(out, index=False)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
