/** What the source's export procedure does, with a DuckDB file in the place of the OLTP database. */
import path from "node:path";
import type { Dataset, Table } from "@sales-etl/etl-core/contract";
import { type BusinessDate, type Manifest, tablePrefix } from "@sales-etl/etl-core/landing";
import { type Engine, quoted } from "../engine/duckdb.ts";
import { makeFolder } from "../folder.ts";
import { removeManifest, writeManifest } from "./write-manifest.ts";

/** The rows of a table on a date, in the order of its key. */
export const rowsOf = (table: Table, date: BusinessDate): string => {
  const columns = table.columnNames.join(", ");
  const day =
    table.load === "snapshot" || table.dated === null
      ? ""
      : ` WHERE ${table.dated.column} ${table.load === "delta" ? "=" : "<="} DATE ${quoted(date)}`;
  const order = (table.key ?? table.columnNames).join(", ");
  return `SELECT ${columns} FROM ${table.name}${day} ORDER BY ${order}`;
};

/** Exports one business date: a file per table, then the manifest. */
export async function exportDate(
  database: Engine,
  dataset: Dataset,
  landing: string,
  date: BusinessDate,
): Promise<Manifest> {
  await removeManifest(landing, date);
  for (const table of dataset.tables) {
    const folder = path.join(landing, ...tablePrefix(table.name, date).split("/"));
    await makeFolder(folder);
    const file = path.join(folder, `${table.name}_${date}.csv`);
    await database.run(`COPY (${rowsOf(table, date)}) TO ${quoted(file)} (FORMAT csv, HEADER true)`);
  }
  return writeManifest(dataset, landing, date);
}
