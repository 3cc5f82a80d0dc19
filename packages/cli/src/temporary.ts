/** Folders for what a command writes on its way: gone when it ends, also where somebody interrupts it. */
import { rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

const inUse = new Set<string>();

/** @param name a short word that says whose folder it is */
export async function withTemporary<Result>(name: string, use: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(path.join(tmpdir(), `sales-etl-${name}-`));
  inUse.add(folder);
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
    inUse.delete(folder);
  }
}

/** For a process that ends at once. The engine's threads may still write: what cannot be removed stays. */
export function removeTemporary(): void {
  for (const folder of inUse) {
    try {
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    } catch {}
  }
}
