import type { Readable } from "node:stream";
import type { Table } from "../contract/table.ts";
import type { BusinessDate } from "../landing/index.ts";
import { csvRows } from "./csv.ts";
import { readHeader } from "./header.ts";
import type { FileReport, Problem } from "./report.ts";
import { type KeyOnce, type ProblemSink, rowChecker } from "./rows.ts";
import { FileFault, type RawFacts, textOf } from "./text.ts";

/** How many faults of one file the report lists. */
export const PROBLEMS_LISTED = 100;

export interface CheckFileArgs {
  readonly table: Table;
  readonly businessDate: BusinessDate;
  /** The key inside the landing; `.gz` at its end means gzip. */
  readonly file: string;
  readonly stream: Readable;
  /** What the manifest says of the file; left out, nothing is compared. */
  readonly expected?: { readonly rows: number; readonly bytes: number; readonly sha256?: string | undefined };
  readonly sink?: ProblemSink;
  /** @default keys are compared inside the file alone */
  readonly keyOnce?: KeyOnce;
}

export interface CheckedFile extends FileReport {
  /** The contract's columns in the order of the file; empty when the header cannot be used. */
  readonly columns: readonly string[];
  readonly bytes: number;
  readonly sha256: string;
  /** Of the unzipped bytes: equal for a file and its gzip. */
  readonly contentSha256: string;
  /** False when the reading had to end early: its counts are of a part. */
  readonly readToEnd: boolean;
}

/** The first {@link PROBLEMS_LISTED} and those of the whole file, by line: a key is found wrong only at its second row. */
function listed() {
  const kept: Problem[] = [];
  let count = 0;
  return {
    add(problem: Problem) {
      count += 1;
      // Why the whole file is rejected is never left out.
      if (kept.length < PROBLEMS_LISTED || problem.column === null) kept.push(problem);
    },
    problems: () => kept.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0)),
    omitted: () => count - kept.length,
  };
}

/**
 * Checks one file as a stream, in one pass. Never throws for what is in the file: every fault is a problem with a code.
 * @throws the stream's own error, when the file cannot be read at all
 */
export async function checkFile(args: CheckFileArgs): Promise<CheckedFile> {
  const { table, file, expected } = args;
  const list = listed();
  const facts: RawFacts = { bytes: 0, sha256: "", contentSha256: "" };
  let structureOk = true;
  let readToEnd = true;
  let headerOk = true;
  const structure = (problem: Problem) => {
    structureOk = false;
    list.add(problem);
    args.sink?.(problem);
  };
  const whole = (code: Problem["code"], message: string, line: number | null = null) =>
    structure({ code, line, column: null, value: null, message });

  let columns: readonly string[] = [];
  let rows: ReturnType<typeof rowChecker> | null = null;
  let width = 0;
  try {
    for await (const batch of csvRows(textOf(args.stream, file.endsWith(".gz"), facts))) {
      for (const row of batch) {
        if (rows === null) {
          const header = readHeader(table, row.fields);
          for (const problem of header.problems) structure(problem);
          headerOk = header.problems.length === 0;
          width = row.fields.length;
          columns = header.columns.filter((name) => name !== null);
          rows = rowChecker(
            table,
            args.businessDate,
            header.columns,
            (problem) => {
              // Under a wrong header every row would be wrong for the same reason.
              if (!headerOk) return;
              list.add(problem);
              args.sink?.(problem);
            },
            args.keyOnce,
          );
        } else if (row.fields.length !== width) {
          throw new FileFault(
            "FILE_ROW_RAGGED",
            `the line has ${row.fields.length} fields, the header ${width}`,
            row.line,
          );
        } else {
          rows.check(row);
        }
      }
    }
    if (rows === null) whole("FILE_EMPTY", "the file has no header");
  } catch (error) {
    if (!(error instanceof FileFault)) throw error;
    readToEnd = false;
    whole(error.code, error.message, error.line);
    // The manifest's counts are of the whole file: what was read of it says nothing about them.
    args.stream.destroy();
  }

  const { rowsRead, rowsRejected, isDoubled } = rows?.counts() ?? { rowsRead: 0, rowsRejected: 0, isDoubled: false };
  if (expected !== undefined && facts.sha256 !== "") {
    if (facts.bytes !== expected.bytes) {
      whole("BYTES_DIFFER", `the file has ${facts.bytes} bytes, the manifest says ${expected.bytes}`);
    }
    if (expected.sha256 !== undefined && facts.sha256 !== expected.sha256) {
      whole("SHA256_DIFFERS", `the file's SHA-256 is ${facts.sha256}, the manifest says ${expected.sha256}`);
    }
    if (readToEnd && rowsRead !== expected.rows) {
      whole("ROWS_DIFFER", `the file has ${rowsRead} rows, the manifest says ${expected.rows}`);
    }
  }
  if (structureOk && table.load === "snapshot" && rowsRead === 0) {
    whole(
      "SNAPSHOT_EMPTY",
      `the file has no row, and ${table.name} comes whole each time: every row before it would be gone`,
    );
  }
  if (readToEnd && isDoubled)
    whole("FILE_DOUBLED", `every one of the ${rowsRead} rows occurs twice: the export ran twice into one file`);
  if (readToEnd && headerOk && rowsRejected > rowsRead * table.tolerance) {
    const share = `${((100 * rowsRejected) / rowsRead).toFixed(1)} %`;
    const allowed = `${(100 * table.tolerance).toFixed(1)} %`;
    whole(
      "TOO_MANY_ROWS_REJECTED",
      `${rowsRejected} of ${rowsRead} rows are wrong (${share}); ${table.name} tolerates ${allowed}`,
    );
  }
  return {
    table: table.name,
    file,
    rowsRead,
    rowsAccepted: rowsRead - rowsRejected,
    rowsRejected,
    verdict: structureOk ? "accepted" : "rejected",
    problems: list.problems(),
    problemsOmitted: list.omitted(),
    columns,
    bytes: facts.bytes,
    sha256: facts.sha256,
    contentSha256: facts.contentSha256,
    readToEnd,
  };
}
