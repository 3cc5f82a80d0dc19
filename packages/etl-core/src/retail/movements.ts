/**
 * The two tables that arrive as the rows of a business date: sales and inventory. The ranges are far beyond what one
 * line of a basket or one product in one store can be; the fact is proven to be exact for all that lies within them.
 */
import { amount, bigint, boolean, date, defineTable, int } from "../contract/index.ts";

export const sales = defineTable({
  name: "sales",
  title: "Sales",
  description: "What was sold. Returns have negative quantities; repeated lines of one basket are data.",
  grain: "one row per line of a basket",
  load: "delta",
  // Corrections and late tills: a row may belong to any of the seven days before the file's date.
  dated: { column: "trans_dt", lateness: 7 },
  tolerance: 0.02,
  owner: "Sales operations",
  columns: {
    trans_id: bigint("Basket").required(),
    prod_key: int("Product").required(),
    store_key: int("Store").required(),
    trans_dt: date("Day of the sale").required(),
    trans_time: int("Hour of the sale").unit("hour of day").between(0, 23),
    sales_qty: amount("Quantity, negative for a return").required().unit("units").between("-100000.00", "100000.00"),
    sales_price: amount("Price of one unit").unit("USD").between(0),
    sales_amt: amount("Paid").required().unit("USD").between("-10000000.00", "10000000.00"),
    discount: amount("Discount").unit("USD").between("-10000000.00", "10000000.00"),
    sales_cost: amount("Cost without shipping").unit("USD").between("-10000000.00", "10000000.00"),
    sales_mgrn: amount("Margin").unit("USD").between("-10000000.00", "10000000.00"),
    ship_cost: amount("Cost of shipping").unit("USD").between("-10000000.00", "10000000.00"),
  },
});

export const inventory = defineTable({
  name: "inventory",
  title: "Inventory",
  description: "What each store has of each product it tracks, at the end of the day.",
  grain: "one row per day, store and product",
  load: "delta",
  key: ["cal_dt", "store_key", "prod_key"],
  dated: { column: "cal_dt", lateness: 0 },
  tolerance: 0.02,
  owner: "Supply chain",
  columns: {
    cal_dt: date("Day").required(),
    store_key: int("Store").required(),
    prod_key: int("Product").required(),
    inventory_on_hand_qty: amount("On hand").required().unit("units").between("-10000.00", "10000000.00"),
    inventory_on_order_qty: amount("On order").unit("units").between(0, "10000000.00"),
    out_of_stock_flg: int("1 when the store ran out").required().oneOf(0, 1),
    waste_qty: amount("Thrown away").unit("units").between(0, "10000000.00"),
    promotion_flg: boolean("On promotion"),
    next_delivery_dt: date("Next delivery, possibly long past"),
  },
});
