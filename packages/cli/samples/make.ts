/**
 * Makes the sample from the full year of Complete Journey tables: `node packages/cli/samples/make.ts FOLDER` with
 * sales, inventory, product, store and calendar as Parquet. Thirteen weeks of ten stores; run only to renew the sample.
 */
import path from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";

const FROM = "2017-10-01";
const TO = "2017-12-30";
const source = process.argv[2];
if (source === undefined) throw new Error("which folder holds the year's Parquet files?");
const target = path.join(import.meta.dirname, "complete-journey");

const money = (name: string) => `CAST(${name} AS DECIMAL(18,2)) AS ${name}`;
const queries: Readonly<Record<string, string>> = {
  sales: `SELECT CAST(trans_id AS BIGINT) AS trans_id, CAST(prod_key AS INT) AS prod_key, CAST(store_key AS INT) AS store_key,
      CAST(trans_dt AS DATE) AS trans_dt, CAST(trans_time AS INT) AS trans_time,
      ${["sales_qty", "sales_price", "sales_amt", "discount", "sales_cost", "sales_mgrn", "ship_cost"].map(money).join(", ")}
    FROM tbl WHERE CAST(trans_dt AS DATE) BETWEEN '${FROM}' AND '${TO}' ORDER BY trans_dt, trans_id, prod_key`,
  inventory: `SELECT CAST(cal_dt AS DATE) AS cal_dt, CAST(store_key AS INT) AS store_key, CAST(prod_key AS INT) AS prod_key,
      ${money("inventory_on_hand_qty")}, ${money("inventory_on_order_qty")}, CAST(out_of_stock_flg AS INT) AS out_of_stock_flg,
      ${money("waste_qty")}, promotion_flg, CAST(next_delivery_dt AS DATE) AS next_delivery_dt
    FROM tbl WHERE CAST(cal_dt AS DATE) BETWEEN '${FROM}' AND '${TO}' ORDER BY cal_dt, store_key, prod_key`,
  store: `SELECT CAST(store_key AS INT) AS store_key, CAST(store_num AS VARCHAR) AS store_num, 'Store ' || store_num AS store_desc FROM tbl ORDER BY store_key`,
  product: `SELECT CAST(prod_key AS INT) AS prod_key, prod_name, TRY_CAST(vol AS DECIMAL(18,2)) AS vol, TRY_CAST(wgt AS DECIMAL(18,2)) AS wgt,
      brand_name, CAST(status_code AS INT) AS status_code, status_code_name, CAST(category_key AS INT) AS category_key, category_name,
      CAST(subcategory_key AS INT) AS subcategory_key, subcategory_name FROM tbl ORDER BY prod_key`,
  calendar: `SELECT CAST(cal_dt AS DATE) AS cal_dt, cal_type_desc, day_of_wk_num, day_of_wk_desc, yr_num, CAST(wk_num AS INT) AS wk_num,
      CAST(yr_wk_num AS INT) AS yr_wk_num, mnth_num, yr_mnth_num, qtr_num, yr_qtr_num FROM tbl ORDER BY cal_dt`,
};

const connection = await (await DuckDBInstance.create(":memory:")).connect();
for (const [table, query] of Object.entries(queries)) {
  const select = query.replace("FROM tbl", `FROM read_parquet('${path.join(source, `${table}.parquet`)}')`);
  await connection.run(
    `COPY (${select}) TO '${path.join(target, `${table}.parquet`)}' (FORMAT parquet, COMPRESSION zstd)`,
  );
}
