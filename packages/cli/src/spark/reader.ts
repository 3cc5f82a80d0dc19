/** Reads with SQL what Spark has published into a folder: of each table the snapshot of the last done publish. */
import path from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import type { Dataset } from "@sales-etl/etl-core/contract";
import { SalesEtlError } from "@sales-etl/etl-core/errors";
import { viewsOf } from "@sales-etl/etl-core/exporters";
import { literalPath, quoted } from "../engine/duckdb.ts";
import { openReadOnly, type ReadOnly } from "../engine/read-only.ts";
import { type IcebergTable, readIcebergTable } from "./iceberg.ts";
import { type Publish, readUnfinished, requirePublishes } from "./publishes.ts";

export interface SparkReader extends ReadOnly {
  /** Those that are read, the last one being what is shown. */
  readonly publishes: readonly [Publish, ...Publish[]];
  /** Of the last publish. */
  readonly tables: ReadonlyMap<string, IcebergTable>;
}

const DUCKDB_TYPES: Readonly<Record<string, string>> = {
  boolean: "BOOLEAN",
  int: "INTEGER",
  long: "BIGINT",
  float: "FLOAT",
  double: "DOUBLE",
  date: "DATE",
  string: "VARCHAR",
  timestamp: "TIMESTAMP",
  timestamptz: "TIMESTAMP WITH TIME ZONE",
};

function duckdbType(type: string): string {
  const found = type.startsWith("decimal") ? type.toUpperCase() : DUCKDB_TYPES[type];
  if (found !== undefined) return found;
  throw new SalesEtlError(`a column of the Iceberg type ${type} cannot be read`, {
    code: "WAREHOUSE_DAMAGED",
    path: type,
  });
}

/** A SELECT of the rows. A column that older files lack is NULL; a table without rows has its columns. */
export function viewOf({ columns, files }: IcebergTable): string {
  const none = `SELECT ${columns.map(({ name, type }) => `CAST(NULL AS ${duckdbType(type)}) AS "${name}"`).join(", ")} WHERE false`;
  if (files.length === 0) return none;
  const list = files.map(literalPath).join(", ");
  return `${none} UNION ALL BY NAME SELECT * FROM read_parquet([${list}], hive_partitioning = false, union_by_name = true)`;
}

/** The publishes, under the columns of the embedded engine's relation as far as the job's receipts tell them. */
function runsView(publishes: readonly Publish[]): string {
  const rows = publishes.map(
    ({ run_id, kind, when, business_dates }) =>
      `(${quoted(run_id)}, ${quoted(kind === "publish" ? "run" : kind)}, ${quoted(when)}, ${business_dates.length})`,
  );
  return `SELECT * FROM (VALUES ${rows.join(", ")}) runs(run_id, kind, published_at, dates_loaded)`;
}

async function readTables(dataset: Dataset, warehouse: string, last: Publish): Promise<SparkReader["tables"]> {
  const unfinished = await readUnfinished(warehouse);
  const tables = new Map<string, IcebergTable>();
  for (const { table, after } of last.moves) {
    // Where maintenance has removed the publish's snapshot, what stood before one that has not ended.
    const before = unfinished.flatMap(({ moves }) => moves.find((move) => move.table === table)?.before ?? []);
    tables.set(table, await readIcebergTable(warehouse, dataset.name, table, [after, ...before]));
  }
  return tables;
}

async function makeViews(
  connection: DuckDBConnection,
  dataset: Dataset,
  publishes: readonly [Publish, ...Publish[]],
  tables: SparkReader["tables"],
): Promise<readonly string[]> {
  for (const [name, table] of tables) await connection.run(`CREATE TEMP VIEW "${name}" AS ${viewOf(table)}`);
  await connection.run(`CREATE TEMP VIEW runs AS ${runsView(publishes)}`);
  for (const { relation, sql } of viewsOf(dataset)) {
    await connection.run(`CREATE TEMP VIEW ${relation.name} AS ${sql}`);
  }
  return [...tables.values()].flatMap(({ files }) => files);
}

/**
 * A publish that is under way, or has died half-way, is not seen before it is done.
 * @throws {SalesEtlError} NOTHING_PUBLISHED, WAREHOUSE_DAMAGED
 */
export async function openSparkReader(dataset: Dataset, warehouse: string): Promise<SparkReader> {
  const publishes = await requirePublishes(warehouse);
  try {
    const tables = await readTables(dataset, warehouse, publishes.at(-1) ?? publishes[0]);
    const opened = await openReadOnly((connection) => makeViews(connection, dataset, publishes, tables));
    return { publishes, tables, ...opened };
  } catch (cause) {
    if (cause instanceof SalesEtlError) throw cause;
    throw new SalesEtlError(
      `${path.resolve(warehouse)} cannot be read: ${(cause as Error).message}; bring the file back, or run its dates again into an empty folder`,
      { code: "WAREHOUSE_DAMAGED", path: warehouse, cause },
    );
  }
}
