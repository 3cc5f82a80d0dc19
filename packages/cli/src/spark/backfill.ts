/** `backfill` on a warehouse of Spark's: which dates are to be loaded, by the gate and the receipts; and the loading. */
import type { Dataset } from "@sales-etl/etl-core/contract";
import { contractVersion } from "@sales-etl/etl-core/generate";
import type { BusinessDate } from "@sales-etl/etl-core/landing";
import { type BackfillDate, type BackfillResult, backfillDate } from "../backfill/backfill.ts";
import { changesOf } from "../backfill/changes.ts";
import { openEngine } from "../engine/duckdb.ts";
import type { FactFiles } from "../engine/fact-files.ts";
import type { RunResult } from "../engine/run.ts";
import { secondsSince } from "../engine/take-date.ts";
import { jobFingerprint } from "./fingerprint.ts";
import { openGate } from "./gate.ts";
import { filesByPartition, readIcebergTable } from "./iceberg.ts";
import { readPublishes, readUnfinished } from "./publishes.ts";
import { type Receipt, readReceipts } from "./receipts.ts";
import type { SparkRunArgs } from "./run.ts";

/** As `noted.py` says: dumps of which nobody has noted the first day are loaded again. */
const isToBeNoted = (dataset: Dataset, { dumpsSince }: Receipt) =>
  dumpsSince === null && dataset.tables.some(({ load }) => load === "cumulative");

const NOT_KNOWN =
  "Not known before a run: which weeks get other numbers, and what the checks over all tables say. Spark is not started for a plan.";
const UNDER_WAY =
  "A run is publishing, or has died while it did: the next one finishes that first, and may have less to load.";

/**
 * What {@link backfillOnSpark} would load: every file is checked by the gate, as before a run, and a date is unchanged where
 * the job would leave it as it is. Nothing is written. Files that were written again count as changed, whatever is in them.
 * @throws {SalesEtlError} WAREHOUSE_DAMAGED
 */
export async function planOnSpark(args: SparkRunArgs): Promise<BackfillResult> {
  const { dataset, landing, warehouse, onProgress } = args;
  const receipts = await readReceipts(dataset, warehouse);
  const version = contractVersion(dataset);
  const gate = await openGate({ ...args, note: false });
  const dates: BackfillDate[] = [];
  for (const businessDate of args.dates) {
    const start = performance.now();
    const { report, ...judged } = await gate.judge(businessDate);
    const receipt = receipts.get(businessDate);
    const isLoaded =
      receipt !== undefined &&
      judged.verdict === "accepted" &&
      receipt.contractVersion === version &&
      !isToBeNoted(dataset, receipt) &&
      receipt.fingerprint === (await jobFingerprint(landing, businessDate));
    const changed = judged.verdict === "accepted" && !isLoaded;
    const result = { businessDate, ...judged, weeksRestated: [], changed, seconds: secondsSince(start) };
    onProgress?.({ step: "date", result, report });
    dates.push({ ...backfillDate(receipt !== undefined, result), weeksRestated: changed ? null : [] });
    if (args.stop === true && judged.verdict !== "accepted") break;
  }
  const isAny = dates.some(({ weeksRestated }) => weeksRestated === null);
  const unfinished = await readUnfinished(warehouse);
  const notKnown = unfinished.length === 0 ? NOT_KNOWN : `${NOT_KNOWN}\n${UNDER_WAY}`;
  return {
    ...{ plan: true, dates, periods: isAny ? null : [], warnings: [] },
    ...(isAny ? { notKnown } : {}),
    runId: (await readPublishes(warehouse)).at(-1)?.run_id ?? null,
  };
}

/** Of the last done publish. */
async function publishedFact(dataset: Dataset, warehouse: string): Promise<FactFiles> {
  const move = (await readPublishes(warehouse)).at(-1)?.moves.find(({ table }) => table === dataset.fact.name);
  if (move === undefined) return new Map();
  return filesByPartition(await readIcebergTable(warehouse, dataset.name, dataset.fact.name, [move.after]));
}

/** @param run does it: a run of Spark over the dates, told as the caller wants */
export async function backfillOnSpark(
  args: SparkRunArgs,
  run: (args: SparkRunArgs) => Promise<RunResult>,
): Promise<BackfillResult> {
  const { dataset, warehouse } = args;
  const published: ReadonlySet<BusinessDate> = new Set((await readReceipts(dataset, warehouse)).keys());
  const before = await publishedFact(dataset, warehouse);
  const { dates, warnings, runId } = await run(args);
  const engine = await openEngine(":memory:");
  try {
    return {
      plan: false,
      dates: dates.map((one) => backfillDate(published.has(one.businessDate), one)),
      periods: await changesOf(engine, dataset, before, await publishedFact(dataset, warehouse)),
      ...{ warnings, runId },
    };
  } finally {
    engine.close();
  }
}
