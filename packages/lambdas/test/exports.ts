/** Small exports of the five tables, written by hand, with all columns of the source. */
import type { Exported } from "./gate.ts";

export const store: Exported = {
  table: "store",
  rows: 1,
  csv: `store_key,store_num,store_desc,addr,city,region,cntry_cd,cntry_nm,postal_zip_cd,prov_state_desc,prov_state_cd,store_type_cd,store_type_desc,frnchs_flg,store_size,market_key,market_name,submarket_key,submarket_name,latitude,longitude
7,S007,"Lake Street, corner",1 Lake St,Chicago,Midwest,US,United States,60601,Illinois,IL,SM,Supermarket,false,1200.500,1,North,11,Lakeside,41.885700,-87.624400
`,
};

export const product: Exported = {
  table: "product",
  rows: 1,
  csv: `prod_key,prod_name,vol,wgt,brand_name,status_code,status_code_name,category_key,category_name,subcategory_key,subcategory_name
501,Oat milk 1 l,1.00,1.03,Green,1,active,20,Dairy,203,Plant drinks
`,
};

export const calendar: Exported = {
  table: "calendar",
  rows: 1,
  csv: `cal_dt,cal_type_desc,day_of_wk_num,day_of_wk_desc,yr_num,wk_num,yr_wk_num,mnth_num,yr_mnth_num,qtr_num,yr_qtr_num
2017-06-30,Fiscal,5,Friday,2017,26,201726,6,201706,2,20172
`,
};

export const inventory = (date: string): Exported => ({
  table: "inventory",
  rows: 1,
  csv: `cal_dt,store_key,prod_key,inventory_on_hand_qty,inventory_on_order_qty,out_of_stock_flg,waste_qty,promotion_flg,next_delivery_dt
${date},7,501,12.00,24.00,0,0.00,false,2017-07-02
`,
});

const salesHeader =
  "trans_id,prod_key,store_key,trans_dt,trans_time,sales_qty,sales_price,sales_amt,discount,sales_cost,sales_mgrn,ship_cost";

/** @param quantities the `sales_qty` of each row, as text */
export const sales = (date: string, quantities: readonly string[]): Exported => ({
  table: "sales",
  rows: quantities.length,
  csv: [
    salesHeader,
    ...quantities.map((quantity, row) => `9000000000${row},501,7,${date},14,${quantity},1.99,1.99,0.00,1.10,0.89,0.00`),
    "",
  ].join("\n"),
});

/** A whole date; `quantities` as in {@link sales}. */
export const retailDay = (date: string, quantities: readonly string[] = ["1.00", "-1.00"]): Exported[] => [
  sales(date, quantities),
  inventory(date),
  store,
  product,
  calendar,
];
