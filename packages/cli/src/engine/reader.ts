/** Reads a published state with SQL, and does nothing else: no writes, no other files, no settings, no extensions. */
import { tmpdir } from "node:os";
import path from "node:path";
import { type DuckDBConnection, DuckDBInstance, type Json, StatementType } from "@duckdb/node-api";
import type { Dataset } from "@sales-etl/etl-core/contract";
import { SalesEtlError } from "@sales-etl/etl-core/errors";
import { quoted, type Row } from "./duckdb.ts";
import { baseFiles, briefView, overFiles } from "./relations.ts";
import { type Published, readPublished } from "./state.ts";

export interface Selection {
  readonly columns: readonly string[];
  /** Blocks of rows; decimals, dates and 64-bit integers are text. */
  readonly blocks: AsyncIterable<readonly (readonly Json[])[]>;
}

export interface Reader {
  readonly state: Published;
  /** @throws {SalesEtlError} QUERY_NOT_READ_ONLY for anything but one SELECT; QUERY_FAILED with the engine's words */
  select(sql: string): Promise<Selection>;
  rows(sql: string): Promise<readonly Row[]>;
  close(): void;
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

const LOCKED = {
  autoinstall_known_extensions: "false",
  autoload_known_extensions: "false",
  allow_community_extensions: "false",
  allow_unsigned_extensions: "false",
} as const;

/** Base rows and what is computed from them, as views of this connection: a state may lie anywhere. */
async function makeViews(connection: DuckDBConnection, dataset: Dataset, folder: string, state: Published) {
  const allowed: string[] = [];
  const views = new Map<string, string>();
  for (const table of dataset.tables.filter(({ load }) => load !== "snapshot")) {
    const files = baseFiles(state.dates, table.name);
    allowed.push(...files.map((file) => path.join(folder, ...file.split("/"))));
    views.set(table.name, overFiles(folder, table, files));
  }
  const brief = briefView(dataset);
  if (brief !== null) views.set(brief.name, brief.sql);
  for (const [view, sql] of views) await connection.run(`CREATE TEMP VIEW ${view} AS ${sql}`);
  return allowed;
}

async function openState(dataset: Dataset, warehouse: string, state: Published): Promise<Reader> {
  const folder = path.resolve(warehouse);
  const temporary = path.join(tmpdir(), `sales-etl-query-${process.pid}`);
  const instance = await DuckDBInstance.create(":memory:", { ...LOCKED, temp_directory: temporary });
  const connection = await instance.connect();
  const close = () => {
    connection.closeSync();
    instance.closeSync();
  };
  try {
    await connection.run(`ATTACH ${quoted(path.join(folder, state.database.file))} AS warehouse (READ_ONLY)`);
    await connection.run("USE warehouse");
    const allowed = await makeViews(connection, dataset, folder, state);
    await connection.run(`SET allowed_paths = [${allowed.map(quoted).join(", ")}]`);
    await connection.run("SET enable_external_access = false");
    await connection.run("SET lock_configuration = true");
  } catch (error) {
    close();
    throw error;
  }
  const select = async (sql: string): Promise<Selection> => {
    const prepared = await prepareSelect(connection, sql);
    const result = await prepared.stream().catch(failed);
    return { columns: result.deduplicatedColumnNames(), blocks: blocksOf(result.yieldRowsJson()) };
  };
  const rows = async (sql: string): Promise<Row[]> => {
    const { columns, blocks } = await select(sql);
    const found: Row[] = [];
    for await (const block of blocks) {
      for (const row of block) found.push(Object.fromEntries(columns.map((name, index) => [name, row[index] ?? null])));
    }
    return found;
  };
  return { state, select, rows, close };
}

function failed(cause: unknown): never {
  if (cause instanceof SalesEtlError) throw cause;
  throw new SalesEtlError((cause as Error).message, { code: "QUERY_FAILED", path: "sql", cause });
}

async function* blocksOf<Block>(blocks: AsyncIterable<Block>): AsyncIterable<Block> {
  try {
    yield* blocks;
  } catch (error) {
    failed(error);
  }
}

/** The first lock; the settings of the connection are the second. */
async function prepareSelect(connection: DuckDBConnection, sql: string) {
  const refused = () =>
    new SalesEtlError("only one SELECT is allowed here: the published state is read, never written", {
      code: "QUERY_NOT_READ_ONLY",
      path: "sql",
    });
  // The engine's parser answers an empty text with an error of its own.
  if (sql.trim() === "") throw refused();
  const statements = await connection.extractStatements(sql).catch(failed);
  if (statements.count !== 1) throw refused();
  const prepared = await statements.prepare(0).catch(failed);
  if (prepared.statementType !== StatementType.SELECT) throw refused();
  return prepared;
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
