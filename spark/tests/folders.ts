/** A landing, and what both engines have made of it; for tests that ask the same folders one after the other. */
import { spawnSync } from "node:child_process";
import path from "node:path";
import { root } from "../../scripts/test/process.ts";
import type { BothWarehouses } from "./same-answers.ts";

const bin = path.join(root, "packages", "cli", "bin", "sales-etl.js");

export interface Folders extends BothWarehouses {
  /** For files of tests. */
  readonly folder: string;
  readonly landing: string;
}

/** The command in a process of its own, with `--json`. */
export function command(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const done = spawnSync(process.execPath, [bin, ...args, "--json"], {
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
  return { code: done.status, answer: JSON.parse(done.stdout) };
}
