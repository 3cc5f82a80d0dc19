/** What a stage of `npm test` found. */
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { root, run } from "./process.ts";

export interface Outcome {
  readonly passed: number;
  readonly failed: number;
  /** One line each: what was skipped and what was missing. */
  readonly skipped: readonly string[];
}

export const nothing: Outcome = { passed: 0, failed: 0, skipped: [] };

export const add = (a: Outcome, b: Outcome): Outcome => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: [...a.skipped, ...b.skipped],
});

/** A command that passes or fails as a whole counts as one test. */
export async function commandTest(
  title: string,
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const code = await run(command, args, { env });
  console.log(`  ${code === 0 ? "✔" : "✘"} ${title}`);
  return code === 0 ? { ...nothing, passed: 1 } : { ...nothing, failed: 1 };
}

const countsFile = (name: string, ending: string) => {
  const folder = path.join(root, ".cache", "test");
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `${name}.${ending}`);
  rmSync(file, { force: true });
  return file;
};

/** Mocha over `specs` (globs from the root); a run that dies before it counts is a failure. `atOnce`: see {@link run}. */
export async function mochaTests(
  name: string,
  specs: readonly string[],
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
  atOnce = false,
): Promise<Outcome> {
  const file = countsFile(name, "json");
  const mocha = path.join(root, "node_modules", "mocha", "bin", "mocha.js");
  const config = [
    "--config",
    path.join(root, ".mocharc.json"),
    "--reporter",
    path.join(root, "scripts", "test", "mocha-reporter.cjs"),
  ];
  const code = await run(process.execPath, [mocha, ...config, ...args, ...specs], {
    env: { ...env, TEST_COUNTS_FILE: file },
    atOnce,
  });
  if (!existsSync(file)) return { ...nothing, failed: 1 };
  const counts = JSON.parse(readFileSync(file, "utf8")) as Outcome;
  if (counts.passed + counts.failed + counts.skipped.length === 0) {
    console.error(`${name}: no test was found in ${specs.join(" ")}`);
    return { ...nothing, failed: 1 };
  }
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

/** Pytest of a Python environment over one folder, counted from its JUnit file. */
export async function pytestTests(
  name: string,
  python: string,
  folder: string,
  env: Readonly<Record<string, string>> = {},
  args: readonly string[] = [],
): Promise<Outcome> {
  const file = countsFile(name, "xml");
  const code = await run(python, ["-m", "pytest", "-q", "-p", "no:cacheprovider", `--junitxml=${file}`, ...args, "."], {
    cwd: path.join(root, folder),
    env: { PYTHONDONTWRITEBYTECODE: "1", ...env },
  });
  const xml = existsSync(file) ? readFileSync(file, "utf8") : "";
  const attribute = (key: string) => Number(xml.match(new RegExp(`<testsuite [^>]*\\b${key}="(\\d+)"`))?.[1] ?? 0);
  const failed = attribute("failures") + attribute("errors");
  const skipped = [...xml.matchAll(/<skipped [^>]*message="([^"]*)"/g)].map((match) => match[1] ?? "");
  const passed = attribute("tests") - failed - skipped.length;
  // Exit code 5 is "no test was collected": a failure here, as every stage has tests.
  return { passed, failed: code !== 0 && failed === 0 ? 1 : failed, skipped };
}
