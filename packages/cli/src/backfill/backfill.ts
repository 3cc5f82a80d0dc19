/** Dates of a range that are pending or have changed: what loading them would change, and then the loading. */
import { SalesEtlError } from "@sales-etl/etl-core/errors";
import type { BusinessDate } from "@sales-etl/etl-core/landing";
import { openEngine } from "../engine/duckdb.ts";
import { factFiles } from "../engine/fact-files.ts";
import { prepare, type RunArgs, type RunResult } from "../engine/run.ts";
import { type Published, type QualityWarning, readPublished } from "../engine/state.ts";
import type { DateResult } from "../engine/take-date.ts";
import { withWriter } from "../engine/writer.ts";
import { changesOf, type PeriodChange } from "./changes.ts";
import { withOverlay } from "./overlay.ts";

/** `pending`: accepted and never published; `changed`: the landing has other bytes, or the contract is another one. */
export type BackfillState = "pending" | "changed" | "unchanged" | "rejected" | "incomplete";

export interface BackfillDate {
  readonly businessDate: BusinessDate;
  readonly state: BackfillState;
  /** An accepted version of it was published before; where the newest is refused it stays. */
  readonly wasPublished: boolean;
  readonly rowsAccepted: number;
  readonly rowsRejected: number;
  /** null where only a run can tell. */
  readonly weeksRestated: readonly number[] | null;
}

export interface BackfillResult {
  /** Only told, nothing done. */
  readonly plan: boolean;
  readonly dates: readonly BackfillDate[];
  /** null where only a run can tell. */
  readonly periods: readonly PeriodChange[] | null;
  /** What a plan leaves out, and why. */
  readonly notKnown?: string;
  readonly warnings: readonly QualityWarning[];
  /** The published run afterwards; null where nothing is published. */
  readonly runId: string | null;
}

/** @param wasPublished before the run */
export const backfillDate = (wasPublished: boolean, result: Omit<DateResult, "seconds">): BackfillDate => {
  const { businessDate, verdict, changed, rowsAccepted, rowsRejected, weeksRestated } = result;
  const loaded = wasPublished ? "changed" : "pending";
  const state = verdict !== "accepted" ? verdict : changed ? loaded : "unchanged";
  return { businessDate, state, wasPublished, rowsAccepted, rowsRejected, weeksRestated };
};

const dateOf = (before: Published | null, result: DateResult): BackfillDate =>
  backfillDate(before?.dates[result.businessDate] !== undefined, result);

/**
 * What {@link backfill} would do, found out by doing it beside the warehouse: every check runs, nothing is published and
 * no file of the warehouse is written.
 * @throws {QualityError} as the run would; {SalesEtlError} WAREHOUSE_CHANGED where somebody else published meanwhile
 */
export async function planBackfill(args: RunArgs): Promise<BackfillResult> {
  const { dataset, warehouse } = args;
  const before = await readPublished(warehouse, dataset.name);
  const result = await withOverlay(warehouse, before, (overlay) =>
    withWriter({ dataset, warehouse: overlay }, async (writing) => {
      const prepared = await prepare({ ...writing, before }, { ...args, warehouse: overlay });
      const fact = (one: Readonly<Record<string, string>> | undefined) => factFiles(overlay, one ?? {});
      const periods = await changesOf(writing.engine, dataset, fact(before?.fact), fact(prepared.next?.fact));
      return {
        result: {
          plan: true,
          dates: prepared.results.map((one) => dateOf(before, one)),
          periods,
          warnings: prepared.warnings,
          runId: before?.runId ?? null,
        },
        state: before,
      };
    }),
  );
  const now = await readPublished(warehouse, dataset.name);
  if (now?.runId === before?.runId) return result;
  throw new SalesEtlError(`another run was published in ${warehouse} while this was planned: plan again`, {
    code: "WAREHOUSE_CHANGED",
    path: warehouse,
  });
}

/** @param run does it: a run over the dates, told as the caller wants */
export async function backfill(args: RunArgs, run: (args: RunArgs) => Promise<RunResult>): Promise<BackfillResult> {
  const { dataset, warehouse } = args;
  const before = await readPublished(warehouse, dataset.name);
  const { dates, warnings } = await run(args);
  const after = await readPublished(warehouse, dataset.name);
  const engine = await openEngine(":memory:");
  try {
    const fact = (state: Published | null) => factFiles(warehouse, state?.fact ?? {});
    return {
      plan: false,
      dates: dates.map((one) => dateOf(before, one)),
      periods: await changesOf(engine, dataset, fact(before), fact(after)),
      warnings,
      runId: after?.runId ?? null,
    };
  } finally {
    engine.close();
  }
}
