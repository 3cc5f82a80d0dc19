/** Loads one checked business date: the rows of each table as an immutable Parquet file, rejected ones in quarantine. */
import path from "node:path";
import { type Dataset, EXTRA_COLUMNS, storedTable, type Table } from "@sales-etl/etl-core/contract";
import { SalesEtlError } from "@sales-etl/etl-core/errors";
import type { BusinessDate } from "@sales-etl/etl-core/landing";
import { folderLanding } from "@sales-etl/etl-core/landing/folder";
import { checkSql, duckdb, rawRelation } from "@sales-etl/etl-core/sql";
import type { CheckedDate, CheckedFile } from "@sales-etl/etl-core/validate";
import { type Engine, literalPath, quoted } from "./duckdb.ts";
import type { RejectedRows } from "./quarantine.ts";
import { addFault, type FaultSum, judgedProblems } from "./rejects.ts";
import { fileIn, type LoadedDate } from "./state.ts";

/** The engine reads a file otherwise than the checks did: the date is rejected. */
export class UnreadableError extends SalesEtlError {}

export interface LoadArgs {
  readonly engine: Engine;
  readonly dataset: Dataset;
  /** The folder of the landing. */
  readonly landing: string;
  readonly warehouse: string;
  readonly runId: string;
  readonly contractVersion: string;
  readonly businessDate: BusinessDate;
  readonly checked: CheckedDate;
  readonly rejected: RejectedRows;
  /** Snapshots loaded before, by content: an unchanged one is not written again. */
  readonly known: ReadonlyMap<string, string>;
  /** By table the file with its rows, where the checks have loaded them already. */
  readonly written: ReadonlyMap<string, string>;
}

/** In bytes; the stream checker lets no longer row pass. The engine's buffers are as large as several of them. */
const LONGEST_LINE = 8 * 1024 * 1024;

/** @param columns the names and engine types, in the order of the file */
export function readCsv(file: string, columns: readonly (readonly [string, string])[], longestLine: number): string {
  const types = columns.map(([name, type]) => `${quoted(name)}: ${quoted(type)}`).join(", ");
  return `read_csv(${literalPath(file)}, columns = {${types}}, auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', strict_mode = true, max_line_size = ${longestLine})`;
}

/** The raw rows of some files of one table, all text, whatever the order of their columns. */
export function rawRows(
  table: Table,
  landing: string,
  date: BusinessDate,
  files: readonly Pick<CheckedFile, "file" | "columns" | "kept">[],
): string {
  const carried = carriedColumns(table).length > 0;
  const selects = files.map(({ file, columns, kept }) => {
    const texts = columns.map((name) => [name, "VARCHAR"] as const);
    const extra = carried ? `${extraColumns(kept)} AS ${EXTRA_COLUMNS}, ` : "";
    return `SELECT ${table.columnNames.join(", ")}, ${extra}${quoted(file)} AS _file, ${quoted(date)} AS _business_date
  FROM ${readCsv(path.join(landing, ...file.split("/")), texts, LONGEST_LINE)}`;
  });
  return selects.join("\nUNION ALL\n");
}

/** What of a raw row is stored and not judged. */
export const carriedColumns = (table: Table): readonly string[] =>
  storedTable(table).columnNames.filter((name) => table.columns[name] === undefined);

/** Unknown columns as one JSON object, in the order of their names, without the empty ones. */
function extraColumns(names: readonly string[]): string {
  if (names.length === 0) return "CAST(NULL AS VARCHAR)";
  const members = [...names].sort().map((name) => `${quoted(name)}, NULLIF("${name.replaceAll('"', '""')}", '')`);
  // A merge leaves members out that are null.
  return `NULLIF(CAST(json_merge_patch('{}', json_object(${members.join(", ")})) AS VARCHAR), '{}')`;
}

/**
 * Both checkers must judge alike, to the line, column, value and code of each fault: a difference means that a row would be
 * lost or loaded wrongly.
 */
