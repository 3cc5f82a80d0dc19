/** The rows of one file, the header being the first: is each where it belongs, and right? */
import type { Table } from "../contract/table.ts";
import type { BusinessDate } from "../landing/index.ts";
import type { CsvRow } from "./csv.ts";
import { shortened } from "./explain.ts";
import { FileFault } from "./fault.ts";
import { isHeaderOf, namesOf, readHeader } from "./header.ts";
import type { FileKeys } from "./keys.ts";
import type { RowTaker } from "./reader.ts";
import type { Problem } from "./report.ts";
import { type ProblemSink, type RowChecker, type RowCounts, rowChecker } from "./rows.ts";
import { blankLine, headerAmongRows, isBlank, rowOutOfPlace } from "./structure.ts";

export interface FileRows extends RowTaker {
  /**
   * After the last row: tells the keys that stand twice.
   * @throws {FileFault} what only the end shows
   */
  end(): void;
  /** Tells what is wrong with the header, where that was not told yet. */
  tellHeader(): void;
  /** The columns in the order of the file; those that are not read under the names that the file gives them. */
  columns(): readonly string[];
  ignored(): readonly string[];
  kept(): readonly string[];
  headerOk(): boolean;
  counts(): RowCounts;
}

/** A header that stands behind a title, a comment or an empty line, stands among the first lines. */
const HEADER_LOOKED_FOR = 50;

/**
 * @param structure told of what is wrong with the header
 * @param sink told of what is wrong with the rows
 */
export function fileRows(
  table: Table,
  businessDate: BusinessDate,
  keys: FileKeys | null,
  structure: ProblemSink,
  sink: ProblemSink,
): FileRows {
  let rows: RowChecker | null = null;
  let isHeader: ReturnType<typeof headerAmongRows> = () => null;
  let columns: readonly string[] = [];
  let ignored: readonly string[] = [];
  let kept: readonly string[] = [];
  let width = 0;
  let headerOk = true;
  /** What is wrong with the first line, as long as the header may still come. */
  let untold: readonly Problem[] = [];
  let firstLine: CsvRow | null = null;
  let looked = 0;
  let ragged: FileFault | null = null;
  let blank: number | null = null;
  let onlyBlank = true;

  const begin = (row: CsvRow) => {
    const header = readHeader(table, row.fields);
    firstLine = row;
    untold = header.problems;
    headerOk = untold.length === 0;
    width = row.fields.length;
    columns = headerOk ? namesOf(row.fields) : [];
    ignored = header.ignored;
    kept = header.kept;
    isHeader = headerAmongRows(table, header.columns);
    // Under a wrong header every row would be wrong for the same reason.
    const rowSink: ProblemSink = (problem) => (headerOk ? sink(problem) : undefined);
    return rowChecker(table, businessDate, header.columns, rowSink, keys);
  };
  const tellHeader = () => {
    for (const problem of untold) structure(problem);
    untold = [];
  };
  /** The first line is no header: is this one? */
  const lookForHeader = (row: CsvRow) => {
    looked += 1;
    if (isHeaderOf(table, row.fields)) {
      untold = [];
      const before = shortened((firstLine?.fields ?? []).join(","));
      const message = `the header stands in line ${row.line}: remove what stands before it`;
      throw new FileFault("HEADER_NOT_FIRST", message, row.line, before);
    }
    if (row.fields.length !== width) ragged ??= rowOutOfPlace(table, width, row, null);
    if (looked < HEADER_LOOKED_FOR) return;
    tellHeader();
    if (ragged !== null) throw ragged;
  };

  return {
    take(row: CsvRow) {
      onlyBlank &&= isBlank(row);
      if (rows === null) rows = begin(row);
      else {
        if (untold.length > 0) lookForHeader(row);
        else if (blank !== null) throw rowOutOfPlace(table, width, row, blank);
        else if (row.fields.length !== width) {
          if (!isBlank(row)) throw rowOutOfPlace(table, width, row, null);
          // What follows an empty line says what it is.
          blank = row.line;
          return;
        } else {
          const fault = headerOk ? isHeader(row) : null;
          if (fault !== null) throw fault;
        }
        rows.check(row);
      }
    },
    end() {
      if (onlyBlank) {
        structure({ code: "FILE_EMPTY", line: null, column: null, value: null, message: "the file has no header" });
        untold = [];
      }
      tellHeader();
      if (ragged !== null) throw ragged;
      if (blank !== null) throw blankLine(blank, width);
      rows?.end();
    },
    // Only right rows are looked at as bytes: where the header or the row before is not right, the next one is, too.
    plain: () => (headerOk && untold.length === 0 && blank === null ? (rows?.plain ?? null) : null),
    tellHeader,
    columns: () => columns,
    ignored: () => ignored,
    kept: () => kept,
    headerOk: () => headerOk,
    counts: () => rows?.counts() ?? { rowsRead: 0, rowsRejected: 0, isDoubled: false, rowsDigest: null, totals: {} },
  };
}
