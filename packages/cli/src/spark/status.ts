/** What a warehouse of Spark's says of itself: the dates that are published, and the runs that published. */
import type { Dataset } from "@sales-etl/etl-core/contract";
import { type BusinessDate, businessDates } from "@sales-etl/etl-core/landing";
import type { DateState, DateStatus, RunOfDate, Status } from "../engine/status.ts";
import { existingSnapshots } from "./iceberg.ts";
import { type Publish, requirePublishes } from "./publishes.ts";
import { openSparkReader } from "./reader.ts";

/** Whether two publishes left the same rows behind. */
export const samePublish = (a: Publish, b: Publish): boolean =>
  a.moves.length === b.moves.length &&
  a.moves.every(({ table, after }) => b.moves.some((other) => other.table === table && other.after === after));

/** The newest publish of a run. */
export const goesBackTo = (publishes: readonly Publish[], runId: string): Publish | null =>
  publishes.findLast(({ kind, run_id }) => kind === "publish" && run_id === runId) ?? null;

const rolledBackTo = (publishes: readonly Publish[], one: Publish): string | null =>
  one.kind === "publish"
    ? null
    : (publishes.find((other) => other.kind === "publish" && samePublish(one, other))?.run_id ?? null);

const ofDate = ({ run_id: runId, when }: Publish): RunOfDate => ({ runId, publishedAt: when, by: null });

interface Receipt {
  readonly business_date: BusinessDate;
  readonly run_id: string;
  readonly rows_accepted: string;
  readonly rows_rejected: string;
}

function dateStatus(
  publishes: readonly Publish[],
  receipt: Receipt | undefined,
  businessDate: BusinessDate,
): DateStatus {
  const loads = publishes.filter(
    ({ kind, business_dates }) => kind === "publish" && business_dates.includes(businessDate),
  );
  const nothing = { rowsAccepted: 0, rowsRejected: 0, published: null, restated: [], refusedDelivery: null } as const;
  if (receipt === undefined) {
    return { businessDate, state: loads.length > 0 ? "rolled-back" : "missing", ...nothing };
  }
  const until = loads.findLastIndex(({ run_id }) => run_id === receipt.run_id);
  const found = loads[until];
  return {
    ...{ businessDate, state: "accepted", ...nothing },
    ...{ rowsAccepted: Number(receipt.rows_accepted), rowsRejected: Number(receipt.rows_rejected) },
    published: found === undefined ? null : ofDate(found),
    restated: loads.slice(1, until + 1).map(ofDate),
  };
}

/**
 * A date that the checks refused and that was never loaded is missing here: the job keeps no record of it.
 * @throws {SalesEtlError} NOTHING_PUBLISHED, WAREHOUSE_DAMAGED
 */
export async function readSparkStatus(dataset: Dataset, warehouse: string): Promise<Status> {
  const publishes = await requirePublishes(warehouse);
  const reader = await openSparkReader(dataset, warehouse);
  let receipts: readonly Receipt[];
  try {
    receipts = (await reader.rows(
      "SELECT business_date, run_id, rows_accepted, rows_rejected FROM receipts ORDER BY business_date",
    )) as unknown as readonly Receipt[];
  } finally {
    reader.close();
  }
  const known = [
    ...new Set([...receipts.map((one) => one.business_date), ...publishes.flatMap((one) => one.business_dates)]),
  ].sort();
  const [first, last] = [known[0] ?? null, known.at(-1) ?? null];
  const of = new Map(receipts.map((one) => [one.business_date, one]));
  const dates =
    first === null || last === null
      ? []
      : businessDates(first, last).map((date) => dateStatus(publishes, of.get(date), date));
  const count = (state: DateState) => dates.filter((date) => date.state === state).length;
  const now = publishes.at(-1) ?? publishes[0];
  const tables = now.moves.map(({ table }) => table);
  const there = new Map<string, ReadonlySet<string>>();
  for (const table of tables) there.set(table, await existingSnapshots(warehouse, dataset.name, table));
  const kept = ({ kind, moves }: Publish) =>
    kind === "publish" && moves.every(({ table, after }) => there.get(table)?.has(after) === true);
  return {
    ...{ runId: now.run_id, publishedAt: now.when, first, last },
    counts: {
      ...{ accepted: count("accepted"), rejected: 0, incomplete: 0 },
      ...{ missing: count("missing"), "rolled-back": count("rolled-back") },
    },
    dates,
    runs: publishes.toReversed().map((one) => ({
      ...ofDate(one),
      kind: one.kind === "publish" ? "run" : "rollback",
      rolledBackTo: rolledBackTo(publishes, one),
      ...{ dates: one.business_dates.length, warnings: 0, kept: kept(one) || one === now },
    })),
    warnings: [],
  };
}
