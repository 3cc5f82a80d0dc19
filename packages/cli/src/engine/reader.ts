/** Reads a published state with SQL, and does nothing else: no writes, no other files, no settings, no extensions. */
import path from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import type { Dataset } from "@sales-etl/etl-core/contract";
import { SalesEtlError } from "@sales-etl/etl-core/errors";
import { viewsOf } from "@sales-etl/etl-core/exporters";
import { quoted } from "./duckdb.ts";
import { openReadOnly, type ReadOnly } from "./read-only.ts";
import { baseFiles, overFiles } from "./relations.ts";
import { type Published, readPublished } from "./state.ts";

export interface Reader extends ReadOnly {
  readonly state: Published;
}

/** @throws {SalesEtlError} NOTHING_PUBLISHED */
export async function requirePublished(dataset: Dataset, warehouse: string): Promise<Published> {
  const state = await readPublished(warehouse, dataset.name);
  if (state !== null) return state;
  throw new SalesEtlError(`nothing is published in ${warehouse} yet: run \`sales-etl run\` first`, {
    code: "NOTHING_PUBLISHED",
    path: warehouse,
  });
}

/** What the state's file holds besides the views that would look for files where it was made. */
async function held(connection: DuckDBConnection, besides: ReadonlyMap<string, string>): Promise<readonly string[]> {
  const found = await connection.runAndReadAll("SHOW TABLES FROM warehouse");
  return found.getRowsJson().flatMap(([name]) => (besides.has(String(name)) ? [] : [String(name)]));
}

/** All relations as views of this connection: base rows may lie anywhere, and each name stands once. */
async function makeViews(connection: DuckDBConnection, dataset: Dataset, folder: string, state: Published) {
  const allowed: string[] = [];
  const views = new Map<string, string>();
  for (const table of dataset.tables.filter(({ load }) => load !== "snapshot")) {
    const files = baseFiles(state.dates, table.name);
    allowed.push(...files.map((file) => path.join(folder, ...file.split("/"))));
    views.set(table.name, overFiles(folder, table, files));
  }
  for (const { relation, sql } of viewsOf(dataset)) views.set(relation.name, sql);
  for (const name of await held(connection, views)) {
    await connection.run(`CREATE TEMP VIEW ${name} AS FROM warehouse.${name}`);
  }
  for (const [view, sql] of views) await connection.run(`CREATE TEMP VIEW ${view} AS ${sql}`);
  return allowed;
}

async function openState(dataset: Dataset, warehouse: string, state: Published): Promise<Reader> {
  const folder = path.resolve(warehouse);
  const opened = await openReadOnly(async (connection) => {
    await connection.run(`ATTACH ${quoted(path.join(folder, state.database.file))} AS warehouse (READ_ONLY)`);
    return makeViews(connection, dataset, folder, state);
  });
  return { state, ...opened };
}

const ATTEMPTS = 3;

/** @throws {SalesEtlError} NOTHING_PUBLISHED */
export async function openReader(dataset: Dataset, warehouse: string): Promise<Reader> {
  for (let attempt = 1; ; attempt += 1) {
    const state = await requirePublished(dataset, warehouse);
    try {
      return await openState(dataset, warehouse, state);
    } catch (cause) {
      // Files go once nothing names them: a state that was replaced while it was opened is read anew.
      const now = await requirePublished(dataset, warehouse);
      if (now.runId !== state.runId && attempt < ATTEMPTS) continue;
      throw new SalesEtlError(
        `${warehouse} cannot be read: ${(cause as Error).message}; bring the file back, or run a date again`,
        { code: "WAREHOUSE_DAMAGED", path: warehouse, cause },
      );
    }
  }
}
