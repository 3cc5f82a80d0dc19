/** The second pass over a file of the landing: the lines of accepted rows, and what was rejected of the cell. */
import type { Table } from "@sales-etl/etl-core/contract";
import type { BusinessDate, Landing } from "@sales-etl/etl-core/landing";
import { canonicalOf, readLines } from "@sales-etl/etl-core/validate";
import type { Row } from "../engine/duckdb.ts";
import type { Cell, GrainColumn } from "./cell.ts";
import { isSaidAgain } from "./dumps.ts";
import type { ExplainedState } from "./state.ts";

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
  readonly state: "same" | "changed" | "gone" | "unknown-landing" | "not-noted";
  readonly message: string | null;
}

export interface LinesArgs {
  readonly state: ExplainedState;
  readonly grain: readonly GrainColumn[];
  readonly cell: Cell;
  /** Of the period, in order. */
  readonly days: readonly string[];
  /** Where the files of a date are looked for; null where nobody knows. */
  readonly landingOf: (date: BusinessDate) => Landing | null;
}

/** All columns as one text, by value. */
export const contentOf = (table: Table, text: (column: string) => string): string =>
  table.columnNames.map((name) => canonicalText(table, name, text(name))).join("\0");

const canonicalText = (table: Table, name: string, text: string) =>
  text === "" ? "" : canonicalOf(table.columns[name]?.type)(text);

/** Whether a rejected line is of the cell; null where a part of its key is what is wrong with it. */
function isOfCellLine(
  { grain, cell, days }: LinesArgs,
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

export interface Searched {
  readonly file: SourceFile;
  /** Lines by what stands in them, in order. */
  readonly lines: ReadonlyMap<string, number[]>;
  readonly rejected: readonly RejectedRow[];
}

/** The second pass over one file. */
export async function search(
  args: LinesArgs,
  wanted: Wanted,
  contents: ReadonlySet<string>,
  faults: readonly Row[],
): Promise<Searched> {
  const { table, dayColumn, businessDate, file, sha256 } = wanted;
  const { state, days } = args;
  const landing = args.landingOf(businessDate);
  const told = (what: SourceFile["state"], message: string | null): Searched => ({
    file: { table: table.name, businessDate, file, landing: landing?.uri ?? null, state: what, message },
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
      if (days.includes(day) && isSaidAgain(state.dates, table.name, day, businessDate)) return;
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

/** A file of which nobody has noted what was in it when it was loaded: no line can be said to be that of a row. */
export const notNoted = (table: Table, businessDate: BusinessDate, file: string): Searched => ({
  file: {
    ...{ table: table.name, businessDate, file, landing: null, state: "not-noted" },
    message: `nobody has noted what was in ${file} when it was loaded (an older version did, or the job without the command): its lines and rejected rows are not shown`,
  },
  lines: new Map(),
  rejected: [],
});
