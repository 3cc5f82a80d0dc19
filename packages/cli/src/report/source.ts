/** The published state that a report is read from, whichever engine made it. */
import type { BusinessDate } from "@sales-etl/etl-core/landing";
import type { DateReport } from "@sales-etl/etl-core/validate";
import type { Engine } from "../engine/duckdb.ts";
import type { FactFiles } from "../engine/fact-files.ts";
import type { QualityWarning } from "../engine/state.ts";
import type { Status } from "../engine/status.ts";

/** A publish. */
export interface PublishedRun {
  readonly runId: string;
  readonly publishedAt: string;
  /** Who ran it; null where that was not recorded. */
  readonly by: string | null;
  readonly kind: "run" | "rollback";
  /** The dates that it loaded, with the periods computed again because of each; null where that was not recorded. */
  readonly dates: readonly { readonly businessDate: BusinessDate; readonly periods: readonly number[] | null }[];
}

/** What was found when a date was accepted. */
export interface Alert {
  readonly businessDate: string;
  readonly code: string;
  readonly message: string;
}

/** Rows that broke a rule, of the dates as they are published. */
export interface Rejected {
  readonly rows: number;
  readonly rowsRead: number;
  /** A SELECT of business_date, table, file, line, column, code, value; null where there is none. */
  readonly faults: string | null;
}

export interface Source {
  readonly runId: string;
  readonly publishedAt: string;
  readonly attribution: string | null;
  /** Those that are published. */
  readonly dates: ReadonlySet<BusinessDate>;
  readonly fact: FactFiles;
  /** Oldest first; the last one is what is published. */
  readonly runs: readonly PublishedRun[];
  /** What a run left, by its place in {@link runs}; null where that is not kept. */
  factAfter(run: number): Promise<FactFiles | null>;
  /** Makes views of the newest rows of the tables that come whole, under their names. */
  viewSnapshots(engine: Engine): Promise<void>;
  /** Makes views of the tables that come by days, with all rows of some days at least. */
  viewDays(engine: Engine, days: { readonly first: string; readonly last: string }): Promise<void>;
  status(): Promise<Status>;
  readonly rejected: Rejected;
  /** The dates whose newest delivery was not accepted; null where nobody keeps that. */
  refused(): Promise<readonly DateReport[] | null>;
  /** What of some published dates is worth a look; null where that is not kept of all of them. */
  alerts(dates: readonly BusinessDate[]): Promise<readonly Alert[] | null>;
  /** Of the newest run that loaded a date; null where that is not kept. */
  readonly warnings: readonly QualityWarning[] | null;
}
