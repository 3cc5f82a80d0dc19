/** The embedded engine's connection: DuckDB in this process. */
import { type DuckDBConnection, DuckDBInstance, type Json } from "@duckdb/node-api";

/** A row as JSON: decimals, dates and 64-bit integers are strings, so no digit is lost. */
export type Row = Readonly<Record<string, Json>>;

export interface Engine {
  run(sql: string): Promise<void>;
  rows(sql: string): Promise<readonly Row[]>;
  /** The only value of the only row. */
  value(sql: string): Promise<Json>;
  /** One more connection to the same database: it has temporary tables and views of its own. */
  connect(): Promise<Engine>;
  close(): void;
}

export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A path for DuckDB's readers, which take `*`, `?` and `[` for patterns and would read other files. */
export const literalPath = (file: string): string => quoted(file.replace(/[[*?]/g, "[$&]"));

/** @param database a file, locked as long as it is open, or `:memory:` */
export async function openEngine(database: string, config: Readonly<Record<string, string>> = {}): Promise<Engine> {
  const instance = await DuckDBInstance.create(database, { ...config });
  return connectTo(instance, () => instance.closeSync());
}

async function connectTo(instance: DuckDBInstance, closed: () => void): Promise<Engine> {
  const connection: DuckDBConnection = await instance.connect();
  const rows = async (sql: string) => {
    const reader = await connection.runAndReadAll(sql);
    return reader.getRowObjectsJson() as Row[];
  };
  return {
    async run(sql) {
      await connection.run(sql);
    },
    rows,
    async value(sql) {
      const [row] = await rows(sql);
      return Object.values(row ?? {})[0] ?? null;
    },
    connect: () => connectTo(instance, () => {}),
    close() {
      connection.closeSync();
      closed();
    },
  };
}
