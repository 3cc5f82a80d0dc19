/** What a warehouse says of itself: every date between the first and the last, and the versions that are kept. */
import type { Dataset } from "@sales-etl/etl-core/contract";
import { type BusinessDate, businessDates } from "@sales-etl/etl-core/landing";
import { requirePublished } from "./reader.ts";
import { keptRuns } from "./retention.ts";
import type { DateRecord, Published, QualityWarning, RunRecord } from "./state.ts";

/** `rolled-back`: it was published once, and is no part of the state that was rolled back to. */
export type DateState = "accepted" | "rejected" | "incomplete" | "missing" | "rolled-back";

export interface RunOfDate {
  readonly runId: string;
  readonly publishedAt: string;
  /** Who ran it; null of a run that did not record it. */
  readonly by: string | null;
}

export interface DateStatus {
  readonly businessDate: BusinessDate;
  readonly state: DateState;
  readonly rowsAccepted: number;
  readonly rowsRejected: number;
  /** The run whose rows are published; null where none are. */
  readonly published: RunOfDate | null;
  /** Later loads of the same date, oldest first. */
  readonly restated: readonly RunOfDate[];
  /** Of an accepted date whose newest delivery was refused. */
  readonly refusedDelivery: "rejected" | "incomplete" | null;
}

export interface RunStatus extends RunOfDate {
  readonly kind: RunRecord["kind"];
  readonly rolledBackTo: string | null;
  readonly dates: number;
  readonly warnings: number;
  /** It can be rolled back to. */
  readonly kept: boolean;
}

export interface Status {
  readonly runId: string;
  readonly publishedAt: string;
  readonly first: BusinessDate | null;
  readonly last: BusinessDate | null;
  readonly counts: Readonly<Record<DateState, number>>;
  readonly dates: readonly DateStatus[];
  /** Newest first. */
  readonly runs: readonly RunStatus[];
  /** Of the newest run that loaded a date. */
  readonly warnings: readonly QualityWarning[];
}

const refusal = ({ verdict }: DateRecord) => (verdict === "accepted" ? null : verdict);

function dateStatus(state: Published, businessDate: BusinessDate): DateStatus {
  const records = state.runs.flatMap((run) =>
    run.dates.filter((date) => date.businessDate === businessDate).map((date) => ({ run, date })),
  );
  const of = ({ runId, publishedAt, by }: RunRecord): RunOfDate => ({ runId, publishedAt, by: by ?? null });
  const loaded = state.dates[businessDate];
  const report = state.reports[businessDate];
  // The record of the delivery that the state knows last; after a rollback there are later ones.
  const newest = records.find(({ date }) => date.report === report)?.date;
  const loads = records.filter(({ date }) => date.verdict === "accepted").map(({ run }) => run);
  if (loaded === undefined) {
    const refused = newest === undefined ? null : refusal(newest);
    return {
      businessDate,
      state: refused ?? (loads.length > 0 ? "rolled-back" : "missing"),
      ...{ rowsAccepted: 0, rowsRejected: newest?.rowsRejected ?? 0 },
      ...{ published: null, restated: [], refusedDelivery: null },
    };
  }
  const until = loads.findIndex(({ runId }) => runId === loaded.runId);
  const first = loads[0];
  return {
    businessDate,
    state: "accepted",
    ...{ rowsAccepted: loaded.rowsAccepted, rowsRejected: loaded.rowsRejected },
    published: loads[until] === undefined ? null : of(loads[until]),
    restated: loads
      .slice(0, until + 1)
      .filter((run) => run !== first)
      .map(of),
    refusedDelivery: newest === undefined || report === loaded.report ? null : refusal(newest),
  };
}

/** @throws {SalesEtlError} NOTHING_PUBLISHED */
export const readStatus = async (dataset: Dataset, warehouse: string): Promise<Status> =>
  statusOf(warehouse, await requirePublished(dataset, warehouse));

/** Of the newest run that loaded a date. */
export const newestWarnings = ({ runs }: Published): readonly QualityWarning[] =>
  runs.findLast(({ kind, dates }) => kind === "run" && dates.length > 0)?.warnings ?? [];

/** The same of a state that is read already. */
export async function statusOf(warehouse: string, state: Published): Promise<Status> {
  const known = [...new Set([...Object.keys(state.dates), ...Object.keys(state.reports)])].sort();
  const [first, last] = [known[0] ?? null, known.at(-1) ?? null];
  const dates = first === null || last === null ? [] : businessDates(first, last).map((one) => dateStatus(state, one));
  const count = (one: DateState) => dates.filter((date) => date.state === one).length;
  const kept = new Set(await keptRuns(warehouse, state));
  return {
    ...{ runId: state.runId, publishedAt: state.publishedAt, first, last },
    counts: {
      accepted: count("accepted"),
      rejected: count("rejected"),
      incomplete: count("incomplete"),
      missing: count("missing"),
      "rolled-back": count("rolled-back"),
    },
    dates,
    runs: state.runs.toReversed().map(({ runId, publishedAt, by, kind, rolledBackTo, dates: loaded, warnings }) => ({
      ...{ runId, publishedAt, by: by ?? null, kind, rolledBackTo },
      ...{ dates: loaded.length, warnings: warnings.length, kept: kept.has(runId) },
    })),
    warnings: newestWarnings(state),
  };
}
