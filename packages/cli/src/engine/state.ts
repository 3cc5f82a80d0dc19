/** The published state of a warehouse: `current.json`, replaced by rename; every file it names is immutable. */
import { randomBytes } from "node:crypto";
import { copyFile, mkdir, open, readFile, rename } from "node:fs/promises";
import path from "node:path";
import { SalesEtlError } from "@sales-etl/etl-core/errors";
import type { BusinessDate } from "@sales-etl/etl-core/landing";
import type { DateVerdict } from "@sales-etl/etl-core/validate";
import { nullWhereGone } from "../folder.ts";

/** What one date says of a table some of whose exports hold all days up to their date. */
export interface Dump {
  readonly load: "delta" | "cumulative";
  /** The first day of a dump; days before it are left as they were. null for one without rows, and for a delta. */
  readonly first: BusinessDate | null;
  /** The first day of the rows that a dump added. */
  readonly since: BusinessDate | null;
  /** The rows that are new. */
  readonly added: string;
  /** Rows of earlier dates that the dump no longer has, and those dates. */
  readonly gone: { readonly file: string; readonly dates: readonly BusinessDate[] } | null;
}

/** One accepted business date, as it is loaded now. Files are relative to the warehouse, with `/`. */
export interface LoadedDate {
  /** Of the landing's bytes and the contract: equal means nothing to do. */
  readonly fingerprint: string;
  readonly runId: string;
  /** Of the contract that its rows were checked and stored under. */
  readonly contractVersion: string;
  /** Of the checks that accepted it. */
  readonly report: string;
  readonly rowsAccepted: number;
  readonly rowsRejected: number;
  /** The rows of each table that comes by days; of a dump those that it added and no later one took away. */
  readonly tables: Readonly<Record<string, string>>;
  /** Of tables that came as cumulative dumps on this date or another. */
  readonly dumps?: Readonly<Record<string, Dump>>;
  /** The landing's files that the rows came from, by table and SHA-256. */
  readonly sources: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Each snapshot table's rows on that date. */
  readonly snapshots: Readonly<Record<string, { readonly file: string; readonly sha256: string }>>;
  readonly quarantine: string | null;
  /** The periods this date has rows in. */
  readonly periods: readonly number[];
}

/** What a run did with one business date. */
export interface DateRecord {
  readonly businessDate: BusinessDate;
  readonly verdict: DateVerdict;
  readonly rowsAccepted: number;
  readonly rowsRejected: number;
  /** The periods computed again because of it. */
  readonly periods: readonly number[];
  readonly report: string;
}

/** A quality check that rows of a run broke without stopping its publish. */
export interface QualityWarning {
  readonly check: string;
  readonly rule: string;
  readonly rows: number;
  /** The first rows that break it. */
  readonly examples: readonly Readonly<Record<string, unknown>>[];
}

/** One publish. */
export interface RunRecord {
  readonly runId: string;
  readonly kind: "run" | "rollback";
  readonly publishedAt: string;
  /** Who ran it, as they said or as the operating system knows them; runs of older versions do not say. */
  readonly by?: string;
  /** Of a run: the landing that its dates came from. */
  readonly landing?: string;
  readonly contractVersion: string;
  /** Of a rollback: the run whose state it published again. */
  readonly rolledBackTo: string | null;
  /** The dates that it loaded or refused. */
  readonly dates: readonly DateRecord[];
  readonly warnings: readonly QualityWarning[];
}

/** The versioned DuckDB file, as it was left: one that somebody wrote to is not carried on. */
export interface DatabaseFile {
  readonly file: string;
  readonly bytes: number;
  readonly modified: number;
  /** Of its tables and columns. */
  readonly layout: string;
}

export interface Published {
  readonly version: typeof VERSION;
  readonly dataset: string;
  /** Where the numbers come from, to be shown beside them. */
  readonly attribution: string | null;
  readonly contractVersion: string;
  readonly runId: string;
  readonly publishedAt: string;
  readonly dates: Readonly<Record<BusinessDate, LoadedDate>>;
  /** The rows of the fact by period. */
  readonly fact: Readonly<Record<string, string>>;
  /** The rows of each snapshot table's dimension. */
  readonly dimensions: Readonly<Record<string, string>>;
  readonly database: DatabaseFile;
  /** Every publish so far, oldest first; the last one is this state's. */
  readonly runs: readonly RunRecord[];
  /** Of each date the last report of the checks, accepted or not. */
  readonly reports: Readonly<Record<BusinessDate, string>>;
}

