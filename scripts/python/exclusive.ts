/** One process at a time: a lock file that names its holder, and is taken over when the holder has died. */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const pollMilliseconds = 200;
const patienceMilliseconds = 15 * 60_000;

const code = (error: unknown) => (error as NodeJS.ErrnoException).code;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return code(error) === "EPERM";
  }
}

/** A link appears with its content at once, so that nobody reads a lock that does not name its holder yet. */
function take(file: string): boolean {
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, String(process.pid));
  try {
    linkSync(mine, file);
    return true;
  } catch (error) {
    if (code(error) === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(mine, { force: true });
  }
}

function holder(file: string): number | undefined {
  try {
    return Number(readFileSync(file, "utf8"));
  } catch (error) {
    if (code(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** Moves a dead holder's lock away; puts it back if another process replaced it with a living one meanwhile. */
function removeDead(file: string, dead: number): void {
  const aside = `${file}.dead-${process.pid}`;
  try {
    renameSync(file, aside);
    if (holder(aside) !== dead) linkSync(aside, file);
  } catch (error) {
    if (code(error) !== "ENOENT" && code(error) !== "EEXIST") throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

/** Runs `work` while no other process that names the same `file` runs its own. */
export async function exclusively<T>(file: string, work: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + patienceMilliseconds;
  while (!take(file)) {
    const pid = holder(file);
    if (pid === undefined) continue;
    if (!isAlive(pid)) removeDead(file, pid);
    else if (Date.now() > deadline)
      throw new Error(`process ${pid} has held ${file} for too long; end it, or delete the file`);
    else await sleep(pollMilliseconds);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}
