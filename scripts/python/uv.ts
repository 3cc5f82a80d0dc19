/** uv, the installer of the Python environments, itself from a hashed lock. */
import { spawn } from "node:child_process";
import path from "node:path";
import { root } from "../test/process.ts";
import type { Interpreter } from "./interpreter.ts";

export const uvRequirements = path.join(root, "scripts", "python", "uv.txt");

export const inEnvironment = (folder: string, name: string): string =>
  process.platform === "win32" ? path.join(folder, "Scripts", `${name}.exe`) : path.join(folder, "bin", name);

/** Runs an installer quietly; its output is the message of the error when it fails. */
export function install(command: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    // Settings of a caller's own environment must not decide where packages land.
    const { VIRTUAL_ENV: _, PYTHONPATH: __, PYTHONHOME: ___, ...env } = process.env;
    const child = spawn(command, args, { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
    const output: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => output.push(chunk));
    child.once("error", reject);
    child.once("close", (status) =>
      status === 0
        ? resolve()
        : reject(new Error(`${path.basename(command)} ${args.join(" ")} failed:\n${Buffer.concat(output)}`)),
    );
  });
}

export async function buildUv(folder: string, python: Interpreter): Promise<void> {
  await install(python.path, ["-I", "-m", "venv", "--clear", folder]);
  const pip = ["-m", "pip", "install", "--quiet", "--require-hashes", "--no-deps", "-r", uvRequirements];
  await install(inEnvironment(folder, "python"), pip);
}

export async function buildEnvironment(uv: string, folder: string, python: Interpreter, lock: string): Promise<void> {
  await install(uv, ["venv", "--quiet", "--clear", "--python", python.path, folder]);
  const sync = ["pip", "sync", "--quiet", "--require-hashes", "--python", inEnvironment(folder, "python"), lock];
  await install(uv, sync);
}
