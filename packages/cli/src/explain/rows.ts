/** The accepted rows behind a cell, and the file and line that each of them came from. */
import type { Dataset, Table } from "@sales-etl/etl-core/contract";
import { tableOf } from "@sales-etl/etl-core/contract";
import type { BusinessDate } from "@sales-etl/etl-core/landing";
import { datedTables } from "@sales-etl/etl-core/measures";
import { quoted, type Row } from "../engine/duckdb.ts";
import type { ReadOnly } from "../engine/read-only.ts";
import { isOfCell } from "./cell.ts";
import { isSaidAgain } from "./dumps.ts";
import {
  contentOf,
  type LinesArgs,
  notNoted,
  type RejectedRow,
  type Searched,
  type SourceFile,
  search,
} from "./lines.ts";

/** A row that counts in the cell. */
export interface SourceRow {
  readonly table: string;
  readonly day: string;
  /** Of the file that brought it. */
  readonly businessDate: BusinessDate;
  /** A key of the landing; null where the lines could not be looked for. */
  readonly file: string | null;
  /** Physical line from 1, the header being 1. */
  readonly line: number | null;
  /** As stored; decimals as text, null where the file says nothing. */
  readonly values: Readonly<Record<string, string | null>>;
}

export interface Sources {
  readonly rows: readonly SourceRow[];
  readonly rejected: readonly RejectedRow[];
  readonly files: readonly SourceFile[];
}

export interface SourcesArgs extends LinesArgs {
  readonly reader: ReadOnly;
  readonly dataset: Dataset;
}

interface Stored {
  readonly businessDate: BusinessDate;
  /** As the engine that loaded it says; null where it does not. */
  readonly file: string | null;
  readonly values: Readonly<Record<string, string | null>>;
}

async function storedRows(args: SourcesArgs, table: Table, dayColumn: string): Promise<readonly Stored[]> {
  const { reader, grain, cell, days } = args;
  const { fileColumn } = args.state;
  if (days.length === 0) return [];
  const keys = isOfCell(grain.slice(1), cell);
  const columns = table.columnNames.map((name) => `CAST(${name} AS VARCHAR) AS ${name}`);
  const list = days.map((day) => `DATE ${quoted(day)}`).join(", ");
  const rows = await reader.rows(
    `SELECT CAST(load_dt AS VARCHAR) AS load_dt, ${fileColumn ?? "NULL"} AS "from_file", ${columns.join(", ")} FROM ${table.name}
     WHERE ${dayColumn} IN (${list}) AND ${keys} ORDER BY ${dayColumn}, load_dt`,
  );
  return rows.map(({ load_dt, from_file, ...values }) => ({
    businessDate: String(load_dt),
    file: from_file === null ? null : String(from_file),
    values: Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, value === null ? null : String(value)]),
    ),
  }));
}

/** Faults of rejected rows in files that can hold rows of the cell. */
async function faultsOf({ reader, state, days }: SourcesArgs, table: Table): Promise<readonly Row[]> {
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return [];
  // A cumulative dump of any later date holds these days, too.
  const dumps = Object.values(state.dates).some((date) => date.dumps?.[table.name] !== undefined);
  const until = dumps ? "" : `AND business_date <= DATE ${quoted(last)} + INTERVAL ${table.dated?.lateness ?? 0} DAY`;
  const found = await reader.rows(
    `SELECT CAST(business_date AS VARCHAR) AS business_date, file_name, line_num, column_name, problem_code, field_value, message
     FROM quarantine WHERE table_name = ${quoted(table.name)} AND line_num IS NOT NULL
       AND business_date >= DATE ${quoted(first)} ${until}
     ORDER BY ALL`,
  );
  return found.filter((row) => !isSaidAgain(state.dates, table.name, first, String(row.business_date)));
}

/** @returns the rows with their lines, the rejected rows of the cell, and the files that were read */
export async function sourcesOf(args: SourcesArgs): Promise<Sources> {
  const { dataset, state } = args;
  const found: Sources[] = [];
  for (const { table: name, date: dayColumn } of datedTables(dataset.fact)) {
    const table = tableOf(dataset, name);
    const stored = await storedRows(args, table, dayColumn);
    const faults = await faultsOf(args, table);
    const dates = new Set([
      ...stored.map(({ businessDate }) => businessDate),
      ...faults.map(({ business_date }) => String(business_date)),
    ]);
    const searched: Searched[] = [];
    for (const businessDate of [...dates].sort()) {
      const ofDate = stored.filter((row) => row.businessDate === businessDate);
      const wrong = faults.filter(({ business_date }) => business_date === businessDate);
      const sources = state.dates[businessDate]?.sources;
      if (sources === null) {
        const files = new Set([...ofDate.map(({ file }) => file), ...wrong.map(({ file_name }) => String(file_name))]);
        for (const file of files) if (file !== null) searched.push(notNoted(table, businessDate, file));
        continue;
      }
      const contents = new Set(ofDate.map(({ values }) => contentOf(table, (column) => values[column] ?? "")));
      for (const [sha256, file] of Object.entries(sources?.[name] ?? {})) {
        const own = wrong.filter(({ file_name }) => file_name === file);
        if (contents.size === 0 && own.length === 0) continue;
        searched.push(await search(args, { table, dayColumn, businessDate, file, sha256 }, contents, own));
      }
    }
    found.push({
      rows: stored.map((row) => withLine(table, dayColumn, row, searched)),
      rejected: searched.flatMap(({ rejected }) => rejected),
      files: searched.map(({ file }) => file),
    });
  }
  return {
    rows: found.flatMap(({ rows }) => rows),
    rejected: found.flatMap(({ rejected }) => rejected),
    files: found.flatMap(({ files }) => files),
  };
}

/** Equal rows get the lines one after the other: which is which cannot be told, and does not matter. */
function withLine(
  table: Table,
  dayColumn: string,
  { businessDate, values, ...stored }: Stored,
  searched: readonly Searched[],
): SourceRow {
  const row = { table: table.name, day: values[dayColumn] ?? "", businessDate, values };
  const content = contentOf(table, (column) => values[column] ?? "");
  const all = searched.filter(({ file }) => file.businessDate === businessDate);
  const named = all.filter(({ file }) => file.file === stored.file);
  const ofDate = named.length === 0 ? all : named;
  for (const { file, lines } of ofDate) {
    const line = lines.get(content)?.shift();
    if (line !== undefined) return { ...row, file: file.file, line };
  }
  // One file alone must be its file, even where its lines cannot be read any more.
  return { ...row, file: stored.file ?? (ofDate.length === 1 ? (ofDate[0]?.file.file ?? null) : null), line: null };
}
