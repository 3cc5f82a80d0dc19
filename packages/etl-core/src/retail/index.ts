import { defineDataset } from "../contract/index.ts";
import { calendar, product, store } from "./dimensions.ts";
import { inventory, sales } from "./movements.ts";
import { report } from "./report.ts";
import { weeklyFact } from "./weekly-fact.ts";

export { calendar, product, store } from "./dimensions.ts";
export { fiscalWeekOf } from "./fiscal-week.ts";
export { inventory, sales } from "./movements.ts";
export { weeklyFact } from "./weekly-fact.ts";

/** The data set of the product: five exported tables and the weekly fact. */
export const retail = defineDataset({
  name: "retail",
  title: "Retail: sales and stock",
  tables: [sales, inventory, store, product, calendar],
  fact: weeklyFact,
  report,
  ledger: {
    ...{ onHand: "inventory_on_hand_qty", onOrder: "inventory_on_order_qty", waste: "waste_qty" },
    ...{ outOfStock: "out_of_stock_flg", quantity: "sales_qty" },
  },
});
