import { defineFact } from "../measures/fact.ts";
import { brief } from "./brief.ts";
import { daily, measures } from "./measures.ts";

/** Fiscal week x store x product. */
export const weeklyFact = defineFact({
  name: "weekly_fact",
  title: "Sales and stock by week, store and product",
  calendar: { table: "calendar", date: "cal_dt", period: "yr_wk_num", mostDays: 7, word: "week" },
  keys: ["store_key", "prod_key"],
  flow: {
    table: "sales",
    date: "trans_dt",
    rowsPerDay: 100_000,
    // The impact multiplies money by quantity: their days must be narrower than rows x range.
    perDay: {
      sales_qty: { min: "-500000.00", max: "500000.00" },
      sales_amt: { min: "-10000000.00", max: "10000000.00" },
    },
  },
  stock: { table: "inventory", date: "cal_dt" },
  daily,
  measures,
  brief,
});
