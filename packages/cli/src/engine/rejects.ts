/** The faults that the check SQL found in a file, with line and value: what the stream checker says, from the engine. */
import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import type { Table } from "@sales-etl/etl-core/contract";
import type { BusinessDate } from "@sales-etl/etl-core/landing";
import { keyText, locateRejects, type Problem } from "@sales-etl/etl-core/validate";
import { type Engine, quoted } from "./duckdb.ts";

/** So many different rejected rows are looked for in one pass over the file. */
const AT_ONCE = 50_000;

/**
 * @param relation the result of the check SQL
 * @param open the file, once for each pass; files without a rejected row are not opened
 */
export async function engineProblems(
  engine: Engine,
  relation: string,
  table: Table,
  businessDate: BusinessDate,
  file: string,
  open: () => Promise<Readable>,
  sink: (problem: Problem) => void,
): Promise<void> {
  const batches = async function* (select: string) {
    for (let offset = 0; ; offset += AT_ONCE) {
      const rows = await engine.rows(`${select} ORDER BY ALL LIMIT ${AT_ONCE} OFFSET ${offset}`);
      if (rows.length > 0) yield rows;
      if (rows.length < AT_ONCE) return;
    }
  };
  const ofFile = `FROM ${relation} WHERE _file = ${quoted(file)}`;
  for await (const rows of batches(`SELECT DISTINCT _texts, _problems ${ofFile} AND _texts IS NOT NULL`)) {
    const wrong = new Map(rows.map(({ _texts, _problems }) => [String(_texts), String(_problems)]));
    await locateRejects(table, businessDate, file, await open(), { wrong, keys: new Set() }, sink);
  }
  if (table.key === null) return;
  const twice = `SELECT DISTINCT ${table.key.map((name) => `CAST(${name} AS VARCHAR) AS ${name}`).join(", ")} ${ofFile} AND _texts IS NULL AND _problems <> ''`;
  for await (const rows of batches(twice)) {
    const keys = new Set(
      rows.map((row) =>
        keyText(
          table,
          (table.key ?? []).map((name) => String(row[name])),
        ),
      ),
    );
    await locateRejects(table, businessDate, file, await open(), { wrong: new Map(), keys }, sink);
  }
}

/** Faults in no order: how many, and what they say, in constant memory. */
export interface FaultSum {
  count: number;
  sum: bigint;
}

const MASK = (1n << 64n) - 1n;

/** Adds a fault to the sum of its file: equal faults in whatever order give equal sums. */
export function addFault(sums: Map<string, FaultSum>, file: string, problem: Problem): void {
  const { line, column, code, value, message } = problem;
  const digest = createHash("sha256")
    .update(JSON.stringify([line, column, code, value, message]))
    .digest();
  const before = sums.get(file) ?? { count: 0, sum: 0n };
  sums.set(file, { count: before.count + 1, sum: (before.sum + digest.readBigUInt64BE()) & MASK });
}

export interface JudgedTable {
  readonly engine: Engine;
  /** The result of the check SQL over all of the files. */
  readonly relation: string;
  readonly table: Table;
  readonly businessDate: BusinessDate;
  /** Keys of the landing. */
  readonly files: readonly string[];
  readonly open: (file: string) => Promise<Readable>;
}

/**
 * Every fault that the check SQL found in the files of a loaded table, with its line and value, as the stream checker tells
 * it. Files without a rejected row are not opened; the others are read once more.
 */
export async function judgedProblems(
  { engine, relation, table, businessDate, files, open }: JudgedTable,
  tell: (file: string, problem: Problem) => void,
): Promise<void> {
  for (const file of files) {
    await engineProblems(
      engine,
      relation,
      table,
      businessDate,
      file,
      () => open(file),
      (problem) => tell(file, problem),
    );
  }
}
