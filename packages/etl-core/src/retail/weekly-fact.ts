import { defineFact } from "../measures/fact.ts";
import type { ColumnRef } from "../measures/measure.ts";

const sales = (column: string): ColumnRef => ({ table: "sales", column });
const inventory = (column: string): ColumnRef => ({ table: "inventory", column });

/** Fiscal week x store x product. */
export const weeklyFact = defineFact({
  name: "weekly_fact",
  title: "Sales and stock by week, store and product",
  calendar: { table: "calendar", date: "cal_dt", period: "yr_wk_num" },
  keys: ["store_key", "prod_key"],
  flow: { table: "sales", date: "trans_dt" },
  stock: { table: "inventory", date: "cal_dt" },
  measures: [
    {
      name: "sales_qty",
      title: "Units sold",
      kind: "sum",
      of: sales("sales_qty"),
      type: "decimal(18,2)",
      unit: "units",
      formula: "sum of the quantities sold in the week; returns count negatively",
    },
    {
      name: "sales_amt",
      title: "Sales",
      kind: "sum",
      of: sales("sales_amt"),
      type: "decimal(18,2)",
      unit: "USD",
      formula: "sum of the amounts paid in the week",
    },
    {
      name: "avg_price",
      title: "Average price",
      kind: "ratio",
      numerator: "sales_amt",
      less: null,
      denominator: "sales_qty",
      type: "decimal(18,4)",
      unit: "USD per unit",
      formula: "amount paid / quantity sold in the week; unknown where the quantity is not above 0",
    },
    {
      name: "stock_on_hand_eow",
      title: "Stock on hand",
      kind: "last",
      of: inventory("inventory_on_hand_qty"),
      type: "decimal(18,2)",
      unit: "units",
      formula: "on hand in the last inventory snapshot inside the week",
    },
    {
      name: "stock_as_of_dt",
      title: "Stock as of",
      kind: "last-day",
      type: "date",
      unit: "day",
      formula: "day of the last inventory snapshot inside the week",
    },
    {
      name: "days_tracked",
      title: "Days tracked",
      kind: "days",
      type: "int",
      unit: "days",
      formula: "days of the week with an inventory row",
    },
    {
      name: "out_of_stock_days",
      title: "Days out of stock",
      kind: "flag-days",
      of: inventory("out_of_stock_flg"),
      type: "int",
      unit: "days",
      formula: "days of the week whose inventory row says out of stock",
    },
    {
      name: "pct_in_stock",
      title: "In stock",
      kind: "ratio",
      numerator: "days_tracked",
      less: "out_of_stock_days",
      denominator: "days_tracked",
      type: "decimal(18,4)",
      unit: "share of tracked days",
      formula: "(days tracked - days out of stock) / days tracked; unknown where no day is tracked",
    },
  ],
});
