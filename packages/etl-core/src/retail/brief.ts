/** The requirements word by word where they are wrong: columns of `weekly_fact_brief`, beside the corrected ones. */
import type { Variant } from "../measures/fact.ts";
import { inventory, sales } from "./measures.ts";

export const brief: Variant = {
  daily: [
    {
      name: "brief_low_stock_impact",
      title: "Money minus units",
      kind: "difference",
      below: "low_stock_flg",
      flow: sales("sales_amt"),
      stock: inventory("inventory_on_hand_qty"),
      type: "decimal(18,2)",
      unit: "USD minus units",
      formula: "amount paid - on hand, on days of low stock",
    },
  ],
  measures: [
    {
      name: "brief_pct_in_stock",
      title: "In stock, as worded",
      kind: "ratio",
      numerator: "out_of_stock_days",
      less: null,
      denominator: 7,
      type: "decimal(18,4)",
      unit: "share of 7 days",
      formula: "days out of stock / 7",
      why: "It is the share OUT of stock: a product that was out on one of seven days is 0.1429 in stock by it, not 0.8571.",
    },
    {
      name: "brief_potential_low_stock_impact",
      title: "Sales at risk, as worded",
      kind: "daily-sum",
      of: ["brief_low_stock_impact"],
      type: "decimal(18,2)",
      unit: "USD minus units",
      formula: "sum over the days of low stock of amount paid - on hand",
      why: "It subtracts units from money: 3 units on hand take 3 USD off, whatever a unit costs.",
    },
  ],
};
