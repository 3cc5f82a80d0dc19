/** What the command knows of a run and the job's receipts do not: who ran it, which files it loaded, what was found unlikely. */
import { readFile, rm } from "node:fs/promises";
import path from "node:path";
import type { BusinessDate } from "@sales-etl/etl-core/landing";
import type { DateProblem } from "@sales-etl/etl-core/validate";
import type { QualityWarning } from "../engine/state.ts";
import { nullWhereGone } from "../folder.ts";
import type { Sources } from "./gate.ts";
import { gateFolder, readNote, writeNote } from "./notes.ts";

export interface Loads {
  /** Who ran it; nothing in notes of older versions. */
  readonly by?: string;
  /** Where the files lay, absolute; a rollback has none. */
  readonly landing?: string;
  /** The files that the gate accepted and the job was then given. */
  readonly dates: Readonly<Record<BusinessDate, Sources>>;
  /** What of each of them is worth a look; a date that an older version accepted is left out. */
  readonly alerts?: Readonly<Record<BusinessDate, readonly DateProblem[]>>;
  /** Of the quality checks; null before the job has ended, and where this process died meanwhile. */
  readonly warnings?: readonly QualityWarning[] | null;
}

const fileOf = (warehouse: string, runId: string) => path.join(gateFolder(warehouse), "runs", `${runId}.json`);

/** First before the job starts: what it publishes counts, also where this process dies meanwhile. */
export const writeLoads = (warehouse: string, runId: string, loads: Loads): Promise<void> =>
  writeNote(fileOf(warehouse, runId), loads);

/** Of a run that has loaded nothing after all. */
export const removeLoads = (warehouse: string, runId: string): Promise<void> =>
  rm(fileOf(warehouse, runId), { force: true });

/**
 * @returns null where nobody has noted it: the run is older than these notes, or the job was started without the gate
 * @throws {SalesEtlError} WAREHOUSE_DAMAGED
 */
export async function readLoads(warehouse: string, runId: string): Promise<Loads | null> {
  const file = fileOf(warehouse, runId);
  const text = await readFile(file, "utf8").catch(nullWhereGone);
  return text === null ? null : readNote<Loads>(file, text);
}

/** By run of some runs. */
export async function readAllLoads(
  warehouse: string,
  runIds: Iterable<string>,
): Promise<ReadonlyMap<string, Loads | null>> {
  const loads = new Map<string, Loads | null>();
  for (const runId of new Set(runIds)) loads.set(runId, await readLoads(warehouse, runId));
  return loads;
}
