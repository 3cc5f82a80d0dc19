import type { Table } from "../contract/table.ts";
import type { BusinessDate } from "../landing/index.ts";
import type { ByteSource, RawFacts } from "./content.ts";
import { FileFault } from "./fault.ts";
import { fileRows } from "./file-rows.ts";
import { keyColumns } from "./key-parts.ts";
import { type FileKeys, keyIndex } from "./keys.ts";
import { readRows } from "./reader.ts";
import type { FileReport, Problem } from "./report.ts";
import type { ProblemSink } from "./rows.ts";
import type { Totals } from "./totals.ts";

/** How many faults of one file the report lists. */
export const PROBLEMS_LISTED = 100;

export interface CheckFileArgs {
  readonly table: Table;
  readonly businessDate: BusinessDate;
  /** The key inside the landing; `.gz` at its end means gzip. */
  readonly file: string;
  /** The file's bytes: a stream of Node or a web stream. Ended early where the rest says nothing more. */
  readonly stream: ByteSource;
  /** What the manifest says of the file; left out, nothing is compared. */
  readonly expected?: { readonly rows: number; readonly bytes: number; readonly sha256?: string | undefined };
  readonly sink?: ProblemSink;
  /** Where the file's keys are kept, to be compared with those of other files. @default the file is compared with itself alone */
  readonly keys?: FileKeys;
}

export interface CheckedFile extends FileReport {
  /**
   * The columns in the order of the file, those that are not read under the names that the file gives them; empty when the
   * header cannot be used.
   */
  readonly columns: readonly string[];
  /** Columns that the contract does not know and that are not read. */
  readonly ignored: readonly string[];
  /** Columns that the contract does not know and whose values are stored with the row. */
  readonly kept: readonly string[];
  readonly totals: Totals;
  readonly bytes: number;
  readonly sha256: string;
  /** Of the unzipped bytes: equal for a file and its gzip. */
  readonly contentSha256: string;
  /** Of the rows in whatever order, where no key tells them apart; null for other tables, and where nobody needs it. */
  readonly rowsDigest: string | null;
  /** False when the reading had to end early: its counts are of a part. */
  readonly readToEnd: boolean;
}

const byLine = (a: Problem, b: Problem) => (a.line ?? 0) - (b.line ?? 0);

/** Those of the whole file, and of the others the first {@link PROBLEMS_LISTED} by line: keys that stand twice are told last. */
function listed() {
  // Why the whole file is rejected is never left out.
  const ofFile: Problem[] = [];
  let ofRows: Problem[] = [];
  let count = 0;
  const first = () => ofRows.toSorted(byLine).slice(0, PROBLEMS_LISTED);
  return {
    add(problem: Problem) {
      count += 1;
      if (problem.column === null) ofFile.push(problem);
      else ofRows.push(problem);
      if (ofRows.length > 2 * PROBLEMS_LISTED) ofRows = first();
    },
    problems: () => [...ofFile, ...first()].sort(byLine),
    omitted: () => count - ofFile.length - Math.min(ofRows.length, PROBLEMS_LISTED),
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
  const structure = (problem: Problem) => {
    structureOk = false;
    list.add(problem);
    args.sink?.(problem);
  };
  const whole = (code: Problem["code"], message: string, line: number | null = null) =>
    structure({ code, line, column: null, value: null, message });

  const ownKeys = table.key === null || args.keys !== undefined ? null : keyIndex(keyColumns(table));
  const rows = fileRows(table, args.businessDate, args.keys ?? ownKeys?.file(file) ?? null, structure, (problem) => {
    list.add(problem);
    args.sink?.(problem);
  });
  try {
    await readRows(args.stream, file.endsWith(".gz"), facts, rows);
    rows.end();
  } catch (error) {
    if (!(error instanceof FileFault)) throw error;
    readToEnd = false;
    rows.tellHeader();
    structure({ code: error.code, line: error.line, column: null, value: error.value, message: error.message });
  } finally {
    ownKeys?.close();
  }

  const headerOk = rows.headerOk();
  const { rowsRead, rowsRejected, isDoubled, rowsDigest, totals } = rows.counts();
  // The manifest's counts are of the whole file: what was read of a part says nothing about them.
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
    columns: rows.columns(),
    ignored: rows.ignored(),
    kept: rows.kept(),
    totals,
    bytes: facts.bytes,
    sha256: facts.sha256,
    contentSha256: facts.contentSha256,
    rowsDigest,
    readToEnd,
  };
}
