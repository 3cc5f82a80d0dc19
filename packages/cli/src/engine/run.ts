/** The whole way on the embedded engine: check, load, compute the touched weeks, check again, publish. */
import { contractVersion } from "@sales-etl/etl-core/generate";
import type { BusinessDate } from "@sales-etl/etl-core/landing";
import { folderLanding } from "@sales-etl/etl-core/landing/folder";
import type { DateReport, UsualVolume } from "@sales-etl/etl-core/validate";
import { QUICK_FROM } from "./all-right.ts";
import { computeFact } from "./compute.ts";
import { cumulativeTables } from "./cumulative.ts";
import { computeDimensions } from "./dimensions.ts";
import { PART_ROWS } from "./parts.ts";
import { deltaFiles, dumpFiles, dumpPeriods, movedPeriods, periodsOf } from "./periods.ts";
import { type Content, publishNext } from "./publish.ts";
import { readAhead } from "./read-ahead.ts";
import { snapshotViews } from "./relations.ts";
import { seenSnapshots } from "./seen-snapshots.ts";
import type { LoadedDate, Published, QualityWarning } from "./state.ts";
import { type DateResult, type Session, secondsSince, takeDate } from "./take-date.ts";
import { whoRuns } from "./who.ts";
import { type WriterArgs, type Writing, type Written, withWriter } from "./writer.ts";

export type { DateResult } from "./take-date.ts";

export interface RunResult {
  readonly dates: readonly DateResult[];
  readonly warehouse: string;
  /** Of this run, or of the last one where nothing changed; null where nothing was ever published. */
  readonly runId: string | null;
  /** Something a reader sees is new: numbers, or the report of a date that was refused. */
  readonly published: boolean;
  /** Dates whose rows were checked under another contract than this one: to be run again. */
  readonly otherContract: readonly BusinessDate[];
  /** What is unlikely in the rows of the computed periods; it was published all the same. */
  readonly warnings: readonly QualityWarning[];
}

export type Progress =
  | { readonly step: "date"; readonly result: DateResult; readonly report: DateReport | null }
  | { readonly step: "compute"; readonly periods: number }
  | { readonly step: "published"; readonly seconds: number };

export interface RunArgs extends WriterArgs {
  /** A folder. */
  readonly landing: string;
  /** Oldest first. */
  readonly dates: readonly BusinessDate[];
  /** End at the first date that is not accepted; what came before is published. */
  readonly stop?: boolean;
  /** When a number of rows is worth an alert. @default the core's */
  readonly volume?: UsualVolume;
  /**
   * Files of so many bytes and more are judged by the engine in one pass, where they are plain and all is right; every
   * other file goes through the stream checker. Both say the same. @default {@link QUICK_FROM}
   */
  readonly quickFrom?: number;
  /** The fact is computed in parts of whole periods with so many rows at least. @default {@link PART_ROWS} */
  readonly partRows?: number;
  readonly onProgress?: (progress: Progress) => void;
}

type Dates = Readonly<Record<BusinessDate, LoadedDate>>;

/**
 * Runs business dates from a landing into a warehouse. A date that is not accepted leaves what was published of it as
 * it was; everything accepted is published at once, at the end, or not at all.
 * @throws {QualityError} when a check before publishing fails; {SalesEtlError} WAREHOUSE_BUSY while another run writes
 */
export async function runDates(args: RunArgs): Promise<RunResult> {
  return withWriter(args, (writing) => runAll(writing, args));
}

const sessionOf = (
  { engine, runId }: Writing,
  { dataset, warehouse, landing, volume, quickFrom }: RunArgs,
): Session => ({
  ...{ engine, dataset, warehouse, runId },
  landing: folderLanding(landing),
  contractVersion: contractVersion(dataset),
  ...(volume === undefined ? {} : { volume }),
  quickFrom: quickFrom ?? QUICK_FROM,
  seenSnapshots: seenSnapshots(),
});

export interface Prepared {
  readonly results: readonly DateResult[];
  /** What would be published; null where nothing is loaded. */
  readonly next: Content | null;
  readonly warnings: readonly QualityWarning[];
}

/** All of a run but its publish. */
export async function prepare(writing: Writing, args: RunArgs): Promise<Prepared> {
  const session = sessionOf(writing, args);
  const taken = await takeDates(session, writing.before, args);
  if (taken.loaded.length === 0) return { results: taken.results, next: writing.before, warnings: [] };
  const { next, restated, warnings } = await restate(session, writing.before, taken, args);
  return { results: withPeriods(taken, restated), next, warnings };
}

const withPeriods = ({ results }: Taken, restated: Restated["restated"]): readonly DateResult[] =>
  results.map((result) => ({ ...result, weeksRestated: restated.get(result.businessDate) ?? [] }));

