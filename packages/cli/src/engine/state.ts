/** The published state of a warehouse: `current.json`, replaced by rename; every file it names is immutable. */
import { randomBytes } from "node:crypto";
import { mkdir, open, readFile, rename } from "node:fs/promises";
import path from "node:path";
import { SalesEtlError } from "@sales-etl/etl-core/errors";
import type { BusinessDate } from "@sales-etl/etl-core/landing";

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
  /** The rows of each delta table. */
  readonly tables: Readonly<Record<string, string>>;
  /** The landing's files that the rows came from, by table and SHA-256. */
  readonly sources: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Each snapshot table's rows on that date. */
  readonly snapshots: Readonly<Record<string, { readonly file: string; readonly sha256: string }>>;
  readonly quarantine: string | null;
  /** The periods this date has rows in. */
  readonly periods: readonly number[];
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
  /** Of each date the last report of the checks, accepted or not. */
  readonly reports: Readonly<Record<BusinessDate, string>>;
}

const CURRENT = "current.json";
/** Of the shape of the state; another one is not read. */
export const VERSION = 2;

/** @returns null for a warehouse in which nothing was published yet */
export async function readPublished(warehouse: string, dataset: string): Promise<Published | null> {
  const file = path.join(warehouse, CURRENT);
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
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
      `${file} was written by another version of sales-etl (its format is ${state.version}, this one reads ${VERSION}): run the dates again into an empty folder`,
      {
        code: "WAREHOUSE_VERSION",
        path: file,
      },
    );
  }
  if (state.dataset !== dataset) {
    throw new SalesEtlError(`${warehouse} holds the data set ${state.dataset}, not ${dataset}`, {
      code: "WAREHOUSE_OF_OTHER_DATASET",
      path: file,
    });
  }
  return state;
}

/** All or nothing: a reader sees the old state or the new one. */
export async function publish(warehouse: string, state: Published): Promise<void> {
  const file = path.join(warehouse, CURRENT);
  const next = `${file}.${state.runId}`;
  const handle = await open(next, "w");
  try {
    await handle.writeFile(`${JSON.stringify(state, null, 1)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(next, file);
}

/** Sortable by time, unique: names every file that a run writes. */
export const newRunId = (now = new Date()): string =>
  `${now.toISOString().slice(0, 19).replaceAll(/[-:]/g, "").replace("T", "-")}-${randomBytes(3).toString("hex")}`;

/** An absolute path for a file of the warehouse, its folder made. */
export async function fileIn(warehouse: string, relative: string): Promise<string> {
  const file = path.join(warehouse, ...relative.split("/"));
  await mkdir(path.dirname(file), { recursive: true });
  return file;
}
