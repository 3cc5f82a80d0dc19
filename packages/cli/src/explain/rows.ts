/** The accepted rows behind a cell, and the file and line that each of them came from. */
import type { Dataset, Table } from "@sales-etl/etl-core/contract";
import { tableOf } from "@sales-etl/etl-core/contract";
import type { BusinessDate, Landing } from "@sales-etl/etl-core/landing";
import { datedTables } from "@sales-etl/etl-core/measures";
import { canonicalOf, readLines } from "@sales-etl/etl-core/validate";
import { quoted, type Row } from "../engine/duckdb.ts";
import type { Reader } from "../engine/reader.ts";
import { type Cell, type GrainColumn, isOfCell } from "./cell.ts";
import { isSaidAgain } from "./dumps.ts";

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

/** A rejected row of the cell: it counts nowhere. */
export interface RejectedRow {
  readonly table: string;
  readonly businessDate: BusinessDate;
  readonly file: string;
  readonly line: number;
  readonly column: string | null;
  readonly code: string;
  readonly value: string | null;
  readonly message: string;
  /** Part of its key cannot be read: it may be of this cell. */
  readonly certain: boolean;
}

/** A file of the landing that was looked into. `same`: it is, byte by byte, the one that was loaded. */
export interface SourceFile {
  readonly table: string;
  readonly businessDate: BusinessDate;
  readonly file: string;
  readonly landing: string | null;
  readonly state: "same" | "changed" | "gone" | "unknown-landing";
  readonly message: string | null;
}

export interface Sources {
  readonly rows: readonly SourceRow[];
  readonly rejected: readonly RejectedRow[];
  readonly files: readonly SourceFile[];
}

export interface SourcesArgs {
  readonly reader: Reader;
  readonly dataset: Dataset;
  readonly grain: readonly GrainColumn[];
  readonly cell: Cell;
  /** Of the period, in order. */
  readonly days: readonly string[];
  /** Where the files of a date are looked for; null where nobody knows. */
  readonly landingOf: (date: BusinessDate) => Landing | null;
}

/** All columns as one text, by value. */
const contentOf = (table: Table, text: (column: string) => string): string =>
  table.columnNames.map((name) => canonicalText(table, name, text(name))).join("\0");

const canonicalText = (table: Table, name: string, text: string) =>
  text === "" ? "" : canonicalOf(table.columns[name]?.type)(text);

interface Stored {
  readonly businessDate: BusinessDate;
  readonly values: Readonly<Record<string, string | null>>;
}

async function storedRows(args: SourcesArgs, table: Table, dayColumn: string): Promise<readonly Stored[]> {
  const { reader, grain, cell, days } = args;
  if (days.length === 0) return [];
  const keys = isOfCell(grain.slice(1), cell);
  const columns = table.columnNames.map((name) => `CAST(${name} AS VARCHAR) AS ${name}`);
  const list = days.map((day) => `DATE ${quoted(day)}`).join(", ");
  const rows = await reader.rows(
    `SELECT CAST(load_dt AS VARCHAR) AS load_dt, ${columns.join(", ")} FROM ${table.name}
     WHERE ${dayColumn} IN (${list}) AND ${keys} ORDER BY ${dayColumn}, load_dt`,
  );
  return rows.map(({ load_dt, ...values }) => ({
    businessDate: String(load_dt),
    values: Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, value === null ? null : String(value)]),
    ),
  }));
}

/** Faults of rejected rows in files that can hold rows of the cell. */
async function faultsOf({ reader, days }: SourcesArgs, table: Table): Promise<readonly Row[]> {
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return [];
  // A cumulative dump of any later date holds these days, too.
  const dumps = Object.values(reader.state.dates).some((date) => date.dumps?.[table.name] !== undefined);
  const until = dumps ? "" : `AND business_date <= DATE ${quoted(last)} + INTERVAL ${table.dated?.lateness ?? 0} DAY`;
  const found = await reader.rows(
    `SELECT CAST(business_date AS VARCHAR) AS business_date, file_name, line_num, column_name, problem_code, field_value, message
     FROM quarantine WHERE table_name = ${quoted(table.name)} AND line_num IS NOT NULL
       AND business_date >= DATE ${quoted(first)} ${until}
     ORDER BY ALL`,
  );
  return found.filter((row) => !isSaidAgain(reader.state.dates, table.name, first, String(row.business_date)));
}

