/** Runs one command of a test stage: output passed on, the process group ended with us. */
import { spawn } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** @returns the exit code; 127 when the command does not exist. */
export function run(command: string, args: readonly string[], options: CommandOptions = {}): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: options.cwd ?? root,
      env: { ...process.env, ...options.env },
      stdio: ["ignore", "inherit", "inherit"],
    });
    const stop = (signal: NodeJS.Signals) => child.kill(signal);
    process.once("SIGINT", stop).once("SIGTERM", stop);
    const done = (code: number) => {
      process.off("SIGINT", stop).off("SIGTERM", stop);
      resolve(code);
    };
    child.once("error", (error) => {
      console.error(`${command}: ${error.message}`);
      done(127);
    });
    child.once("exit", (code) => done(code ?? 1));
  });
}
