/** What is kept of a warehouse: the published state, the newest ones before it, and no file that none of them names. */
import { readdir, rm, stat } from "node:fs/promises";
import path from "node:path";
import { filesOf, keptFile, type Published, readKept } from "./state.ts";

/** Versions to keep, the published one among them. */
export const KEEP = 10;

/** A run's id, as {@link newRunId} makes it. */
const RUN = "[0-9]{8}-[0-9]{6}-[0-9a-f]{6}";

/** What runs write; everything else in the folder is somebody's own. */
const OURS = [
  new RegExp(`^(?:base|history)/[^/]+/(?:load_dt=[^/]+/)?${RUN}(?:-[a-z]+[0-9]+)?[.]parquet`),
  new RegExp(`^(?:fact|quarantine|reports)/[^/]+/${RUN}[.](?:parquet|json)`),
  new RegExp(`^states/${RUN}[.]json`),
  new RegExp(`^sales-${RUN}[.]duckdb`),
  new RegExp(`^current[.]json[.]${RUN}$`),
];

const FOLDERS = ["base", "history", "fact", "quarantine", "reports", "states"];

const gone = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === "ENOENT";

async function listed(warehouse: string): Promise<string[]> {
  const found = await readdir(warehouse);
  for (const folder of FOLDERS) {
    const inside = await readdir(path.join(warehouse, folder), { recursive: true }).catch((error) => {
      if (gone(error)) return [];
      throw error;
    });
    found.push(...inside.map((name) => path.join(folder, name)));
  }
  return found.map((name) => name.split(path.sep).join("/")).filter((name) => OURS.some((ours) => ours.test(name)));
}

const remove = (warehouse: string, name: string): Promise<void> =>
  rm(path.join(warehouse, ...name.split("/")), { force: true });

/** The runs whose state can be published again, oldest first; the published one is the last. */
export async function keptRuns(warehouse: string, state: Published): Promise<readonly string[]> {
  const kept: string[] = [];
  for (const { runId } of state.runs.slice(0, -1)) {
    const there = await stat(path.join(warehouse, ...keptFile(runId).split("/"))).catch(() => null);
    if (there !== null) kept.push(runId);
  }
  return [...kept, state.runId];
}

/** Every file that the published state or a kept one names, those states among them. */
async function named(warehouse: string, state: Published, kept: readonly string[]): Promise<Set<string>> {
  const files = new Set(filesOf(state));
  for (const runId of kept.slice(0, -1)) {
    const one = await readKept(warehouse, state.dataset, runId);
    if (one === null) continue;
    files.add(keptFile(runId));
    for (const file of filesOf(one)) files.add(file);
  }
  return files;
}

/** Forgets the oldest versions beyond `keep`, and removes the files that only they name. Only for the writer. */
export async function prune(warehouse: string, state: Published, keep: number): Promise<void> {
  const runs = await keptRuns(warehouse, state);
  const old = runs.slice(0, Math.max(0, runs.length - keep));
  if (old.length === 0) return;
  const live = await named(warehouse, state, runs.slice(old.length));
  for (const runId of old) {
    const one = await readKept(warehouse, state.dataset, runId);
    // The version goes first: one that can be rolled back to is whole.
    await remove(warehouse, keptFile(runId));
    for (const file of one === null ? [] : filesOf(one)) if (!live.has(file)) await remove(warehouse, file);
  }
}

/**
 * Removes what an interrupted run left: files of ours that no kept version names. Where nothing is published only those
 * of that run: the rest may be what somebody lost `current.json` of. Only for the writer.
 */
export async function sweep(warehouse: string, state: Published | null, runId: string): Promise<void> {
  const live = state === null ? new Set<string>() : await named(warehouse, state, await keptRuns(warehouse, state));
  const orphans = (await listed(warehouse)).filter(
    (name) => !live.has(name) && (state !== null || (runId !== "" && name.includes(runId))),
  );
  for (const name of orphans) await remove(warehouse, name);
  await rm(path.join(warehouse, "tmp"), { recursive: true, force: true });
}
