/**
 * The Python environments of the project: `.cache/venvs/<name>`, built from a hashed lock by uv and rebuilt only when
 * the lock or the machine's Python changed.
 *
 *     node scripts/python/environment.ts spark spark/requirements.txt     prints the path of the environment's python
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { root } from "../test/process.ts";
import { exclusively } from "./exclusive.ts";
import { findInterpreter, type Interpreter } from "./interpreter.ts";
import { buildEnvironment, buildUv, inEnvironment, uvRequirements } from "./uv.ts";

const venvs = path.join(root, ".cache", "venvs");

/** The folder is part of the key because an environment's scripts name their folder and break when it is moved. */
const keyOf = (folder: string, lock: string, python: Interpreter) =>
  createHash("sha256")
    .update(readFileSync(lock))
    .update([folder, python.path, python.version, process.platform, process.arch].join("\n"))
    .digest("hex");

/** The marker is written last: an environment whose build was interrupted has none and is built again. */
async function ensure(
  name: string,
  lock: string,
  python: Interpreter,
  build: (folder: string) => Promise<void>,
): Promise<string> {
  const folder = path.join(venvs, name);
  const key = keyOf(folder, lock, python);
  const marker = path.join(folder, ".built-from");
  const current = () =>
    existsSync(inEnvironment(folder, "python")) && existsSync(marker) && readFileSync(marker, "utf8") === key;
  if (current()) return folder;
  mkdirSync(venvs, { recursive: true });
  await exclusively(`${folder}.lock`, async () => {
    if (current()) return;
    const started = performance.now();
    rmSync(marker, { force: true });
    await build(folder);
    writeFileSync(marker, key);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.error(`Python environment ${name}: built for Python ${python.version} in ${seconds} s`);
  });
  return folder;
}

async function ensureUv(python: Interpreter): Promise<string> {
  return inEnvironment(await ensure("uv", uvRequirements, python, (folder) => buildUv(folder, python)), "uv");
}

/**
 * @param name the environment's folder name, e.g. "spark"
 * @param requirements a hashed lock, relative to the root, e.g. "spark/requirements.txt"
 * @returns the path of the environment's python; or what the machine lacks, in words
 * @throws Error with the installer's output when the packages cannot be installed
 */
export async function pythonEnvironment(
  name: string,
  requirements: string,
): Promise<string | { readonly missing: string }> {
  const python = await findInterpreter();
  if ("missing" in python) return python;
  const lock = path.resolve(root, requirements);
  const folder = await ensure(name, lock, python, async (at) => {
    await buildEnvironment(await ensureUv(python), at, python, lock);
  });
  return inEnvironment(folder, "python");
}

/** uv itself, for maintainers' tools. */
export async function uvCommand(): Promise<string | { readonly missing: string }> {
  const python = await findInterpreter();
  if ("missing" in python) return python;
  return ensureUv(python);
}

if (import.meta.main) {
  const [name, requirements] = process.argv.slice(2);
  if (name === undefined || requirements === undefined) {
    console.error("node scripts/python/environment.ts NAME REQUIREMENTS");
    process.exit(2);
  }
  const python = await pythonEnvironment(name, requirements);
  if (typeof python !== "string") {
    console.error(`missing: ${python.missing}`);
    process.exit(2);
  }
  console.log(python);
}
