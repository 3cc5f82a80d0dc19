/** The whole way on the embedded engine: check, load, compute the touched weeks, check again, publish. */
import { writeFile } from "node:fs/promises";
import type { Dataset } from "@sales-etl/etl-core/contract";
import { contractVersion } from "@sales-etl/etl-core/generate";
import type { BusinessDate } from "@sales-etl/etl-core/landing";
import { folderLanding } from "@sales-etl/etl-core/landing/folder";
import { checkDate, type DateReport, type DateVerdict } from "@sales-etl/etl-core/validate";
import { computeFact } from "./compute.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { loadDate, type Quarantined } from "./load.ts";
import { movedPeriods, periodsOf } from "./periods.ts";
import { snapshotViews } from "./relations.ts";
import { fileIn, type LoadedDate, newRunId, type Published, publish, readPublished } from "./state.ts";
import { openWriter } from "./writer.ts";

export interface DateResult {
  readonly businessDate: BusinessDate;
  readonly verdict: DateVerdict;
  readonly rowsAccepted: number;
  readonly rowsRejected: number;
  /** The periods computed again because of this date. */
  readonly weeksRestated: readonly number[];
  readonly changed: boolean;
  readonly seconds: number;
}

export interface RunResult {
  readonly dates: readonly DateResult[];
  readonly warehouse: string;
  /** Of this run, or of the last one where nothing changed; null where nothing was ever published. */
  readonly runId: string | null;
}

export type Progress =
  | { readonly step: "date"; readonly result: DateResult; readonly report: DateReport | null }
  | { readonly step: "compute"; readonly periods: number }
  | { readonly step: "published"; readonly seconds: number };

export interface RunArgs {
  readonly dataset: Dataset;
  /** A folder. */
  readonly landing: string;
  /** A folder; made when it is not there. */
  readonly warehouse: string;
  /** Oldest first. */
  readonly dates: readonly BusinessDate[];
  /** End at the first date that is not accepted; what came before is published. */
  readonly stop?: boolean;
  readonly onProgress?: (progress: Progress) => void;
}

const secondsSince = (start: number) => Math.round(performance.now() - start) / 1000;

/** What the snapshots loaded so far hold, by content. */
const knownSnapshots = (dates: Readonly<Record<string, LoadedDate>>): ReadonlyMap<string, string> =>
  new Map(
    Object.values(dates).flatMap(({ snapshots }) =>
      Object.entries(snapshots).map(([table, { file, sha256 }]) => [`${table}:${sha256}`, file] as const),
    ),
  );

/**
 * Runs business dates from a landing into a warehouse. A date that is not accepted leaves what was published of it as
 * it was; everything accepted is published at once, at the end, or not at all.
 * @throws {QualityError} when a check before publishing fails; {SalesEtlError} WAREHOUSE_BUSY while another run writes
 */
export async function runDates(args: RunArgs): Promise<RunResult> {
  const { dataset, warehouse } = args;
  const landing = folderLanding(args.landing);
  const engine = await openWriter(warehouse);
  try {
    const version = contractVersion(dataset);
    const before = await readPublished(warehouse, dataset.name);
    const runId = newRunId();
    const dates: Record<BusinessDate, LoadedDate> = { ...before?.dates };
    const reports: Record<BusinessDate, string> = { ...before?.reports };
    const results = new Map<BusinessDate, { result: DateResult; report: DateReport | null }>();
    const loaded: BusinessDate[] = [];
    let checkedAgain = false;

    for (const businessDate of args.dates) {
      const start = performance.now();
      const fingerprint = await fingerprintOf(dataset, version, landing, businessDate);
      const old = before?.dates[businessDate];
      if (old?.fingerprint === fingerprint) {
        const { rowsAccepted, rowsRejected } = old;
        const result: DateResult = {
          businessDate,
          verdict: "accepted",
          rowsAccepted,
          rowsRejected,
          weeksRestated: [],
          changed: false,
          seconds: secondsSince(start),
        };
        results.set(businessDate, { result, report: null });
        args.onProgress?.({ step: "date", result, report: null });
        continue;
      }
      const rejected: Quarantined[] = [];
      const checked = await checkDate({
        dataset,
        landing,
        businessDate,
        onProblem: (table, file, problem) => rejected.push({ table, file, ...problem }),
      });
      const { report } = checked;
      checkedAgain = true;
      reports[businessDate] = `reports/dt=${businessDate}/${runId}.json`;
      await writeFile(await fileIn(warehouse, reports[businessDate]), `${JSON.stringify(report, null, 1)}\n`);
      const accepted = report.verdict === "accepted";
      if (accepted) {
        const known = knownSnapshots(dates);
        const load = {
          engine,
          dataset,
          landing: landing.uri,
          warehouse,
          runId,
          businessDate,
          checked,
          rejected,
          known,
        };
        dates[businessDate] = await loadDate(load, fingerprint);
        loaded.push(businessDate);
      }
      const result: DateResult = {
        businessDate,
        verdict: report.verdict,
        rowsAccepted: accepted ? (dates[businessDate]?.rowsAccepted ?? 0) : 0,
        rowsRejected: report.files.reduce((sum, file) => sum + file.rowsRejected, 0),
        weeksRestated: [],
        changed: accepted,
        seconds: secondsSince(start),
      };
      results.set(businessDate, { result, report });
      args.onProgress?.({ step: "date", result, report });
      if (args.stop === true && !accepted) break;
    }

    const listed = () => [...results.values()].map(({ result }) => result);
    if (loaded.length === 0) {
      // The reports of rejected dates are worth keeping; the numbers stay those of the run before.
      if (checkedAgain && before !== null) await publish(warehouse, { ...before, reports });
      return { dates: listed(), warehouse, runId: before?.runId ?? null };
    }

    const start = performance.now();
    await snapshotViews(engine, dataset, warehouse, dates);
    const touched = new Set<number>(await movedPeriods(engine, dataset, warehouse, before?.dates ?? {}, dates));
    for (const date of loaded) {
      const now = dates[date] as LoadedDate;
      const periods = await periodsOf(engine, dataset, warehouse, now);
      dates[date] = { ...now, periods };
      // The weeks of the rows that this load replaces count, too.
      const restated = [...new Set([...(before?.dates[date]?.periods ?? []), ...periods])].sort((a, b) => a - b);
      for (const period of restated) touched.add(period);
      const done = results.get(date);
      if (done !== undefined) done.result = { ...done.result, weeksRestated: restated };
    }
    const periods = [...touched].sort((a, b) => a - b);
    args.onProgress?.({ step: "compute", periods: periods.length });
    const fact = await computeFact({ engine, dataset, warehouse, runId, dates, loaded: loaded.toSorted(), periods });
    const state: Published = {
      version: 1,
      dataset: dataset.name,
      attribution: dataset.attribution,
      contractVersion: version,
      runId,
      publishedAt: new Date().toISOString(),
      dates,
      fact: { ...before?.fact, ...fact },
      reports,
    };
    await publish(warehouse, state);
    args.onProgress?.({ step: "published", seconds: secondsSince(start) });
    return { dates: listed(), warehouse, runId };
  } finally {
    engine.close();
  }
}
