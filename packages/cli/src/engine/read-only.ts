/** A connection that reads what it was opened over with SQL, and does nothing else. */
import { tmpdir } from "node:os";
import path from "node:path";
import { type DuckDBConnection, DuckDBInstance, type Json, StatementType } from "@duckdb/node-api";
import { SalesEtlError } from "@sales-etl/etl-core/errors";
import { quoted, type Row } from "./duckdb.ts";

export interface Selection {
  readonly columns: readonly string[];
  /** Blocks of rows; decimals, dates and 64-bit integers are text. */
  readonly blocks: AsyncIterable<readonly (readonly Json[])[]>;
}

export interface ReadOnly {
  /** @throws {SalesEtlError} QUERY_NOT_READ_ONLY for anything but one SELECT; QUERY_FAILED with the engine's words */
  select(sql: string): Promise<Selection>;
  rows(sql: string): Promise<readonly Row[]>;
  close(): void;
}

const LOCKED = {
  autoinstall_known_extensions: "false",
  autoload_known_extensions: "false",
  allow_community_extensions: "false",
  allow_unsigned_extensions: "false",
} as const;

/** @param prepare makes the relations, and returns the files that may be read from then on */
export async function openReadOnly(
  prepare: (connection: DuckDBConnection) => Promise<readonly string[]>,
): Promise<ReadOnly> {
  const temporary = path.join(tmpdir(), `sales-etl-query-${process.pid}`);
  const instance = await DuckDBInstance.create(":memory:", { ...LOCKED, temp_directory: temporary });
  const connection = await instance.connect();
  const close = () => {
    connection.closeSync();
    instance.closeSync();
  };
  try {
    const allowed = await prepare(connection);
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
  return { select, rows, close };
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
  const prepared = await statements
    .prepare(0)
    .catch((cause: Error) => {
      // A write: relations are views, which the engine finds before it says what kind of statement it is.
      throw /is not an? table$|can only .* base table/i.test(cause.message) ? refused() : cause;
    })
    .catch(failed);
  if (prepared.statementType !== StatementType.SELECT) throw refused();
  return prepared;
}
