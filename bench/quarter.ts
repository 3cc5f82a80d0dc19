/**
 * Seeded landings of many days: 2,000 stores, 5,000 products, each store with the same number of products. Whatever its
 * size it holds what real ones do: returns, late rows, stock that nobody bought, sales without stock, unknown values, a
 * turn of the year.
 */
import { createHash } from "node:crypto";
import { createReadStream, mkdirSync, writeFileSync } from "node:fs";
import { stat } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { tableOf } from "@sales-etl/etl-core/contract";
import { addDays, type ManifestFile, manifestKey } from "@sales-etl/etl-core/landing";
import { fiscalWeekOf, retail } from "@sales-etl/etl-core/retail";
import { totalColumns } from "@sales-etl/etl-core/validate";
import { type Engine, openEngine, quoted } from "../packages/cli/src/engine/duckdb.ts";

/** A Sunday: the thirteen weeks from here turn the year. */
export const FIRST_DAY = "2025-11-02";
const STORES = 2000;
const PRODUCTS = 5000;

export interface QuarterArgs {
  /** Of sales, and about as many of inventory. */
  readonly rows: number;
  /** @default 91: thirteen weeks */
  readonly days?: number;
  readonly onDay?: (date: string, done: number, days: number) => void;
}

export const quarterDates = (days = 91): string[] => Array.from({ length: days }, (_, day) => addDays(FIRST_DAY, day));

/** Columns that are not named are empty. */
async function copy(engine: Engine, landing: string, date: string, table: string, select: string) {
  const { columnNames } = tableOf(retail, table);
  const folder = path.join(landing, table, `dt=${date}`);
  mkdirSync(folder, { recursive: true });
  const none = `SELECT ${columnNames.map((name) => `NULL AS ${name}`).join(", ")} WHERE false`;
  const all = `SELECT ${columnNames.join(", ")} FROM (${none} UNION ALL BY NAME (${select}))`;
  const file = path.join(folder, `${table}_${date}.csv`);
  await engine.run(`COPY (${all}) TO ${quoted(file)} (FORMAT csv, HEADER true)`);
}

/** A share from 0 to 1 that a seed and keys decide. */
const share = (seed: number, ...keys: readonly string[]) =>
  `((hash(${[...keys, seed].join(", ")}) % 1000003) / 1000003.0)`;

/** The pairs of store and product that there are: each store carries so many products. */
const pairs = (products: number) => `SELECT row_number() OVER () - 1 AS i, CAST(s AS INT) AS store_key,
  CAST((s * 7919 + a * 5003) % ${PRODUCTS} + 1 AS INT) AS prod_key FROM range(1, ${STORES + 1}) t(s), range(${products}) u(a)`;

const sales = (date: string, from: number, rows: number, count: number) => `WITH drawn AS (
  SELECT i, ${share(1, "i")} AS a, ${share(2, "i")} AS b, ${share(3, "i")} AS c, ${share(4, "i")} AS d FROM range(${from}, ${from + rows}) t(i)
), line AS (
  SELECT drawn.*, store_key, CAST(CASE WHEN d < 0.002 THEN ${PRODUCTS} - prod_key + 1 ELSE prod_key END AS INT) AS prod_key,
    CAST(0.49 + (prod_key * 37 % 5000) / 100.0 AS DECIMAL(10,2)) AS price,
    CASE WHEN c > 0.99 THEN -1 ELSE CAST(1 + floor(b * b * 6) AS INT) END AS quantity,
    CASE WHEN c < 0.15 THEN 0.10 ELSE 0 END AS rebate
  FROM drawn JOIN pairs ON pairs.i = CAST(floor(pow(a, 1.6) * ${count}) AS BIGINT)
), priced AS (
  SELECT *, CAST(round(quantity * price * rebate, 2) AS DECIMAL(12,2)) AS discount, CAST(round(quantity * price * 0.62, 2) AS DECIMAL(12,2)) AS cost FROM line
)
SELECT 30000000000 + i // 2 AS trans_id, prod_key, store_key, CASE WHEN b > 0.997 THEN DATE '${date}' - 1 ELSE DATE '${date}' END AS trans_dt,
  CAST(8 + floor(d * 13) AS INT) AS trans_time, CAST(quantity AS DECIMAL(12,2)) AS sales_qty, price AS sales_price,
  CAST(quantity * price AS DECIMAL(12,2)) - discount AS sales_amt, discount, cost AS sales_cost,
  CAST(quantity * price AS DECIMAL(12,2)) - discount - cost AS sales_mgrn, CAST(CASE WHEN d < 0.1 THEN 4.99 ELSE 0 END AS DECIMAL(8,2)) AS ship_cost
FROM priced ORDER BY i`;

