/** Runs one command of a test stage: output passed on, the process group ended with us. */
import { spawn } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Shows the output as a whole at the end, for a command that runs beside another. */
  readonly atOnce?: boolean;
}

/** @returns the exit code; 127 when the command does not exist. */
export function run(command: string, args: readonly string[], options: CommandOptions = {}): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: options.cwd ?? root,
      env: { ...process.env, ...options.env },
      stdio: options.atOnce === true ? ["ignore", "pipe", "pipe"] : ["ignore", "inherit", "inherit"],
    });
    const held: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk: Buffer) => held.push(chunk));
    const stop = (signal: NodeJS.Signals) => child.kill(signal);
    process.once("SIGINT", stop).once("SIGTERM", stop);
    const done = (code: number) => {
      process.off("SIGINT", stop).off("SIGTERM", stop);
      process.stdout.write(Buffer.concat(held));
      resolve(code);
    };
    child.once("error", (error) => {
      console.error(`${command}: ${error.message}`);
      done(127);
    });
    child.once("close", (code) => done(code ?? 1));
  });
}
