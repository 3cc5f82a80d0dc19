/** What the checks of one business date found: the JSON of `sales-etl validate --json` and of the gate's report. */
import type { BusinessDate } from "../landing/landing.ts";
import type { ProblemCode } from "./codes.ts";

export type FileVerdict = "accepted" | "rejected";

/** `incomplete`: something is still to come (a file, the manifest); `rejected`: what came is wrong. */
export type DateVerdict = "accepted" | "rejected" | "incomplete";

/** One fault of one place. */
export interface Problem {
  readonly code: ProblemCode;
  /** Physical line of the file from 1, the header being 1; null where the fault is of the whole file. */
  readonly line: number | null;
  readonly column: string | null;
  /** The text as it stands in the file, shortened to 200 characters. */
  readonly value: string | null;
  readonly message: string;
}

/** A fault of the date as a whole: a missing file, a wrong name, a manifest that does not fit. */
export interface DateProblem {
  readonly code: ProblemCode;
  readonly severity: "error" | "warning";
  readonly table: string | null;
  readonly file: string | null;
  readonly message: string;
}

export interface FileReport {
  readonly table: string;
  /** The key inside the landing. */
  readonly file: string;
  readonly rowsRead: number;
  readonly rowsAccepted: number;
  /** Always rowsRead - rowsAccepted. */
  readonly rowsRejected: number;
  readonly verdict: FileVerdict;
  /** The first ones, by line; see `problemsOmitted`. */
  readonly problems: readonly Problem[];
  readonly problemsOmitted: number;
}

/** A table whose rows were not looked at: the verdict is only of its names and sizes. */
export interface LeftTable {
  readonly table: string;
  readonly files: number;
  /** As they lie there. */
  readonly bytes: number;
  readonly why: "too large" | "out of time";
}

export interface DateReport {
  readonly businessDate: BusinessDate;
  readonly verdict: DateVerdict;
  readonly problems: readonly DateProblem[];
  readonly files: readonly FileReport[];
  /** Only where tables are left to the Spark step, which checks them by the same rules. */
  readonly leftToSpark?: readonly LeftTable[];
}
