/** One thing that a way of use needs: whether it is there, and what to do where it is not. */
import { execFile } from "node:child_process";

export const USES = ["run", "test", "spark", "deploy"] as const;
export type Use = (typeof USES)[number];

/** `warning`: it works, and somebody may want to look. */
export type CheckState = "ok" | "warning" | "missing";

export interface Check {
  readonly name: string;
  readonly uses: readonly Use[];
  readonly state: CheckState;
  /** What was found, in a few words; never a secret. */
  readonly found: string;
  /** What to do; null where all is well. */
  readonly advice: string | null;
}

export const ok = (name: string, uses: readonly Use[], found: string): Check => ({
  ...{ name, uses, state: "ok", found, advice: null },
});
export const missing = (name: string, uses: readonly Use[], found: string, advice: string): Check => ({
  ...{ name, uses, state: "missing", found, advice },
});
export const warning = (name: string, uses: readonly Use[], found: string, advice: string): Check => ({
  ...{ name, uses, state: "warning", found, advice },
});

const PATIENCE = 15_000;

/** The first line that a program says; null where it is not there, or fails. */
export const saidBy = (program: string, ...args: readonly string[]): Promise<string | null> =>
  new Promise((resolve) => {
    execFile(program, args, { timeout: PATIENCE, windowsHide: true }, (error, stdout, stderr) => {
      const text = `${stdout}\n${stderr}`.split("\n").find((line) => line.trim() !== "");
      resolve(error === null ? (text?.trim() ?? "") : null);
    });
  });

/** Whether a version such as `v22.18.0` is at least another one. */
export function atLeast(version: string, ...wanted: readonly number[]): boolean {
  const found = (/[0-9]+(?:[.][0-9]+)*/.exec(version)?.[0] ?? "").split(".").map(Number);
  for (const [index, least] of wanted.entries()) {
    const part = found[index] ?? 0;
    if (part !== least) return part > least;
  }
  return true;
}
