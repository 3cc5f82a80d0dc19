/** One seeded business date of sales and inventory, as large as asked for. */
import { mkdirSync } from "node:fs";
import path from "node:path";
import { retail } from "@sales-etl/etl-core/retail";
import { openEngine, quoted } from "../packages/cli/src/engine/duckdb.ts";
import { writeManifest } from "../packages/cli/src/source/write-manifest.ts";

export const DATE = "2020-01-06";

/** @param rows of sales, and about as many of inventory: 1,000 stores. */
export async function landDay(landing: string, rows: number): Promise<void> {
  const engine = await openEngine(":memory:");
  const products = Math.ceil(rows / 1000);
  const copy = async (table: string, select: string) => {
    const folder = path.join(landing, table, `dt=${DATE}`);
    mkdirSync(folder, { recursive: true });
    const columns = retail.tables.find(({ name }) => name === table)?.columnNames ?? [];
    const all = `SELECT ${columns.join(", ")} FROM (SELECT ${columns.map((name) => `NULL AS ${name}`).join(", ")} WHERE false) UNION ALL BY NAME (${select})`;
    await engine.run(`COPY (${all}) TO ${quoted(path.join(folder, `${table}_${DATE}.csv`))} (FORMAT csv, HEADER true)`);
  };
  try {
    const key = `CAST(i % 1000 AS INT) AS store_key, CAST(hash(i) % ${products} AS INT) AS prod_key`;
    const money = (factor: number) => `CAST((hash(i, ${factor}) % 100000) / 100 AS DECIMAL(18,2))`;
    await copy(
      "sales",
      `SELECT 30000000000 + i AS trans_id, ${key}, DATE '${DATE}' AS trans_dt, CAST(i % 24 AS INT) AS trans_time, CAST(1 + i % 5 AS DECIMAL(18,2)) AS sales_qty,
       ${money(1)} AS sales_price, ${money(2)} AS sales_amt, ${money(3)} AS discount, ${money(4)} AS sales_cost, ${money(5)} AS sales_mgrn, 0.00 AS ship_cost FROM range(${rows}) t(i)`,
    );
    await copy(
      "inventory",
      `SELECT DATE '${DATE}' AS cal_dt, CAST(i % 1000 AS INT) AS store_key, CAST(i // 1000 AS INT) AS prod_key, CAST(hash(i) % 100 AS DECIMAL(18,2)) AS inventory_on_hand_qty,
       0.00 AS inventory_on_order_qty, CASE WHEN hash(i) % 100 = 0 THEN 1 ELSE 0 END AS out_of_stock_flg, 0.00 AS waste_qty, false AS promotion_flg, DATE '2020-01-09' AS next_delivery_dt FROM range(${rows}) t(i)`,
    );
    await copy("store", "SELECT CAST(i AS INT) AS store_key, 'Store ' || i AS store_desc FROM range(1000) t(i)");
    await copy(
      "product",
      `SELECT CAST(i AS INT) AS prod_key, 'Product ' || i AS prod_name FROM range(${products}) t(i)`,
    );
    await copy(
      "calendar",
      `SELECT DATE '${DATE}' AS cal_dt, 1 AS day_of_wk_num, 2020 AS yr_num, 2 AS wk_num, 202002 AS yr_wk_num`,
    );
  } finally {
    engine.close();
  }
  await writeManifest(retail, landing, DATE);
}