async function sameJudgement(args: LoadArgs, table: Table, files: readonly CheckedFile[]): Promise<void> {
  const { engine, businessDate, rejected } = args;
  const differ = (file: string, stream: string, sql: string): never => {
    throw new UnreadableError(
      `the two checkers do not agree on ${file}: ${stream} as a stream, ${sql} in SQL. Please report this with the file.`,
      { code: "FILE_UNREADABLE", path: `${table.name}/${file}` },
    );
  };
  const counts = await engine.rows(
    `SELECT _file AS file, COUNT(*) AS rows_read, COUNT(*) FILTER (_problems <> '') AS rows_rejected FROM checked GROUP BY _file`,
  );
  for (const { file, rowsRead, rowsRejected } of files) {
    const found = counts.find((count) => count.file === file);
    const [read, wrong] = [Number(found?.rows_read ?? 0), Number(found?.rows_rejected ?? 0)];
    if (read === rowsRead && wrong === rowsRejected) continue;
    differ(file, `${rowsRead} rows read and ${rowsRejected} rejected`, `${read} and ${wrong}`);
  }
  const withRejects = files.filter(({ rowsRejected }) => rowsRejected > 0).map(({ file }) => file);
  if (withRejects.length === 0) return;
  const sums = new Map<string, FaultSum>();
  const landing = folderLanding(args.landing);
  const judged = { engine, relation: "checked", table, businessDate, files: withRejects, open: landing.open };
  await judgedProblems(judged, (file, problem) => addFault(sums, file, problem));
  for (const file of withRejects) {
    const [stream, sql] = [rejected.sums.get(file), sums.get(file)];
    if (stream?.count === sql?.count && stream?.sum === sql?.sum) continue;
    differ(file, `${stream?.count ?? 0} faults`, `${sql?.count ?? 0} others`);
  }
}

/** The check SQL's rows without the date, which is the same in all of them. */
export const checkedRows = (table: Table): string =>
  `SELECT * EXCLUDE (_business_date) FROM (${checkSql(table, duckdb, carriedColumns(table))})`;

async function loadTable(args: LoadArgs, table: Table): Promise<{ file: string; sha256: string }> {
  const { engine, landing, warehouse, runId, businessDate } = args;
  const files = args.checked.files.filter((file) => file.table === table.name);
  const sha256 = files.map((file) => file.sha256).join("+");
  const before = table.load === "snapshot" ? args.known.get(`${table.name}:${sha256}`) : undefined;
  const there = before ?? args.written.get(table.name);
  if (there !== undefined) return { file: there, sha256 };

  await engine.run(
    `CREATE OR REPLACE TEMP VIEW ${rawRelation(table)} AS ${rawRows(table, landing, businessDate, files)}`,
  );
  try {
    await engine.run(`CREATE OR REPLACE TEMP TABLE checked AS ${checkedRows(table)}`);
  } catch (cause) {
    const [reason = ""] = (cause as Error).message.split("\n");
    throw new UnreadableError(`the engine cannot read ${files.map(({ file }) => file).join(", ")}: ${reason}`, {
      code: "FILE_UNREADABLE",
      path: table.name,
      cause,
    });
  }
  await sameJudgement(args, table, files);
  const file = `base/${table.name}/load_dt=${businessDate}/${runId}.parquet`;
  await engine.run(baseCopy(table, businessDate, "checked WHERE _problems = ''", await fileIn(warehouse, file)));
  return { file, sha256 };
}

/**
 * Writes the rows of one date. Rows without a key stay in the order of their file.
 * @param from a relation with the table's columns, as it may stand behind FROM
 */
export function baseCopy(table: Table, date: BusinessDate, from: string, target: string): string {
  const order = table.key === null ? "" : ` ORDER BY ${table.key.join(", ")}`;
  return `COPY (SELECT ${storedTable(table).columnNames.join(", ")}, CAST(${quoted(date)} AS DATE) AS load_dt FROM ${from}${order})
     TO ${quoted(target)} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)`;
}

/** Writes the date's files; nothing is visible to readers before it is published. The periods are still to be filled. */
export async function loadDate(args: LoadArgs, fingerprint: string, report: string): Promise<LoadedDate> {
  const tables: Record<string, string> = {};
  const snapshots: Record<string, { file: string; sha256: string }> = {};
  const sources: Record<string, Record<string, string>> = {};
  for (const table of args.dataset.tables) {
    const { name } = table;
    // An older snapshot counts on, or a person has accepted that the rows are missing.
    if (!args.checked.files.some((file) => file.table === name)) continue;
    const loaded = await loadTable(args, table);
    if (table.load === "snapshot") snapshots[name] = loaded;
    else {
      tables[name] = loaded.file;
      const own = args.checked.files.filter((file) => file.table === name);
      sources[name] = Object.fromEntries(own.map(({ contentSha256, file }) => [contentSha256, file]));
    }
  }
  const { files } = args.checked;
  return {
    fingerprint,
    runId: args.runId,
    contractVersion: args.contractVersion,
    report,
    rowsAccepted: files.reduce((sum, file) => sum + file.rowsAccepted, 0),
    rowsRejected: files.reduce((sum, file) => sum + file.rowsRejected, 0),
    tables,
    sources,
    snapshots,
    quarantine: await args.rejected.writeParquet(args.engine),
    periods: [],
  };
}
