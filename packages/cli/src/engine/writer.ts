/** One writer a warehouse: the engine's own database file, which the operating system locks and lets go of with the process. */
import { existsSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { totalmem } from "node:os";
import path from "node:path";
import type { Dataset } from "@sales-etl/etl-core/contract";
import { SalesEtlError } from "@sales-etl/etl-core/errors";
import { makeFolder } from "../folder.ts";
import { type Engine, openEngine } from "./duckdb.ts";
import { KEEP, prune, sweep } from "./retention.ts";
import { newRunId, type Published, readPublished } from "./state.ts";

/** Locks of the operating system do not hold inside one process. */
const writing = new Set<string>();

/** What the engine may hold before it goes on on disk: the whole process then stays below 4 GB. */
const MOST_MEMORY = 2.5 * 1024 ** 3;

/** The engine's own default is the share. */
const memoryLimit = (): string => `${Math.floor(Math.min(MOST_MEMORY, 0.8 * totalmem()) / 1024 ** 2)}MiB`;

/** @throws {SalesEtlError} WAREHOUSE_BUSY while another run writes; WAREHOUSE_NOT_WRITABLE */
export async function openWriter(warehouse: string): Promise<Engine> {
  const folder = path.resolve(warehouse);
  const busy = (cause?: unknown) =>
    new SalesEtlError(`another run writes to ${folder}; wait until it has ended, then run again`, {
      code: "WAREHOUSE_BUSY",
      path: folder,
      cause,
    });
  if (writing.has(folder)) throw busy();
  writing.add(folder);
  try {
    await makeFolder(folder);
    const engine = await openEngine(path.join(folder, "writer.duckdb"), {
      temp_directory: path.join(folder, "tmp"),
      memory_limit: memoryLimit(),
    });
    return {
      ...engine,
      close() {
        engine.close();
        writing.delete(folder);
      },
    };
  } catch (cause) {
    writing.delete(folder);
    const { message } = cause as Error;
    if (/could not set lock/i.test(message)) throw busy(cause);
    throw new SalesEtlError(`${folder} cannot be written to: ${message}`, {
      code: "WAREHOUSE_NOT_WRITABLE",
      path: folder,
      cause,
    });
  }
}

/** What a writer may do: made by {@link withWriter}, which also tidies up. */
export interface Writing {
  readonly engine: Engine;
  readonly runId: string;
  readonly before: Published | null;
}

export interface Written<Result> {
  readonly result: Result;
  /** The state that is published now; null where nothing is. */
  readonly state: Published | null;
}

const STARTED = "run.started";

const FULL = /no space left|ENOSPC|disk (?:is )?full|EDQUOT|quota|EFBIG|file too large/i;
const REFUSED = /EACCES|EROFS|EPERM|permission denied|read-only file system/i;

/** A fault of the disk, in words; every other error as it is. */
function asSaid(error: unknown, folder: string): unknown {
  if (error instanceof SalesEtlError) return error;
  const { message } = error as Error;
  const unchanged = "what was published is unchanged";
  const say = (text: string, code: string) => new SalesEtlError(text, { code, path: folder, cause: error });
  if (FULL.test(message))
    return say(
      `there is no room in ${folder} (the disk is full, or a limit is reached): make room and run again; ${unchanged}`,
      "WAREHOUSE_FULL",
    );
  if (REFUSED.test(message))
    return say(`${folder} cannot be written to: ${message}; ${unchanged}`, "WAREHOUSE_NOT_WRITABLE");
  return error;
}

export interface WriterArgs {
  readonly dataset: Dataset;
  /** A folder; made when it is not there. */
  readonly warehouse: string;
  /** Versions to keep, the published one among them, at least 2. @default {@link KEEP} */
  readonly keep?: number;
  /** Who runs it, for the record. @default {@link whoRuns} */
  readonly by?: string;
}

/**
 * Runs `write` as the only writer. What an interrupted run left is removed before, what a failed one left and versions
 * beyond `keep` after.
 * @throws {SalesEtlError} WAREHOUSE_BUSY, WAREHOUSE_NOT_WRITABLE, WAREHOUSE_FULL, and what `write` throws
 */
export async function withWriter<Result>(
  { dataset, warehouse, keep = KEEP }: WriterArgs,
  write: (writing: Writing) => Promise<Written<Result>>,
): Promise<Result> {
  const engine = await openWriter(warehouse);
  const marker = path.join(warehouse, STARTED);
  let started = "";
  try {
    const before = await readPublished(warehouse, dataset.name);
    if (existsSync(marker)) await sweep(warehouse, before, await readFile(marker, "utf8"));
    const runId = newRunId();
    await writeFile(marker, runId);
    started = runId;
    const { result, state } = await write({ engine, runId, before });
    // It is published: what cannot be tidied up now is left to the next run, by the marker.
    const tidied = await (state === null ? sweep(warehouse, null, runId) : prune(warehouse, state, keep)).then(
      () => true,
      () => false,
    );
    if (tidied) await rm(marker, { force: true });
    return result;
  } catch (error) {
    // With the same state as a reader sees it: the failure may have come after the publish.
    if (started !== "") {
      await readPublished(warehouse, dataset.name)
        .then((state) => sweep(warehouse, state, started))
        .then(() => rm(marker, { force: true }))
        .catch(() => {});
    }
    throw asSaid(error, path.resolve(warehouse));
  } finally {
    engine.close();
  }
}
