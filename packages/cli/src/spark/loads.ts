/** Which files a run loaded, for those who ask later where a row came from: the job's receipts name no file's content. */
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { SalesEtlError } from "@sales-etl/etl-core/errors";
import type { BusinessDate } from "@sales-etl/etl-core/landing";
import { gateFolder, type Sources } from "./gate.ts";

export interface Loads {
  /** Where the files lay, absolute. */
  readonly landing: string;
  /** The files that the gate accepted and the job was then given. */
  readonly dates: Readonly<Record<BusinessDate, Sources>>;
}

const fileOf = (warehouse: string, runId: string) => path.join(gateFolder(warehouse), "runs", `${runId}.json`);

/** Before the job starts: what it publishes counts, also where this process dies meanwhile. */
export async function writeLoads(warehouse: string, runId: string, loads: Loads): Promise<void> {
  const file = fileOf(warehouse, runId);
  await mkdir(path.dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.tmp`;
  await writeFile(draft, `${JSON.stringify(loads, null, 1)}\n`);
  await rename(draft, file);
}

/** Of a run that has loaded nothing after all. */
export const removeLoads = (warehouse: string, runId: string): Promise<void> =>
  rm(fileOf(warehouse, runId), { force: true });

/**
 * @returns null where nobody has noted it: the run is older than these notes, or the job was started without the gate
 * @throws {SalesEtlError} WAREHOUSE_DAMAGED
 */
export async function readLoads(warehouse: string, runId: string): Promise<Loads | null> {
  const file = fileOf(warehouse, runId);
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (text === null) return null;
  try {
    return JSON.parse(text) as Loads;
  } catch (cause) {
    throw new SalesEtlError(`${file} is damaged: bring it back from a copy, or remove it`, {
      ...{ code: "WAREHOUSE_DAMAGED", path: file, cause },
    });
  }
}
