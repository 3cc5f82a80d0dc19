/** Reads what a run published, as a user of DuckDB would. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { openEngine, quoted, type Row } from "../../src/engine/duckdb.ts";
import type { Published } from "../../src/engine/state.ts";

export const stateOf = (warehouse: string): Published =>
  JSON.parse(readFileSync(path.join(warehouse, "current.json"), "utf8")) as Published;

/** @param sql over `rows` */
export async function query(warehouse: string, files: readonly string[], sql: string): Promise<readonly Row[]> {
  const engine = await openEngine(":memory:");
  try {
    const list = files.map((file) => quoted(path.join(warehouse, file))).join(", ");
    await engine.run(`CREATE VIEW rows AS SELECT * FROM read_parquet([${list}], hive_partitioning = false)`);
    return await engine.rows(sql);
  } finally {
    engine.close();
  }
}

/** The published fact as lines of CSV, header first, sorted by its first three columns. */
export async function factLines(warehouse: string): Promise<string[]> {
  const rows = await query(warehouse, Object.values(stateOf(warehouse).fact), "SELECT * FROM rows ORDER BY 1, 2, 3");
  const header = Object.keys(rows[0] ?? {}).join(",");
  return [header, ...rows.map((row) => Object.values(row).join(","))];
}
