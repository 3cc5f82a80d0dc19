/** Lands the sample: a DuckDB file plays the OLTP database and exports every business date. Done once; a second call sees it. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { BusinessDate } from "@sales-etl/etl-core/landing";
import { retail } from "@sales-etl/etl-core/retail";
import { duckdb, sqlType } from "@sales-etl/etl-core/sql";
import { openEngine, quoted } from "../src/engine/duckdb.ts";
import { exportDate } from "../src/source/export.ts";
import { writeManifest } from "../src/source/write-manifest.ts";
import { FAULTY_DATE, spoil } from "./faults.ts";

const sample = path.join(import.meta.dirname, "complete-journey");

/** Of all that makes the landing: the data and the code that lands it. */
function madeFrom(): string {
  const hash = createHash("sha256");
  for (const folder of [sample, import.meta.dirname, path.join(import.meta.dirname, "..", "src", "source")]) {
    for (const file of readdirSync(folder, { withFileTypes: true })) {
      if (file.isFile() && /[.](parquet|ts)$/.test(file.name) && file.name !== "start.ts")
        hash.update(readFileSync(path.join(folder, file.name)));
    }
  }
  return hash.digest("hex");
}

async function makeDatabase(file: string): Promise<void> {
  const engine = await openEngine(file);
  try {
    for (const { name, columns } of retail.tables) {
      const types = Object.entries(columns).map(([column, { type }]) => `${column} ${sqlType(type, duckdb)}`);
      await engine.run(`CREATE TABLE ${name} (${types.join(", ")})`);
      await engine.run(
        `INSERT INTO ${name} BY NAME SELECT * FROM read_parquet(${quoted(path.join(sample, `${name}.parquet`))})`,
      );
    }
  } finally {
    engine.close();
  }
}

/**
 * @param folder gets `oltp.duckdb` and `landing/`
 * @param onDate told of every date that is exported
 * @returns false when all was there already
 */
export async function landSample(
  folder: string,
  dates: readonly BusinessDate[],
  onDate: (date: BusinessDate) => void,
): Promise<boolean> {
  const marker = path.join(folder, "landing", ".made-from");
  const wanted = madeFrom();
  if (existsSync(marker) && readFileSync(marker, "utf8") === wanted) return false;
  // Made beside and moved in whole: what was interrupted, or runs twice at once, leaves no half landing.
  const next = path.join(folder, `landing.${process.pid}`);
  const database = path.join(next, "oltp.duckdb");
  const landing = path.join(next, "landing");
  mkdirSync(landing, { recursive: true });
  await makeDatabase(database);
  const source = await openEngine(database, { access_mode: "READ_ONLY" });
  try {
    for (const date of dates) {
      await exportDate(source, retail, landing, date);
      if (date === FAULTY_DATE) {
        spoil(landing);
        await writeManifest(retail, landing, date);
      }
      onDate(date);
    }
  } finally {
    source.close();
  }
  writeFileSync(path.join(landing, ".made-from"), wanted);
  for (const name of ["oltp.duckdb", "landing"]) {
    rmSync(path.join(folder, name), { recursive: true, force: true });
    renameSync(path.join(next, name), path.join(folder, name));
  }
  rmSync(next, { recursive: true });
  return true;
}