const inventory = (date: string, day: number) => `SELECT DATE '${date}' AS cal_dt, store_key, prod_key,
  CAST(CASE WHEN u < 0.06 THEN 0 ELSE floor(v * 14) END AS DECIMAL(12,2)) AS inventory_on_hand_qty,
  CASE WHEN v > 0.95 THEN NULL ELSE CAST(CASE WHEN v < 0.3 THEN floor(u * 40) ELSE 0 END AS DECIMAL(12,2)) END AS inventory_on_order_qty,
  CASE WHEN u < 0.06 OR floor(v * 14) = 0 THEN 1 ELSE 0 END AS out_of_stock_flg,
  CAST(CASE WHEN u > 0.97 THEN 1 ELSE 0 END AS DECIMAL(12,2)) AS waste_qty, u > 0.93 AS promotion_flg, DATE '${date}' + 3 AS next_delivery_dt
FROM (SELECT *, ${share(5, "i", String(day))} AS u, ${share(6, "i", String(day))} AS v FROM pairs) WHERE u < 0.998`;

const store = `SELECT CAST(s AS INT) AS store_key, CAST(1000 + s AS VARCHAR) AS store_num, 'Store ' || s AS store_desc, s || ' Main St, Unit ' || (s % 9) AS addr,
  'City ' || (s % 180) AS city, 'R' || (s % 12) AS region FROM range(1, ${STORES + 1}) t(s)`;

const product = `SELECT CAST(p AS INT) AS prod_key, 'Product, "' || p || '"' AS prod_name, 'Brand ' || (p % 220) AS brand_name, CAST(p % 60 AS INT) AS category_key,
  'Category ' || (p % 60) AS category_name FROM range(1, ${PRODUCTS + 1}) t(p)`;

function calendar(days: number): string {
  // A week more on both sides: late rows of the first day have a week, too.
  const rows = Array.from({ length: days + 14 }, (_, index) => addDays(FIRST_DAY, index - 7)).map((date) => {
    const week = fiscalWeekOf(date);
    const day = new Date(`${date}T00:00:00Z`).getUTCDay();
    return `(DATE '${date}', ${day}, ${Math.floor(week / 100)}, ${week % 100}, ${week})`;
  });
  return `SELECT * FROM (VALUES ${rows.join(", ")}) t(cal_dt, day_of_wk_num, yr_num, wk_num, yr_wk_num)`;
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

/** As the source's export would write it: rows, bytes, SHA-256 and control totals. */
async function manifest(engine: Engine, landing: string, date: string): Promise<void> {
  const files: ManifestFile[] = [];
  const totals: Record<string, Record<string, string>> = {};
  for (const table of retail.tables) {
    const { name } = table;
    const file = `${name}/dt=${date}/${name}_${date}.csv`;
    const at = path.join(landing, ...file.split("/"));
    const scales = [...totalColumns(table)];
    const sums = scales.map(
      ([column, scale]) => `COALESCE(SUM(CAST(${column} AS DECIMAL(38,${scale}))), 0) AS ${column}`,
    );
    const types = table.columnNames.map((column) => `${quoted(column)}: 'VARCHAR'`).join(", ");
    const [row] = await engine.rows(
      `SELECT ${["COUNT(*) AS rows", ...sums].join(", ")} FROM read_csv(${quoted(at)}, header = true, auto_detect = false, delim = ',', quote = '"', escape = '"', columns = {${types}})`,
    );
    const { rows, ...sum } = row ?? {};
    const bytes = (await stat(at)).size;
    files.push({ table: name, file, rows: Number(rows), bytes, sha256: await sha256Of(at) });
    if (scales.length > 0)
      totals[name] = Object.fromEntries(Object.entries(sum).map(([column, text]) => [column, String(text)]));
  }
  const target = path.join(landing, ...manifestKey(date).split("/"));
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, JSON.stringify({ version: 1, businessDate: date, writtenBy: "bench", files, totals }));
}

/** Lands the days from {@link FIRST_DAY} on. */
export async function landQuarter(landing: string, { rows, days = 91, onDay }: QuarterArgs): Promise<void> {
  const engine = await openEngine(":memory:");
  const products = Math.max(1, Math.floor(rows / days / STORES));
  const perDay = Math.floor(rows / days);
  try {
    await engine.run(`CREATE TABLE pairs AS ${pairs(products)}`);
    let from = 0;
    for (const [day, date] of quarterDates(days).entries()) {
      const count = perDay + (day < rows - perDay * days ? 1 : 0);
      await copy(engine, landing, date, "sales", sales(date, from, count, STORES * products));
      from += count;
      await copy(engine, landing, date, "inventory", inventory(date, day));
      await copy(engine, landing, date, "store", store);
      await copy(engine, landing, date, "product", product);
      await copy(engine, landing, date, "calendar", calendar(days));
      await manifest(engine, landing, date);
      onDay?.(date, day + 1, days);
    }
  } finally {
    engine.close();
  }
}

if (import.meta.main) {
  const [landing = "", rows = "100000", days = "91"] = process.argv.slice(2);
  await landQuarter(landing, {
    rows: Number(rows),
    days: Number(days),
    onDay: (date, done, all) => process.stderr.write(`\r${date} ${done}/${all}`),
  });
}
