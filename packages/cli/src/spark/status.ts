/** What a warehouse of Spark's says of itself: the dates that are published, and the runs that published. */
import type { Dataset } from "@sales-etl/etl-core/contract";
import { type BusinessDate, businessDates } from "@sales-etl/etl-core/landing";
import type { DateReport } from "@sales-etl/etl-core/validate";
import type { QualityWarning } from "../engine/state.ts";
import type { DateState, DateStatus, RunOfDate, Status } from "../engine/status.ts";
import { existingSnapshots } from "./iceberg.ts";
import { type Loads, readAllLoads } from "./loads.ts";
import type { Publish } from "./publishes.ts";
import { openSparkReader } from "./reader.ts";
import { type Receipt, receiptsOf } from "./receipts.ts";
import { readRefusals } from "./refusals.ts";

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

/** Who ran a publish; null where that is not noted. */
export const whoRan = ({ run_id }: Publish, { loads }: Pick<Notes, "loads">): string | null =>
  loads.get(run_id)?.by ?? null;

const runOf = (one: Publish, notes: Notes): RunOfDate => ({
  ...{ runId: one.run_id, publishedAt: one.when, by: whoRan(one, notes) },
});

function dateStatus(
  publishes: readonly Publish[],
  receipt: Receipt | undefined,
  notes: Notes,
  businessDate: BusinessDate,
): DateStatus {
  const refusal = notes.refusals?.get(businessDate);
  const loads = publishes.filter(
    ({ kind, business_dates }) => kind === "publish" && business_dates.includes(businessDate),
  );
  const refused = refusal === undefined || refusal.verdict === "accepted" ? null : refusal.verdict;
  if (receipt === undefined) {
    return {
      ...{ businessDate, state: refused ?? (loads.length > 0 ? "rolled-back" : "missing"), rowsAccepted: 0 },
      rowsRejected: refusal?.files.reduce((rows, file) => rows + file.rowsRejected, 0) ?? 0,
      ...{ published: null, restated: [], refusedDelivery: null },
    };
  }
  const until = loads.findLastIndex(({ run_id }) => run_id === receipt.runId);
  const found = loads[until];
  return {
    ...{ businessDate, state: "accepted", refusedDelivery: refused },
    ...{ rowsAccepted: receipt.rowsAccepted, rowsRejected: receipt.rowsRejected },
    published: found === undefined ? null : runOf(found, notes),
    restated: loads.slice(1, until + 1).map((one) => runOf(one, notes)),
  };
}

/**
 * A date that was refused and never loaded is missing here where the warehouse keeps no refusals.
 * @throws {SalesEtlError} NOTHING_PUBLISHED, WAREHOUSE_DAMAGED
 */
export async function readSparkStatus(dataset: Dataset, warehouse: string): Promise<Status> {
  const reader = await openSparkReader(dataset, warehouse);
  const receipts = await receiptsOf(reader).finally(reader.close);
  return statusOfPublishes(
    dataset,
    warehouse,
    reader.publishes,
    receipts,
    await readNotes(warehouse, reader.publishes),
  );
}

/** What the command has noted beside the tables. */
export interface Notes {
  readonly refusals: ReadonlyMap<BusinessDate, DateReport> | null;
  readonly loads: ReadonlyMap<string, Loads | null>;
}

export const readNotes = async (warehouse: string, publishes: readonly Publish[]): Promise<Notes> => ({
  refusals: await readRefusals(warehouse),
  loads: await readAllLoads(
    warehouse,
    publishes.map(({ run_id }) => run_id),
  ),
});

/** Of the newest run that loaded a date; null where they are not noted. */
export function warningsOf(publishes: readonly Publish[], { loads }: Notes): readonly QualityWarning[] | null {
  const newest = publishes.findLast(({ kind, business_dates }) => kind === "publish" && business_dates.length > 0);
  return loads.get(newest?.run_id ?? "")?.warnings ?? null;
}

/** The same of publishes that are read already, with the receipts of the last one. */
export async function statusOfPublishes(
  dataset: Dataset,
  warehouse: string,
  publishes: readonly [Publish, ...Publish[]],
  receipts: ReadonlyMap<BusinessDate, Receipt>,
  notes: Notes,
): Promise<Status> {
  const { refusals, loads } = notes;
  const loaded = publishes.flatMap((one) => one.business_dates);
  const known = [...new Set([...receipts.keys(), ...loaded, ...(refusals?.keys() ?? [])])].sort();
  const [first, last] = [known[0] ?? null, known.at(-1) ?? null];
  const dates =
    first === null || last === null
      ? []
      : businessDates(first, last).map((date) => dateStatus(publishes, receipts.get(date), notes, date));
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
      ...{ accepted: count("accepted"), rejected: count("rejected"), incomplete: count("incomplete") },
      ...{ missing: count("missing"), "rolled-back": count("rolled-back") },
    },
    dates,
    runs: publishes.toReversed().map((one) => ({
      ...runOf(one, notes),
      kind: one.kind === "publish" ? "run" : "rollback",
      rolledBackTo: rolledBackTo(publishes, one),
      ...{ dates: one.business_dates.length, warnings: loads.get(one.run_id)?.warnings?.length ?? 0 },
      kept: kept(one) || one === now,
    })),
    warnings: warningsOf(publishes, notes) ?? [],
  };
}