/** Whether a rejected line is of the cell; null where a part of its key is what is wrong with it. */
function isOfCellLine(
  { grain, cell, days }: SourcesArgs,
  table: Table,
  dayColumn: string,
  wrong: ReadonlySet<string>,
  text: (column: string) => string,
): boolean | null {
  let certain = true;
  const parts = [
    { column: dayColumn, holds: () => days.includes(text(dayColumn)) },
    ...grain.slice(1).map(({ column }) => ({
      column,
      holds: () => canonicalText(table, column, text(column)) === cell[column],
    })),
  ];
  for (const { column, holds } of parts) {
    if (holds()) continue;
    // A value that is readable and another one is of another cell, whatever else is wrong.
    if (!wrong.has(column)) return false;
    certain = false;
  }
  return certain ? true : null;
}

interface Wanted {
  readonly table: Table;
  readonly dayColumn: string;
  readonly businessDate: BusinessDate;
  readonly file: string;
  readonly sha256: string;
}

interface Searched {
  readonly file: SourceFile;
  /** Lines by what stands in them, in order. */
  readonly lines: ReadonlyMap<string, number[]>;
  readonly rejected: readonly RejectedRow[];
}

/** The second pass over one file. */
async function search(
  args: SourcesArgs,
  wanted: Wanted,
  contents: ReadonlySet<string>,
  faults: readonly Row[],
): Promise<Searched> {
  const { table, dayColumn, businessDate, file, sha256 } = wanted;
  const { reader, days } = args;
  const landing = args.landingOf(businessDate);
  const told = (state: SourceFile["state"], message: string | null): Searched => ({
    file: { table: table.name, businessDate, file, landing: landing?.uri ?? null, state, message },
    lines: new Map(),
    rejected: [],
  });
  if (landing === null)
    return told("unknown-landing", `which landing ${file} came from was not recorded: give --landing`);
  const [there] = (await landing.list(file)).filter(({ key }) => key === file);
  if (there === undefined) return told("gone", `${file} is no longer in ${landing.uri}: its lines cannot be shown`);
  const lines = new Map<string, number[]>();
  const rejected: RejectedRow[] = [];
  const { contentSha256, fault } = await readLines(table, file, await landing.open(file), (line, text) => {
    const own = faults.filter((one) => Number(one.line_num) === line);
    if (own.length > 0) {
      const isOf = isOfCellLine(args, table, dayColumn, new Set(own.map((one) => String(one.column_name))), text);
      if (isOf === false) return;
      const day = text(dayColumn);
      if (days.includes(day) && isSaidAgain(reader.state.dates, table.name, day, businessDate)) return;
      for (const { column_name, problem_code, field_value, message } of own) {
        rejected.push({
          ...{ table: table.name, businessDate, file, line, certain: isOf === true },
          ...{ column: column_name === null ? null : String(column_name), code: String(problem_code) },
          ...{ value: field_value === null ? null : String(field_value), message: String(message) },
        });
      }
      return;
    }
    const content = contentOf(table, text);
    if (contents.has(content)) lines.set(content, [...(lines.get(content) ?? []), line]);
  });
  if (fault !== null || contentSha256 !== sha256) {
    return told(
      "changed",
      `${file} in ${landing.uri} is not the file that was loaded${fault === null ? "" : ` (${fault})`}: run ${businessDate} again to publish what it holds now; its lines are not shown`,
    );
  }
  return { file: told("same", null).file, lines, rejected };
}

/** @returns the rows with their lines, the rejected rows of the cell, and the files that were read */
export async function sourcesOf(args: SourcesArgs): Promise<Sources> {
  const { dataset, reader } = args;
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
      const sources = reader.state.dates[businessDate]?.sources[name] ?? {};
      const contents = new Set(
        stored
          .filter((row) => row.businessDate === businessDate)
          .map(({ values }) => contentOf(table, (column) => values[column] ?? "")),
      );
      for (const [sha256, file] of Object.entries(sources)) {
        const own = faults.filter(
          ({ business_date, file_name }) => business_date === businessDate && file_name === file,
        );
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
  { businessDate, values }: Stored,
  searched: readonly Searched[],
): SourceRow {
  const row = { table: table.name, day: values[dayColumn] ?? "", businessDate, values };
  const content = contentOf(table, (column) => values[column] ?? "");
  const ofDate = searched.filter(({ file }) => file.businessDate === businessDate);
  for (const { file, lines } of ofDate) {
    const line = lines.get(content)?.shift();
    if (line !== undefined) return { ...row, file: file.file, line };
  }
  // One file alone must be its file, even where its lines cannot be read any more.
  return { ...row, file: ofDate.length === 1 ? (ofDate[0]?.file.file ?? null) : null, line: null };
}
