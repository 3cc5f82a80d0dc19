/** The same fact as it is often written with pandas and PySpark: time, memory, and how many cells are not what they should be. */
import { execFileSync } from "node:child_process";
import path from "node:path";
import { retail } from "@sales-etl/etl-core/retail";
import { openEngine, quoted } from "../packages/cli/src/engine/duckdb.ts";
import { overParquet } from "../packages/cli/src/engine/relations.ts";
import { readPublished } from "../packages/cli/src/engine/state.ts";
import { say } from "../packages/cli/src/people.ts";
import { pythonEnvironment } from "../scripts/python/environment.ts";
import { measure } from "./measure.ts";
import type { Section } from "./write.ts";

/** What both peers compute; every other column of ours they lack. */
const COLUMNS = [
  ...["sales_qty", "sales_amt", "sales_cost", "avg_price", "stock_on_hand_eow", "out_of_stock_days", "pct_in_stock"],
  ...["low_stock_instances", "no_stock_instances", "weeks_of_supply"],
] as const;
const KEYS = ["yr_wk_num", "store_key", "prod_key"] as const;

interface Cells {
  readonly all: number;
  readonly different: number;
}

/** A row that one side lacks differs in every column. A float may be off by half of the last digit that we keep. */
async function compareCells(warehouse: string, files: string): Promise<Cells> {
  const state = await readPublished(warehouse, retail.name);
  const engine = await openEngine(":memory:");
  try {
    const columns = COLUMNS.map((name) => `CAST(${name} AS DOUBLE) AS ${name}`).join(", ");
    const keys = KEYS.map((key) => `CAST(${key} AS BIGINT) AS ${key}`).join(", ");
    const ours = `SELECT ${keys}, ${columns} FROM (${overParquet(warehouse, Object.values(state?.fact ?? {}))})`;
    const theirs = `SELECT ${keys}, ${columns} FROM read_csv(${quoted(files)}, header = true, all_varchar = true)`;
    const differs = COLUMNS.map(
      (name) =>
        `CASE WHEN o.${name} IS NULL AND t.${name} IS NULL THEN 0 WHEN abs(o.${name} - t.${name}) <= 0.00005 THEN 0 ELSE 1 END`,
    ).join(" + ");
    const [row = {}] = await engine.rows(
      `SELECT COUNT(*) * ${COLUMNS.length} AS cells, SUM(CASE WHEN o.store_key IS NULL OR t.store_key IS NULL THEN ${COLUMNS.length} ELSE ${differs} END) AS different
       FROM (${ours}) o FULL OUTER JOIN (${theirs}) t ON ${KEYS.map((key) => `t.${key} = o.${key}`).join(" AND ")}`,
    );
    return { all: Number(row.cells), different: Number(row.different) };
  } finally {
    engine.close();
  }
}

export async function peers(landing: string, folder: string): Promise<Section> {
  const python = await pythonEnvironment("bench-peers", "bench/peers/requirements.txt");
  if (typeof python !== "string") throw new Error(`the peers need ${python.missing}`);
  const warehouse = path.join(folder, "warehouse");
  const ours = measure("run", landing, warehouse);
  const rows = [["sales-etl, with all checks", ours.seconds.toFixed(1), ours.megabytes.toFixed(0), "0"]];
  for (const [title, script, out, files] of [
    ["pandas, naive", "naive_pandas.py", "pandas.csv", "pandas.csv"],
    ["PySpark, naive", "naive_pyspark.py", "pyspark", "pyspark/*.csv"],
  ] as const) {
    say(`  ${title} ...`);
    const start = performance.now();
    const args = [path.join(import.meta.dirname, "peers", script), landing, path.join(folder, out)];
    const megabytes = execFileSync(python, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();
    const seconds = (performance.now() - start) / 1000;
    const { all, different } = await compareCells(warehouse, path.join(folder, files));
    const share = `${different.toLocaleString("en")} of ${all.toLocaleString("en")} (${((100 * different) / all).toFixed(1)} %)`;
    rows.push([title, seconds.toFixed(1), megabytes, share]);
  }
  return {
    header: ["the weekly fact by", "s", "peak MB", "cells that differ"],
    rows,
    note: "The peers check nothing and publish nothing; their faults are those of public implementations (bench/peers).",
  };
}
