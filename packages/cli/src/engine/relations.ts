/** Views over the files of a state, under the names that the contract's SQL reads. */

import path from "node:path";
import { type Dataset, storedTable, type Table } from "@sales-etl/etl-core/contract";
import { contractVersion } from "@sales-etl/etl-core/generate";
import { addDays, type BusinessDate } from "@sales-etl/etl-core/landing";
import { duckdb, LOAD_DATE, sqlType } from "@sales-etl/etl-core/sql";
import { type Engine, literalPath, quoted } from "./duckdb.ts";
import type { LoadedDate } from "./state.ts";

type Dates = Readonly<Record<string, LoadedDate>>;

/** A relation over some Parquet files of the warehouse, at least one. */
export const overParquet = (warehouse: string, files: readonly string[]): string =>
  overAbsolute(files.map((file) => path.join(warehouse, ...file.split("/"))));

/** The same of files with whole paths. */
export const overAbsolute = (files: readonly string[]): string =>
  `SELECT * FROM read_parquet([${files.map(literalPath).join(", ")}], hive_partitioning = false, union_by_name = true)`;

/** The same with paths as the warehouse names them, for whoever sets `file_search_path` or stands in its folder. */
export const relativeParquet = (files: readonly string[], byName: boolean): string =>
  `SELECT * FROM read_parquet([${files.map(quoted).join(", ")}], hive_partitioning = false, union_by_name = ${byName})`;

/** The stored columns as typed NULLs: of a relation without rows. */
export const noValues = (table: Table): string =>
  Object.entries(storedTable(table).columns)
    .map(([name, { type }]) => `CAST(NULL AS ${sqlType(type, duckdb)}) AS ${name}`)
    .join(", ");

/**
 * The rows of a table in some Parquet files of the warehouse; an empty relation with the table's columns where there are
 * none. A column that older files lack, because it came into the contract later, is NULL.
 */
export function overFiles(warehouse: string, table: Table, files: readonly string[]): string {
  const none = `SELECT ${noValues(table)}, CAST(NULL AS DATE) AS ${LOAD_DATE} WHERE false`;
  return files.length === 0 ? none : `${none} UNION ALL BY NAME ${overParquet(warehouse, files)}`;
}

export const view = (engine: Engine, name: string, sql: string): Promise<void> =>
  engine.run(`CREATE OR REPLACE TEMP VIEW ${name} AS ${sql}`);

/**
 * The newest date with an accepted snapshot of a table; null where there is none.
 * @param before only dates earlier than this one
 */
export const newestSnapshotDate = (dates: Dates, table: string, before?: BusinessDate): BusinessDate | null =>
  Object.keys(dates)
    .filter((date) => (before === undefined || date < before) && dates[date]?.snapshots[table] !== undefined)
    .sort()
    .at(-1) ?? null;

/** The newest accepted snapshot of a table; null before the first. */
export function newestSnapshot(dates: Dates, table: string): string | null {
  const date = newestSnapshotDate(dates, table);
  return date === null ? null : (dates[date]?.snapshots[table]?.file ?? null);
}

/** The files of a table's rows, the oldest date first. */
export const baseFiles = (dates: Dates, table: string): string[] =>
  Object.keys(dates)
    .sort()
    .flatMap((date) => dates[date]?.tables[table] ?? []);

export async function snapshotViews(engine: Engine, dataset: Dataset, warehouse: string, dates: Dates): Promise<void> {
  for (const table of dataset.tables.filter(({ load }) => load === "snapshot")) {
    const file = newestSnapshot(dates, table.name);
    await view(engine, table.name, overFiles(warehouse, table, file === null ? [] : [file]));
  }
}

/** Whether the rows of a table that came on a date can be of the days from `first` to `last`. */
function canReach(
  table: Table,
  date: BusinessDate,
  loaded: LoadedDate,
  { first, last, version }: { readonly first: BusinessDate; readonly last: BusinessDate; readonly version: string },
) {
  if (date < first) return false;
  const dump = loaded.dumps?.[table.name];
  if (dump?.load === "cumulative") return dump.since !== null && dump.since <= last;
  // Under another contract its rows may have come later than they may now.
  return loaded.contractVersion !== version || date <= addDays(last, table.dated?.lateness ?? 0);
}

/**
 * The tables that come by days over the files that can hold rows of the days from `first` to `last`: a file dated `d` holds
 * rows from `d - lateness` to `d`, a dump says since when. Rows that were taken under another contract may be older.
 */
export async function deltaViews(
  engine: Engine,
  dataset: Dataset,
  warehouse: string,
  dates: Dates,
  days: { readonly first: string; readonly last: string } | null,
  nameOf: (table: string) => string = (table) => table,
): Promise<void> {
  const version = contractVersion(dataset);
  for (const table of dataset.tables.filter(({ load }) => load !== "snapshot")) {
    const files = Object.entries(dates)
      .filter(([date, loaded]) => days === null || canReach(table, date, loaded, { ...days, version }))
      .flatMap(([, { tables }]) => tables[table.name] ?? []);
    await view(engine, nameOf(table.name), overFiles(warehouse, table, files));
  }
}
