/** A year of seeded days for the Spark bench: few rows a day, every week of the fact touched. */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { businessDates } from "@sales-etl/etl-core/landing";
import { fiscalWeekOf, retail } from "@sales-etl/etl-core/retail";
import { openEngine, quoted } from "../packages/cli/src/engine/duckdb.ts";
import { writeManifest } from "../packages/cli/src/source/write-manifest.ts";

const columnsOf = (table: string) => retail.tables.find(({ name }) => name === table)?.columnNames ?? [];

function calendar(dates: readonly string[]): string {
  const rows = dates.map((day) => {
    const week = fiscalWeekOf(day);
    const values: Readonly<Record<string, unknown>> = {
      cal_dt: day,
      day_of_wk_num: new Date(`${day}T00:00:00Z`).getUTCDay(),
      yr_num: Math.floor(week / 100),
      wk_num: week % 100,
      yr_wk_num: week,
    };
    return columnsOf("calendar").map((name) => values[name] ?? "");
  });
  return `${[columnsOf("calendar"), ...rows].map((line) => line.join(",")).join("\n")}\n`;
}

/** @param rows a day, of sales and of inventory each */
export async function landYear(landing: string, first: string, last: string, rows: number): Promise<readonly string[]> {
  const dates = businessDates(first, last);
  const days = calendar(dates);
  const engine = await openEngine(":memory:");
  const products = Math.ceil(rows / 100);
  const folderOf = (table: string, date: string) => {
    const folder = path.join(landing, table, `dt=${date}`);
    mkdirSync(folder, { recursive: true });
    return path.join(folder, `${table}_${date}.csv`);
  };
  const copy = async (table: string, date: string, select: string) => {
    const columns = columnsOf(table);
    const all = `SELECT ${columns.join(", ")} FROM (SELECT ${columns.map((name) => `NULL AS ${name}`).join(", ")} WHERE false) UNION ALL BY NAME (${select})`;
    await engine.run(`COPY (${all}) TO ${quoted(folderOf(table, date))} (FORMAT csv, HEADER true)`);
  };
  try {
    for (const [day, date] of dates.entries()) {
      const money = (factor: number) => `CAST((hash(i, ${day}, ${factor}) % 100000) / 100 AS DECIMAL(18,2))`;
      const key = `CAST(i % 100 AS INT) AS store_key`;
      await copy(
        "sales",
        date,
        `SELECT ${day + 1} * 1000000 + i AS trans_id, ${key}, CAST(hash(i, ${day}) % ${products} AS INT) AS prod_key, DATE '${date}' AS trans_dt,
         CAST(1 + i % 5 AS DECIMAL(18,2)) AS sales_qty, ${money(2)} AS sales_amt, ${money(4)} AS sales_cost FROM range(${rows}) t(i)`,
      );
      await copy(
        "inventory",
        date,
        `SELECT DATE '${date}' AS cal_dt, ${key}, CAST(i // 100 AS INT) AS prod_key, CAST(hash(i, ${day}) % 100 AS DECIMAL(18,2)) AS inventory_on_hand_qty,
         CASE WHEN hash(i, ${day}) % 100 = 0 THEN 1 ELSE 0 END AS out_of_stock_flg FROM range(${rows}) t(i)`,
      );
      await copy("store", date, "SELECT CAST(i AS INT) AS store_key, 'Store ' || i AS store_desc FROM range(100) t(i)");
      await copy(
        "product",
        date,
        `SELECT CAST(i AS INT) AS prod_key, 'Product ' || i AS prod_name FROM range(${products}) t(i)`,
      );
      writeFileSync(folderOf("calendar", date), days);
      await writeManifest(retail, landing, date);
    }
  } finally {
    engine.close();
  }
  return dates;
}
