/** What is counted of sales and stock, day by day and week by week. */
import type { Daily } from "../measures/daily.ts";
import type { ColumnRef, Measure, Sum } from "../measures/measure.ts";

export const sales = (column: string): ColumnRef => ({ table: "sales", column });
export const inventory = (column: string): ColumnRef => ({ table: "inventory", column });

/** In the order in which they are computed: each may read those before it. */
export const daily: readonly Daily[] = [
  {
    name: "low_stock_flg",
    title: "Low stock",
    kind: "below",
    stock: inventory("inventory_on_hand_qty"),
    flow: sales("sales_qty"),
    type: "int",
    unit: "0 or 1",
    formula: "1 where on hand is below the quantity sold that day, returns taken off; 0 where the stock is unknown",
    why: "A day without an inventory row says nothing about the stock: taking it as 0 would make every such sale a shortage.",
  },
  {
    name: "potential_low_stock_units",
    title: "Units at risk",
    kind: "shortfall",
    below: "low_stock_flg",
    type: "decimal(18,2)",
    unit: "units",
    formula: "quantity sold - on hand, on days of low stock with a quantity above 0",
  },
  {
    name: "potential_low_stock_impact",
    title: "Sales at risk",
    kind: "shortfall-value",
    shortfall: "potential_low_stock_units",
    value: sales("sales_amt"),
    type: "decimal(18,4)",
    unit: "USD",
    formula:
      "amount paid - on hand x amount paid / quantity sold, on days of low stock with a quantity above 0; rounded to 4 places",
  },
  {
    name: "no_stock_impact",
    title: "Sales while out of stock",
    kind: "flow-where",
    flag: "out_of_stock_flg",
    of: sales("sales_amt"),
    type: "decimal(18,2)",
    unit: "USD",
    formula: "amount paid on days that are out of stock",
  },
];

const sum = (name: string, title: string, unit: string, formula: string, why?: string): Sum => ({
  ...{ kind: "sum", name, title, of: sales(name), type: "decimal(18,2)", unit, formula },
  ...(why === undefined ? {} : { why }),
});

const flows: readonly Measure[] = [
  sum("sales_qty", "Units sold", "units", "sum of the quantities sold in the week; returns count negatively"),
  sum("sales_amt", "Sales", "USD", "sum of the amounts paid in the week; returns count negatively"),
  sum(
    "sales_cost",
    "Cost",
    "USD",
    "sum of the costs of what was sold, without shipping",
    "Shipping has a column of its own. Unknown (empty) where no line of the week has a cost: not 0, which would be a margin of 100 %.",
  ),
  sum("sales_mgrn", "Margin", "USD", "sum of the margins as the source has them; unknown where no line has one"),
  sum("discount", "Discount", "USD", "sum of the discounts given; unknown where no line has one"),
  sum("ship_cost", "Shipping", "USD", "sum of the costs of shipping; unknown where no line has one"),
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
    why: "Not the mean of the lines' prices, which would let a line of one unit weigh as much as a line of a hundred.",
  },
];

const stocks: readonly Measure[] = [
  {
    name: "stock_on_hand_eow",
    title: "Stock on hand",
    kind: "last",
    of: inventory("inventory_on_hand_qty"),
    type: "decimal(18,2)",
    unit: "units",
    formula: "on hand in the last inventory snapshot inside the week; unknown where there is none",
    why: "Not of Saturday alone: most products have no snapshot on a given day, and would show no stock at all.",
  },
  {
    name: "stock_on_order_eow",
    title: "Stock on order",
    kind: "last",
    of: inventory("inventory_on_order_qty"),
    type: "decimal(18,2)",
    unit: "units",
    formula:
      "on order in the last inventory snapshot inside the week; unknown where there is none, or where it does not say",
    why: "A snapshot that does not say is not replaced by the one before: both stock columns are of the same day.",
  },
  {
    name: "stock_as_of_dt",
    title: "Stock as of",
    kind: "last-day",
    type: "date",
    unit: "day",
    formula: "day of the last inventory snapshot inside the week",
    why: "Says how old the stock columns are.",
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
    why: "The flag is the source's: it may be 1 with stock on hand, and is not second-guessed.",
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
    why: "Days out of stock / 7, as the requirements say, is the share OUT of stock, and counts days that nobody looked at as in stock.",
  },
];

const shortages: readonly Measure[] = [
  {
    name: "low_stock_instances",
    title: "Days of low stock",
    kind: "daily-sum",
    of: ["low_stock_flg"],
    type: "int",
    unit: "days",
    formula: "days of the week on which on hand was below the quantity sold that day",
    why: "The flags are added: counting them would count every day.",
  },
  {
    name: "no_stock_instances",
    title: "Times out of stock",
    kind: "daily-sum",
    of: ["out_of_stock_flg"],
    type: "int",
    unit: "days",
    formula: "sum of the days' out-of-stock flags",
  },
  {
    name: "total_low_stock_impact",
    title: "Shortages",
    kind: "daily-sum",
    of: ["out_of_stock_flg", "low_stock_flg"],
    type: "int",
    unit: "instances",
    formula: "sum of the days' out-of-stock and low-stock flags; a day with both counts twice",
  },
  {
    name: "potential_low_stock_impact",
    title: "Sales at risk",
    kind: "daily-sum",
    of: ["potential_low_stock_impact"],
    type: "decimal(18,4)",
    unit: "USD",
    formula:
      "sum over the days of low stock, with a quantity above 0, of amount paid - on hand x amount paid / quantity sold, each day rounded to 4 places",
    why: "Money minus money, at the day's average price. The requirements subtract units from money.",
  },
  {
    name: "potential_low_stock_units",
    title: "Units at risk",
    kind: "daily-sum",
    of: ["potential_low_stock_units"],
    type: "decimal(18,2)",
    unit: "units",
    formula: "sum over the same days of quantity sold - on hand",
  },
  {
    name: "no_stock_impact",
    title: "Sales while out of stock",
    kind: "daily-sum",
    of: ["no_stock_impact"],
    type: "decimal(18,2)",
    unit: "USD",
    formula: "sum of the amounts paid on days that are out of stock",
  },
  {
    name: "weeks_of_supply",
    title: "Weeks of supply",
    kind: "ratio",
    numerator: "stock_on_hand_eow",
    less: null,
    denominator: "sales_qty",
    type: "decimal(18,4)",
    unit: "weeks",
    formula:
      "stock on hand / quantity sold in the week; unknown where the quantity is not above 0 or the stock is unknown",
    why: "For how many weeks like this one the stock lasts; where nothing was sold it is unknown, not infinite.",
  },
];

/** In the order of the fact's columns. */
export const measures: readonly Measure[] = [...flows, ...stocks, ...shortages];
