/** Runs the command as its users do: a process of its own. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

export const root = path.join(import.meta.dirname, "..", "..", "..", "..");
const bin = path.join(root, "packages", "cli", "bin", "sales-etl.js");

export interface Result {
  readonly code: number | null;
  /** That ended it; null where it ended by itself. */
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function start(args: readonly string[], cwd = root, more: NodeJS.ProcessEnv = {}) {
  // Without the condition that mocha runs with: the command must find its own sources.
  const child = spawn(process.execPath, [bin, ...args], {
    cwd,
    env: { ...process.env, NODE_OPTIONS: "", NO_COLOR: "1", ...more },
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const done = new Promise<Result>((resolve) =>
    child.once("close", (code, signal) => resolve({ code, signal, stdout, stderr })),
  );
  return { child, done };
}

export const salesEtl = (...args: readonly string[]): Promise<Result> => start(args).done;

/** With relative paths of `cwd`. */
export const salesEtlIn = (cwd: string, ...args: readonly string[]): Promise<Result> => start(args, cwd).done;

/** A folder that is gone after the test file. */
export function scratch(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "sales-etl-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
