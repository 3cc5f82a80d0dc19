/** Small landings written by hand: CSV text by table; tables that a test does not name get a row that fits. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Dataset } from "@sales-etl/etl-core/contract";
import { retail } from "@sales-etl/etl-core/retail";
import { writeManifest } from "../../src/source/write-manifest.ts";

const days = [
  "2020-01-04,6,202001,2020,1",
  "2020-01-05,0,202002,2020,2",
  "2020-01-06,1,202002,2020,2",
  "2020-01-11,6,202002,2020,2",
  "2020-01-12,0,202003,2020,3",
];

/** Week 202002 is Sunday 2020-01-05 to Saturday 2020-01-11; only some of its days are needed. */
const defaults: Readonly<Record<string, string>> = {
  sales: "",
  inventory: "",
  store: "1,Store 1",
  product: "10,Product 10",
  calendar: days.join("\n"),
};

const columns: Readonly<Record<string, readonly string[]>> = {
  store: ["store_key", "store_desc"],
  product: ["prod_key", "prod_name"],
  calendar: ["cal_dt", "day_of_wk_num", "yr_wk_num", "yr_num", "wk_num"],
  sales: ["trans_id", "prod_key", "store_key", "trans_dt", "sales_qty", "sales_amt"],
  inventory: ["cal_dt", "store_key", "prod_key", "inventory_on_hand_qty", "out_of_stock_flg"],
};

/** Short rows of the columns above, filled up to the whole contract. */
function csv(table: string, rows: string): string {
  const all = retail.tables.find(({ name }) => name === table)?.columnNames ?? [];
  const given = columns[table] ?? [];
  const rest = all.filter((name) => !given.includes(name));
  const lines = rows.split("\n").filter((line) => line !== "");
  return `${[[...given, ...rest].join(","), ...lines.map((line) => line + ",".repeat(rest.length))].join("\n")}\n`;
}

/** Lands one date and writes its manifest. A value of null leaves the table out, without a manifest. */
export async function land(
  landing: string,
  date: string,
  rows: Readonly<Record<string, string | null>> = {},
): Promise<void> {
  let complete = true;
  for (const [table, text] of Object.entries({ ...defaults, ...rows })) {
    const folder = path.join(landing, table, `dt=${date}`);
    rmSync(folder, { recursive: true, force: true });
    if (text === null) {
      complete = false;
      continue;
    }
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, `${table}_${date}.csv`), csv(table, text));
  }
  if (complete) await writeManifest(retail, landing, date);
}

/** A whole CSV text per table, for any data set. */
export async function landText(
  dataset: Dataset,
  landing: string,
  date: string,
  text: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [table, content] of Object.entries(text)) {
    const folder = path.join(landing, table, `dt=${date}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, `${table}_${date}.csv`), content);
  }
  await writeManifest(dataset, landing, date);
}
