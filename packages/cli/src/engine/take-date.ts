/** One business date of a run: seen before, or checked and, when it is accepted, loaded. Publishes nothing. */
import { writeFile } from "node:fs/promises";
import type { Dataset } from "@sales-etl/etl-core/contract";
import type { BusinessDate, Landing } from "@sales-etl/etl-core/landing";
import { checkDate, type DateReport, type DateVerdict, type UsualVolume } from "@sales-etl/etl-core/validate";
import { discard } from "./all-right.ts";
import type { Engine } from "./duckdb.ts";
import { loadDate, UnreadableError } from "./load.ts";
import { rejectedRows } from "./quarantine.ts";
import type { ReadDate } from "./read-ahead.ts";
import { newestSnapshotDate } from "./relations.ts";
import type { SeenSnapshots } from "./seen-snapshots.ts";
import { fileIn, type LoadedDate } from "./state.ts";

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

/** What the dates of one run share. */
export interface Session {
  readonly engine: Engine;
  readonly dataset: Dataset;
  readonly landing: Landing;
  readonly warehouse: string;
  readonly runId: string;
  readonly contractVersion: string;
  readonly volume?: UsualVolume;
  /** Files of so many bytes and more are judged by the engine alone, where they are plain and all is right. */
  readonly quickFrom: number;
  /** Whole tables that the stream checker found nothing wrong in, by content: they come again night after night. */
  readonly seenSnapshots: SeenSnapshots;
}

export interface TakenDate {
  readonly result: DateResult;
  /** Of the checks; null where the date was seen before. */
  readonly report: DateReport | null;
  /** Where the report of what is now in the landing lies. */
  readonly reportFile: string;
  /** What is to be published of the date; null where that stays as it is. */
  readonly loaded: LoadedDate | null;
}

export const secondsSince = (start: number): number => Math.round(performance.now() - start) / 1000;

/** What the snapshots loaded so far hold, by content. */
const knownSnapshots = (dates: Readonly<Record<string, LoadedDate>>): ReadonlyMap<string, string> =>
  new Map(
    Object.values(dates).flatMap(({ snapshots }) =>
      Object.entries(snapshots).map(([table, { file, sha256 }]) => [`${table}:${sha256}`, file] as const),
    ),
  );

/** One file that the engine cannot read must not stop the other dates. */
function refused(report: DateReport, { message, path = "" }: UnreadableError): DateReport {
  const [table = "", ...file] = path.split("/");
  const where = { table: table === "" ? null : table, file: file.length === 0 ? null : file.join("/") };
  return {
    ...report,
    verdict: "rejected",
    problems: [...report.problems, { code: "FILE_UNREADABLE", severity: "error", ...where, message }],
  };
}

/**
 * @param dates all accepted dates so far, those of this run among them
 * @param read what is known of the date without them
 */
export async function takeDate(
  session: Session,
  businessDate: BusinessDate,
  dates: Readonly<Record<BusinessDate, LoadedDate>>,
  read: ReadDate,
): Promise<TakenDate> {
  const { dataset, landing, warehouse, runId } = session;
  const start = performance.now() - 1000 * read.seconds;
  const { gaps, fingerprint, allRight } = read;
  const old = dates[businessDate];
  if (old?.fingerprint === fingerprint) {
    const { rowsAccepted, rowsRejected, report: reportFile } = old;
    const same = { businessDate, verdict: "accepted", rowsAccepted, rowsRejected, weeksRestated: [] } as const;
    return {
      result: { ...same, changed: false, seconds: secondsSince(start) },
      report: null,
      reportFile,
      loaded: null,
    };
  }

  const rejected = rejectedRows(warehouse, runId, businessDate);
  const reportFile = `reports/dt=${businessDate}/${runId}.json`;
  let report: DateReport;
  let loaded: LoadedDate | null = null;
  try {
    const checked = await checkDate({
      dataset,
      landing,
      businessDate,
      acceptedElsewhere: (table, sha256) => {
        const others = Object.entries(dates).filter(([date]) => date !== businessDate);
        return others.flatMap(([, { sources }]) => sources[table]?.[sha256] ?? [])[0] ?? null;
      },
      earlierSnapshot: (table) => newestSnapshotDate(dates, table.name, businessDate),
      gaps,
      ...(session.volume === undefined ? {} : { volume: session.volume }),
      onProblem: rejected.add,
      knownFiles: (table, files) => {
        const known = allRight.get(table.name);
        return known === undefined ? session.seenSnapshots.known(table, files, read.scanned) : [known.checked];
      },
    });
    session.seenSnapshots.add(dataset, checked.files);
    report = checked.report;
    if (report.verdict === "accepted") {
      const known = knownSnapshots(dates);
      const written = new Map([...allRight].map(([name, { file }]) => [name, file] as const));
      const what = { ...session, landing: landing.uri, businessDate, checked, rejected, known, written };
      loaded = await loadDate(what, fingerprint, reportFile).catch((error: unknown) => {
        if (!(error instanceof UnreadableError)) throw error;
        report = refused(checked.report, error);
        return null;
      });
    }
  } finally {
    rejected.close();
  }
  if (loaded === null) for (const { file } of allRight.values()) await discard(warehouse, file);
  await writeFile(await fileIn(warehouse, reportFile), `${JSON.stringify(report, null, 1)}\n`);
  const result: DateResult = {
    businessDate,
    verdict: report.verdict,
    rowsAccepted: loaded?.rowsAccepted ?? 0,
    rowsRejected: report.files.reduce((sum, file) => sum + file.rowsRejected, 0),
    weeksRestated: [],
    changed: loaded !== null,
    seconds: secondsSince(start),
  };
  return { result, report, reportFile, loaded };
}
