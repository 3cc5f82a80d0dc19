/**
 * The quick way for large files that are plain: the engine judges their rows while it loads them, in one pass. It takes
 * a file only where everything is right; the least doubt, and the stream checker says what is wrong and where.
 */
import { rm, stat } from "node:fs/promises";
import path from "node:path";
import type { Table } from "@sales-etl/etl-core/contract";
import type { BusinessDate, Manifest } from "@sales-etl/etl-core/landing";
import { acceptedRow, duckdb, sqlType } from "@sales-etl/etl-core/sql";
import { type CheckedFile, totalColumns } from "@sales-etl/etl-core/validate";
import { type Engine, quoted } from "./duckdb.ts";
import { type ScannedDate, stampOf } from "./fingerprint.ts";
import { baseCopy, carriedColumns, readCsv } from "./load.ts";
import { overParquet } from "./relations.ts";
import { fileIn } from "./state.ts";

/** Smaller files go through the stream checker: starting a statement takes as long. */
export const QUICK_FROM = 256 * 1024;

/** In bytes. A file with a longer one is not plain. */
const LONGEST_LINE = 2 * 1024 * 1024;

export interface AllRightArgs {
  readonly engine: Engine;
  /** The folder of the landing. */
  readonly landing: string;
  readonly warehouse: string;
  readonly businessDate: BusinessDate;
  readonly runId: string;
  readonly scanned: ScannedDate;
}

/** A table whose rows are all right, loaded. */
export interface AllRight {
  readonly checked: CheckedFile;
  /** The rows, inside the warehouse; nothing names the file yet. */
  readonly file: string;
}

type ManifestFile = Manifest["files"][number];

/** The file as it was exported, plain and large enough. */
function quickFile({ scanned }: AllRightArgs, files: readonly ManifestFile[], quickFrom: number) {
  const [file] = files;
  const found = file === undefined ? undefined : scanned.get(file.file);
  if (file === undefined || files.length > 1 || found === undefined || found.columns === null) return null;
  if (file.rows === 0 || found.bytes < quickFrom || found.bytes !== file.bytes) return null;
  if (file.sha256 !== undefined && file.sha256 !== found.sha256) return null;
  return { ...found, file, columns: found.columns };
}

/** What the engine's own read of a plain file makes of it: it fails at a value that its type cannot hold. */
function typedRows(table: Table, file: string, columns: readonly string[]): string {
  const types = columns.map((name) => [name, sqlType(table.columns[name]?.type ?? "string", duckdb)] as const);
  return readCsv(file, types, LONGEST_LINE);
}

/** How many rows there are, the sums of the decimal columns, and whether every row may occur twice. */
async function countsOf({ engine }: AllRightArgs, table: Table, rows: string) {
  const sums = [...totalColumns(table)].map(
    ([column, scale]) => `CAST(COALESCE(SUM(${column}), 0) AS DECIMAL(38,${scale})) AS ${column}`,
  );
  // Rows that are equal as texts are equal as values: where the hashes leave a rest, not every row occurs twice.
  const doubled = table.key === null ? `BIT_XOR(hash(${table.columnNames.join(", ")}))` : "1";
  const [counts = {}] = await engine.rows(
    `SELECT ${["COUNT(*) AS _rows", `${doubled} AS _rest`, ...sums].join(", ")} FROM (${rows})`,
  );
  const { _rows, _rest, ...totals } = counts;
  return {
    rows: Number(_rows),
    mayBeDoubled: String(_rest) === "0",
    totals: Object.fromEntries(Object.entries(totals).map(([name, sum]) => [name, String(sum)])),
  };
}

/** Whether the contract allows every row, and no key stands twice. */
async function isRight({ engine, businessDate }: AllRightArgs, table: Table, rows: string): Promise<boolean> {
  const none = async (sql: string) => (await engine.value(`${sql} LIMIT 1`)) === null;
  const dated = `SELECT *, ${quoted(businessDate)} AS _business_date FROM (${rows})`;
  if (!(await none(`SELECT 1 FROM (${dated}) WHERE NOT (${acceptedRow(table, duckdb)})`))) return false;
  return table.key === null || none(`SELECT 1 FROM (${rows}) GROUP BY ${table.key.join(", ")} HAVING COUNT(*) > 1`);
}

/** @returns null where the stream checker must look: no word on what is wrong */
export async function loadAllRight(
  args: AllRightArgs,
  table: Table,
  files: readonly ManifestFile[],
  quickFrom: number,
): Promise<AllRight | null> {
  const { engine, landing, warehouse, runId, businessDate } = args;
  const canBe = table.load === "delta" && carriedColumns(table).length === 0;
  const quick = canBe ? quickFile(args, files, quickFrom) : null;
  if (quick === null) return null;
  const { file: named, columns, bytes, sha256, stamp } = quick;
  const source = path.join(landing, ...named.file.split("/"));
  const file = `base/${table.name}/load_dt=${businessDate}/${runId}.parquet`;
  const target = await fileIn(warehouse, file);
  try {
    await engine.run(baseCopy(table, businessDate, typedRows(table, source, columns), target));
    // The engine has read it after the scan: it must be what was scanned.
    if (stampOf(await stat(source, { bigint: true })) !== stamp) throw new Error(`${source} was written to`);
    const loaded = overParquet(warehouse, [file]);
    const { rows, mayBeDoubled, totals } = await countsOf(args, table, loaded);
    if (rows === named.rows && !mayBeDoubled && (await isRight(args, table, loaded))) {
      const checked: CheckedFile = {
        ...{ table: table.name, file: named.file, verdict: "accepted", problems: [], problemsOmitted: 0 },
        ...{ rowsRead: rows, rowsAccepted: rows, rowsRejected: 0 },
        ...{ columns, ignored: [], kept: [], readToEnd: true },
        // It is the only file of its table: there is no other part to compare it with.
        ...{ bytes, sha256, contentSha256: sha256, rowsDigest: null },
        totals,
      };
      return { checked, file };
    }
  } catch {
    // Whatever it is, the stream checker meets it again and has the words for it.
  }
  await discard(warehouse, file);
  return null;
}

/** Removes what was loaded of a date that is not accepted. */
export const discard = (warehouse: string, file: string): Promise<void> =>
  rm(path.join(warehouse, ...file.split("/")), { force: true });
