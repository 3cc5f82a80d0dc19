/** What a store manager or a planner sees first on a Monday. */
import type { ReportPlan } from "../measures/report-plan.ts";

export const report: ReportPlan = {
  shares: [
    {
      name: "mgrn_pct",
      title: "Margin %",
      numerator: "sales_mgrn",
      denominator: "sales_amt",
      unit: "share of sales",
      formula: "margin / sales; what has no known margin counts in neither",
      why: "Over all that was sold, not the mean of the products' margins.",
    },
    {
      name: "pct_out_of_stock",
      title: "Out of stock",
      numerator: "out_of_stock_days",
      denominator: "days_tracked",
      unit: "share of tracked days",
      formula: "days out of stock / days tracked; unknown where no day is tracked",
      why: "A day that nobody looked at is neither in nor out of stock.",
    },
  ],
  headlines: [
    { measure: "sales_amt", better: "more" },
    { measure: "sales_qty", better: "more" },
    { measure: "mgrn_pct", better: "more" },
    { measure: "pct_in_stock", better: "more" },
    { measure: "out_of_stock_days", better: "less" },
    { measure: "potential_low_stock_impact", better: "less" },
  ],
  trends: ["sales_amt", "pct_in_stock"],
  heat: {
    share: "pct_out_of_stock",
    by: [
      { key: "store_key", column: null },
      { key: "prod_key", column: "category_name" },
    ],
  },
  scarce: {
    key: "prod_key",
    sold: "sales_qty",
    cover: "weeks_of_supply",
    columns: ["sales_qty", "stock_on_hand_eow", "weeks_of_supply", "out_of_stock_days"],
  },
  losses: {
    measure: "potential_low_stock_impact",
    columns: ["sales_amt", "stock_on_hand_eow", "out_of_stock_days", "potential_low_stock_impact"],
  },
};
