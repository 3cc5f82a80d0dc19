/** Finds a Python of the machine that the locked packages support. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const execute = promisify(execFile);

export interface Interpreter {
  /** The interpreter itself, not a shim or a link to it. */
  readonly path: string;
  /** e.g. "3.11.7" */
  readonly version: string;
}

/** Older Pythons lack what Airflow and the tests use; newer ones lack wheels of some locked packages. */
const oldest = 11;
const newest = 13;
const wanted = `python3 3.${oldest} to 3.${newest} with its venv module (or SALES_ETL_PYTHON naming one)`;

const probe =
  "import ensurepip, os, sys, venv; print(os.path.realpath(sys.executable), '%d.%d.%d' % sys.version_info[:3])";

async function interpreterAt(command: string): Promise<Interpreter | undefined> {
  const answer = await execute(command, ["-I", "-c", probe]).catch(() => undefined);
  const [, path, version] = answer?.stdout.match(/^(.+) (\d+\.\d+\.\d+)\s*$/) ?? [];
  if (path === undefined || version === undefined) return undefined;
  const [major, minor] = version.split(".").map(Number);
  return major === 3 && minor !== undefined && minor >= oldest && minor <= newest ? { path, version } : undefined;
}

export async function findInterpreter(): Promise<Interpreter | { readonly missing: string }> {
  const named = process.env.SALES_ETL_PYTHON;
  const commands = named ? [named] : ["python3", "python3.13", "python3.12", "python3.11", "python"];
  for (const command of commands) {
    const found = await interpreterAt(command);
    if (found !== undefined) return found;
  }
  return { missing: wanted };
}