const CURRENT = "current.json";
/** Of the shape of the state; another one is not read. */
export const VERSION = 3;

/** @returns null for a warehouse in which nothing was published yet */
export async function readPublished(warehouse: string, dataset: string): Promise<Published | null> {
  return readState(path.join(warehouse, CURRENT), dataset);
}

/** @returns the state as of a run, null where it is not kept */
export const readKept = (warehouse: string, dataset: string, runId: string): Promise<Published | null> =>
  readState(path.join(warehouse, ...keptFile(runId).split("/")), dataset);

async function readState(file: string, dataset: string): Promise<Published | null> {
  const text = await readFile(file, "utf8").catch(nullWhereGone);
  if (text === null) return null;
  let state: Published;
  try {
    state = JSON.parse(text) as Published;
  } catch (cause) {
    throw new SalesEtlError(`${file} is damaged: restore it, or build the warehouse again in an empty folder`, {
      code: "WAREHOUSE_DAMAGED",
      path: file,
      cause,
    });
  }
  if (state.version !== VERSION) {
    throw new SalesEtlError(
      `${file} was written by another version of sales-etl (its format is ${state.version}, this one reads ${VERSION}): run all dates again into an empty folder, then use that one; nothing here is changed`,
      {
        code: "WAREHOUSE_VERSION",
        path: file,
      },
    );
  }
  if (state.dataset !== dataset) {
    throw new SalesEtlError(`${file} is of the data set ${state.dataset}, not ${dataset}`, {
      code: "WAREHOUSE_OF_OTHER_DATASET",
      path: file,
    });
  }
  return state;
}

/** Where a state lies once another one has replaced it. */
export const keptFile = (runId: string): string => `states/${runId}.json`;

/** Every file that some dates name. */
export const filesOfDates = (dates: Published["dates"]): ReadonlySet<string> =>
  new Set(
    Object.values(dates).flatMap((date) => [
      date.report,
      ...Object.values(date.tables),
      ...Object.values(date.dumps ?? {}).flatMap(({ added, gone }) => [added, ...(gone === null ? [] : [gone.file])]),
      ...Object.values(date.snapshots).map(({ file }) => file),
      ...(date.quarantine === null ? [] : [date.quarantine]),
    ]),
  );

/** Every file that a state names. */
export const filesOf = (state: Published): ReadonlySet<string> =>
  new Set([
    state.database.file,
    ...Object.values(state.fact),
    ...Object.values(state.dimensions),
    ...Object.values(state.reports),
    ...filesOfDates(state.dates),
  ]);

async function syncFile(file: string): Promise<void> {
  const handle = await open(file, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function writeSynced(file: string, text: string): Promise<void> {
  const handle = await open(file, "w");
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Files that are brought to the disk at once: it writes many together nearly as quickly as one. */
const SYNCS = 8;

/**
 * All or nothing: a reader sees the old state or the new one. What the new one names is on the disk before; the old one
 * is kept beside, to roll back to.
 */
export async function publish(warehouse: string, before: Published | null, state: Published): Promise<void> {
  const file = path.join(warehouse, CURRENT);
  const known = before === null ? new Set() : filesOf(before);
  const fresh = [...filesOf(state)].filter((name) => !known.has(name)).values();
  const sync = async () => {
    for (const name of fresh) await syncFile(path.join(warehouse, ...name.split("/")));
  };
  await Promise.all(Array.from({ length: SYNCS }, sync));
  if (before !== null) {
    const kept = await fileIn(warehouse, keptFile(before.runId));
    await copyFile(file, `${kept}.tmp`);
    await rename(`${kept}.tmp`, kept);
  }
  const next = `${file}.${state.runId}`;
  await writeSynced(next, `${JSON.stringify(state)}\n`);
  await rename(next, file);
  await syncFile(warehouse);
}

/** Sortable by time to the millisecond (the first three digits after the second), unique: names every file that a run writes. */
export function newRunId(now = new Date()): string {
  const second = now.toISOString().slice(0, 19).replaceAll(/[-:]/g, "").replace("T", "-");
  const millisecond = now.getUTCMilliseconds().toString(16).padStart(3, "0");
  return `${second}-${millisecond}${randomBytes(2).toString("hex").slice(0, 3)}`;
}

/** An absolute path for a file of the warehouse, its folder made. */
export async function fileIn(warehouse: string, relative: string): Promise<string> {
  const file = path.join(warehouse, ...relative.split("/"));
  await mkdir(path.dirname(file), { recursive: true });
  return file;
}
