/** A Python with PySpark: one that is named, the checkout's, or one made once from a hashed lock. */
import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm } from "node:fs/promises";
import path from "node:path";
import { SalesEtlError } from "@sales-etl/etl-core/errors";
import { answerOf, mustRun } from "./processes.ts";
import { cacheFolder, checkout, programFolder } from "./program.ts";

/** That of the EMR release; another one reads the tables, but its plans and its SQL are not what is tested. */
const sparkVersion = "4.1.1";

const probe = "import ensurepip, sys, venv; print('python', *sys.version_info[:2])";
const sparkProbe = "import pyspark; print('pyspark', pyspark.__version__)";

const pythonIn = (folder: string) =>
  process.platform === "win32" ? path.join(folder, "Scripts", "python.exe") : path.join(folder, "bin", "python");

async function hasSpark(python: string): Promise<boolean> {
  return (await answerOf(python, ["-I", "-c", sparkProbe]))?.includes(`pyspark ${sparkVersion}`) === true;
}

/** @throws {SalesEtlError} PYTHON_MISSING */
export async function findPython(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const named = env.SALES_ETL_PYTHON;
  const commands = named === undefined ? ["python3", "python3.13", "python3.12", "python3.11", "python"] : [named];
  for (const command of commands) {
    const minor = Number(/python 3 (\d+)/.exec((await answerOf(command, ["-I", "-c", probe])) ?? "")?.[1]);
    if (minor >= 11 && minor <= 13) return command;
  }
  const found = named === undefined ? "none was found" : `${named}, named in SALES_ETL_PYTHON, is none`;
  throw new SalesEtlError(
    `Spark needs Python 3.11 to 3.13 with its venv module; ${found}. Install it (Debian: apt install python3-venv), or name one in SALES_ETL_PYTHON`,
    { code: "PYTHON_MISSING", path: "SALES_ETL_PYTHON" },
  );
}

/** Files of a lock's packages, in a folder that is there whole or not at all. */
export async function installLocked(
  name: string,
  lock: string,
  say: (text: string) => void,
  build: (draft: string, python: string, pip: readonly string[]) => Promise<void>,
): Promise<string> {
  const python = await findPython();
  const about = (await answerOf(python, ["-I", "-c", probe])) ?? "";
  const text = await readFile(lock);
  const key = createHash("sha256").update(text).update(about).update(`${process.platform} ${process.arch}`);
  const folder = path.join(cacheFolder(), "spark", `${name}-${key.digest("hex").slice(0, 12)}`);
  if (existsSync(folder)) return folder;
  const draft = `${folder}.${randomUUID()}`;
  say(`installing ${name} into ${folder}, once ...`);
  try {
    await mkdir(path.dirname(folder), { recursive: true });
    await build(draft, python, ["-m", "pip", "install", "--quiet", "--require-hashes", "--no-deps", "-r", lock]);
    // Two at once: the second one finds the folder there, and its own is as good.
    await rename(draft, folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
    });
  } catch (cause) {
    const { message } = cause as Error;
    throw new SalesEtlError(`${name} cannot be installed: ${message}`, {
      code: "SPARK_NOT_INSTALLED",
      path: folder,
      cause,
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return folder;
}

/**
 * @returns the python
 * @throws {SalesEtlError} PYTHON_MISSING, SPARK_NOT_INSTALLED; SPARK_VERSION where the one that is named has another
 */
export async function sparkPython(say: (text: string) => void, env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const named = env.SALES_ETL_SPARK_PYTHON;
  if (named !== undefined) {
    if (await hasSpark(named)) return named;
    throw new SalesEtlError(`${named}, named in SALES_ETL_SPARK_PYTHON, has no pyspark ${sparkVersion}`, {
      code: "SPARK_VERSION",
      path: "SALES_ETL_SPARK_PYTHON",
    });
  }
  // That of the tests, where they were run.
  const tests = checkout === null ? null : pythonIn(path.join(checkout, ".cache", "venvs", "spark"));
  if (tests !== null && existsSync(tests) && (await hasSpark(tests))) return tests;
  const lock = path.join(programFolder, "requirements-run.txt");
  const { VIRTUAL_ENV: _, PYTHONPATH: __, PYTHONHOME: ___, ...rest } = env;
  const folder = await installLocked("pyspark", lock, say, async (draft, python, pip) => {
    await mustRun(python, ["-I", "-m", "venv", draft], rest);
    await mustRun(pythonIn(draft), pip, rest);
  });
  return pythonIn(folder);
}
