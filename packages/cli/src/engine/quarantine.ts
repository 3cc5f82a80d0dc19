/** The rejected rows of a date: streamed to a file, as there may be any number of them, and from there to Parquet. */
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from "node:fs";
import path from "node:path";
import type { BusinessDate } from "@sales-etl/etl-core/landing";
import type { Problem } from "@sales-etl/etl-core/validate";
import { type Engine, literalPath, quoted } from "./duckdb.ts";
import { addFault, type FaultSum } from "./rejects.ts";
import { fileIn } from "./state.ts";

/** The faults of rows, as they are found. */
export interface RejectedRows {
  add(table: string, file: string, problem: Problem): void;
  /** @returns the file inside the warehouse; null where there is nothing to keep */
  writeParquet(engine: Engine): Promise<string | null>;
  /** What the stream checker said, by file: to be compared with what the engine says. */
  readonly sums: ReadonlyMap<string, FaultSum>;
  /** Frees the disk. */
  close(): void;
}

const HELD = 256 * 1024;

const columns =
  "{business_date: 'DATE', run_id: 'VARCHAR', \"table\": 'VARCHAR', file: 'VARCHAR', line: 'BIGINT', \"column\": 'VARCHAR', code: 'VARCHAR', value: 'VARCHAR', message: 'VARCHAR'}";

/** @throws the file system's error where the warehouse cannot be written to */
export function rejectedRows(warehouse: string, runId: string, businessDate: BusinessDate): RejectedRows {
  const lines = path.join(warehouse, "tmp", `rejected-${runId}-${businessDate}.ndjson`);
  let handle: number | null = null;
  let held = "";
  const write = () => {
    if (held === "") return;
    if (handle === null) {
      mkdirSync(path.dirname(lines), { recursive: true });
      handle = openSync(lines, "w");
    }
    writeSync(handle, held);
    held = "";
  };
  const sums = new Map<string, FaultSum>();
  return {
    sums,
    add(table, file, problem) {
      addFault(sums, file, problem);
      held += `${JSON.stringify({ business_date: businessDate, run_id: runId, table, file, ...problem })}\n`;
      if (held.length > HELD) write();
    },
    async writeParquet(engine) {
      write();
      if (handle === null) return null;
      const file = `quarantine/load_dt=${businessDate}/${runId}.parquet`;
      await engine.run(
        `COPY (SELECT * FROM read_json(${literalPath(lines)}, format = 'newline_delimited', columns = ${columns}) ORDER BY "table", file, line)
         TO ${quoted(await fileIn(warehouse, file))} (FORMAT parquet)`,
      );
      return file;
    },
    close() {
      if (handle === null) return;
      closeSync(handle);
      rmSync(lines, { force: true });
    },
  };
}
