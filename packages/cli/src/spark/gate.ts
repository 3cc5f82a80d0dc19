/** The gate before the job: the same checks as in the landing's Lambda, with what they found kept beside the tables. */
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { Dataset } from "@sales-etl/etl-core/contract";
import { contractVersion } from "@sales-etl/etl-core/generate";
import { type BusinessDate, isBusinessDate } from "@sales-etl/etl-core/landing";
import { folderLanding } from "@sales-etl/etl-core/landing/folder";
import { checkDate, type DateProblem, type DateReport, type UsualVolume } from "@sales-etl/etl-core/validate";
import { acceptedGaps } from "../engine/accepted-gaps.ts";
import { fingerprintOf, scanDate } from "../engine/fingerprint.ts";
import type { LoadedDate } from "../engine/state.ts";
import { makeFolder } from "../folder.ts";
import { gateFolder, writeNote } from "./notes.ts";
import { engineOf } from "./publishes.ts";
import { beginRefusals } from "./refusals.ts";

/** By table the SHA-256 of each file's content, and the file's key. */
export type Sources = LoadedDate["sources"];

/** What is known of an accepted date. */
interface Passed {
  readonly fingerprint: string;
  readonly rowsAccepted: number;
  readonly rowsRejected: number;
  readonly sources: Sources;
  /** What is worth a look; nothing in notes of older versions. */
  readonly alerts?: readonly DateProblem[];
}

export interface Judged {
  /** Null where the date was accepted before and nothing has changed since. */
  readonly report: DateReport | null;
  readonly verdict: DateReport["verdict"];
  readonly rowsAccepted: number;
  readonly rowsRejected: number;
  /** Of which a person has accepted that they are missing or cannot be used. */
  readonly gapTables: readonly string[];
  /** Of an accepted date, by table the files by their content. */
  readonly sources: Sources;
  /** What of an accepted date is worth a look; null where an older version accepted it. */
  readonly alerts: readonly DateProblem[] | null;
}

export interface Gate {
  judge(businessDate: BusinessDate): Promise<Judged>;
}

export interface GateArgs {
  readonly dataset: Dataset;
  /** Folders. */
  readonly landing: string;
  readonly warehouse: string;
  /** What is unusual enough for an alert. */
  readonly volume?: UsualVolume;
  /** Whether what passes is noted, so that it is not read again. @default true */
  readonly note?: boolean;
}

async function readPassed(warehouse: string): Promise<Map<BusinessDate, Passed>> {
  const names = await readdir(gateFolder(warehouse)).catch(() => [] as string[]);
  const dates = names.map((name) => name.replace(/[.]json$/, "")).filter(isBusinessDate);
  const texts = await Promise.all(
    dates.map((date) => readFile(path.join(gateFolder(warehouse), `${date}.json`), "utf8")),
  );
  return new Map(dates.map((date, index) => [date, JSON.parse(texts[index] ?? "") as Passed]));
}

const writePassed = (warehouse: string, date: BusinessDate, passed: Passed): Promise<void> =>
  writeNote(path.join(gateFolder(warehouse), `${date}.json`), passed);

export async function openGate(args: GateArgs): Promise<Gate> {
  const { dataset, landing: folder, warehouse, note = true } = args;
  const volume = args.volume === undefined ? {} : { volume: args.volume };
  const landing = folderLanding(folder);
  const version = contractVersion(dataset);
  // Also where nothing passes: a person accepts a gap in a warehouse that is there.
  if (note) {
    const isNew = engineOf(warehouse) === null && !existsSync(gateFolder(warehouse));
    await makeFolder(gateFolder(warehouse));
    if (isNew) await beginRefusals(warehouse);
  }
  const passed = await readPassed(warehouse);
  return {
    async judge(businessDate) {
      const gaps = await acceptedGaps(warehouse, dataset, businessDate);
      const gapTables = gaps.map(({ table }) => table);
      const meaning = gaps.length === 0 ? version : `${version} ${JSON.stringify(gaps)}`;
      const fingerprint = fingerprintOf(meaning, await scanDate(dataset, landing, businessDate, false));
      const before = passed.get(businessDate);
      if (before?.fingerprint === fingerprint) {
        const { fingerprint: _, alerts = null, ...same } = before;
        return { report: null, verdict: "accepted", ...same, alerts, gapTables };
      }
      const { report, files } = await checkDate({
        ...{ dataset, landing, businessDate, gaps, ...volume },
        acceptedElsewhere: (table, sha256) => {
          const others = [...passed].filter(([date]) => date !== businessDate);
          return others.flatMap(([, { sources }]) => sources[table]?.[sha256] ?? [])[0] ?? null;
        },
        earlierSnapshot: ({ name }) => {
          const dates = [...passed].filter(([date, { sources }]) => date < businessDate && sources[name] !== undefined);
          return (
            dates
              .map(([date]) => date)
              .toSorted()
              .at(-1) ?? null
          );
        },
      });
      const sum = (count: "rowsAccepted" | "rowsRejected") =>
        report.files.reduce((rows, file) => rows + file[count], 0);
      const [rowsAccepted, rowsRejected] = [sum("rowsAccepted"), sum("rowsRejected")];
      const sources: Record<string, Record<string, string>> = {};
      if (report.verdict === "accepted") {
        for (const { table, file, contentSha256 } of files) {
          sources[table] = { ...sources[table], [contentSha256]: file };
        }
        const now = { fingerprint, rowsAccepted, rowsRejected, sources, alerts: report.problems };
        passed.set(businessDate, now);
        if (note) await writePassed(warehouse, businessDate, now);
      }
      const { verdict, problems: alerts } = report;
      const accepted = verdict === "accepted" ? rowsAccepted : 0;
      return { report, verdict, rowsAccepted: accepted, rowsRejected, gapTables, sources, alerts };
    },
  };
}