async function runAll(writing: Writing, args: RunArgs): Promise<Written<RunResult>> {
  const { runId, before } = writing;
  const { warehouse } = args;
  const session = sessionOf(writing, args);
  const taken = await takeDates(session, before, args);
  const otherContract = Object.entries(taken.dates)
    .filter(([, date]) => date.contractVersion !== session.contractVersion)
    .map(([date]) => date)
    .sort();
  const nothingLoaded = taken.loaded.length === 0;
  if (nothingLoaded && (before === null || !taken.newReports)) {
    const result = {
      dates: taken.results,
      warehouse,
      runId: before?.runId ?? null,
      published: false,
      otherContract,
      warnings: [],
    };
    return { result, state: before };
  }
  const start = performance.now();
  const { next, restated, warnings } = await restate(session, before, taken, args);
  const results = withPeriods(taken, restated);
  const dates = results
    .filter(({ changed, verdict }) => changed || verdict !== "accepted")
    .map(({ businessDate, verdict, rowsAccepted, rowsRejected, weeksRestated }) => ({
      ...{ businessDate, verdict, rowsAccepted, rowsRejected, periods: weeksRestated },
      report: taken.reports[businessDate] ?? "",
    }));
  const state = await publishNext(session, before, next, {
    ...{ kind: "run", rolledBackTo: null, dates, warnings },
    ...{ by: whoRuns(args.by), landing: session.landing.uri },
  });
  if (!nothingLoaded) args.onProgress?.({ step: "published", seconds: secondsSince(start) });
  return { result: { dates: results, warehouse, runId, published: true, otherContract, warnings }, state };
}

interface Taken {
  readonly results: readonly DateResult[];
  /** All accepted dates, the new ones among them. */
  readonly dates: Dates;
  /** The dates that are new or have changed, sorted. */
  readonly loaded: readonly BusinessDate[];
  readonly reports: Readonly<Record<BusinessDate, string>>;
  readonly newReports: boolean;
}

async function takeDates(session: Session, before: Published | null, args: RunArgs): Promise<Taken> {
  const dates: Record<BusinessDate, LoadedDate> = { ...before?.dates };
  const reports: Record<BusinessDate, string> = { ...before?.reports };
  const loaded: BusinessDate[] = [];
  const results: DateResult[] = [];
  const cumulative = cumulativeTables(session);
  let newReports = false;
  const ahead = await readAhead(session, args.dates, before?.dates ?? {});
  try {
    for (const businessDate of args.dates) {
      const taken = await takeDate(session, businessDate, dates, await ahead.next());
      if (taken.loaded !== null) {
        Object.assign(dates, await cumulative.take(session.dataset.tables, dates, businessDate, taken.loaded));
        loaded.push(businessDate);
      }
      newReports ||= reports[businessDate] !== taken.reportFile;
      reports[businessDate] = taken.reportFile;
      results.push(taken.result);
      args.onProgress?.({ step: "date", result: taken.result, report: taken.report });
      if (args.stop === true && taken.result.verdict !== "accepted") break;
    }
  } finally {
    await ahead.end();
  }
  await cumulative.tidy(dates);
  return { results, dates, loaded: loaded.sort(), reports, newReports };
}

interface Restated {
  readonly next: Content;
  readonly restated: ReadonlyMap<BusinessDate, readonly number[]>;
  readonly warnings: readonly QualityWarning[];
}

/** Computes the touched periods and gives what is to be published, with the periods that each date restates. */
async function restate(
  session: Session,
  before: Published | null,
  taken: Taken,
  { onProgress, partRows = PART_ROWS }: RunArgs,
): Promise<Restated> {
  const { engine, dataset, warehouse, runId, contractVersion } = session;
  const { loaded, reports } = taken;
  const dates: Record<BusinessDate, LoadedDate> = { ...taken.dates };
  await snapshotViews(engine, dataset, warehouse, dates);
  const moved = await movedPeriods(engine, dataset, warehouse, before?.dates ?? {}, dates);
  const restated = new Map<BusinessDate, readonly number[]>();
  const ofDumps = await dumpPeriods(engine, dataset, warehouse, before?.dates ?? {}, dates);
  const untold = new Set(ofDumps);
  const periodsIn = (date: LoadedDate, files?: typeof deltaFiles) => periodsOf(engine, dataset, warehouse, date, files);
  for (const date of loaded) {
    const now = dates[date] as LoadedDate;
    const old = before?.dates[date];
    // The weeks of the rows that this load replaces count, too, as they were counted and as they are now; a changed
    // calendar came with the newest date.
    const counted = old?.dumps === undefined ? (old?.periods ?? []) : [];
    const replaced = old === undefined ? [] : [...counted, ...(await periodsIn(old, deltaFiles))];
    const versions = old === undefined ? [now] : [old, now];
    // A dump may come late and say nothing new: its date restates what its own rows changed.
    const told: number[] = [];
    for (const version of versions) told.push(...(await periodsIn(version, dumpFiles)));
    const dumped = told.filter((period) => ofDumps.includes(period));
    for (const period of dumped) untold.delete(period);
    const recounted = date === loaded.at(-1) ? [...moved, ...untold] : [];
    const periods = await periodsIn(now);
    dates[date] = { ...now, periods };
    const ofRows = now.dumps === undefined ? periods : await periodsIn(now, deltaFiles);
    restated.set(date, sorted([...replaced, ...ofRows, ...dumped, ...recounted]));
  }
  const periods = sorted([...restated.values()].flat());
  if (loaded.length === 0 && before !== null) return { next: { ...before, reports }, restated, warnings: [] };
  onProgress?.({ step: "compute", periods: periods.length });
  const { files, warnings } = await computeFact({
    ...{ engine, dataset, warehouse, runId, dates, loaded, periods, partRows },
    calendarMoved: moved.length > 0,
  });
  const dimensions = await computeDimensions({
    ...{ engine, dataset, warehouse, runId, contractVersion, before, dates },
  });
  const next = { contractVersion, dates, fact: { ...before?.fact, ...files }, dimensions, reports };
  return { next, restated, warnings };
}

const sorted = (periods: readonly number[]): number[] => [...new Set(periods)].sort((a, b) => a - b);
