/** The Spark job: lint, format, its tests on a local session, and its results against the embedded engine's. */
import { ensureJars, jarsFolder } from "../../../packages/cli/src/spark/jars.ts";
import { sparkJava } from "../../../packages/cli/src/spark/java.ts";
import { startLocalAws } from "../../../packages/local-aws/src/index.ts";
import { pythonEnvironment } from "../../python/environment.ts";
import { add, commandTest, mochaTests, nothing, type Outcome, pytestTests } from "../outcome.ts";

/** Two sessions side by side: planning a query of a few rows keeps one core busy. The longest files come first. */
const sideBySide = ["--numprocesses", "2", "--dist", "loadfile", "--no-loadscope-reorder"];

/** The tests find the tables' buckets there. */
async function sparkTests(python: string, java: Readonly<Record<string, string>>): Promise<Outcome> {
  const aws = await startLocalAws();
  if ("missing" in aws) return pytestTests("spark", python, "spark", java, sideBySide);
  try {
    for (const bucket of ["lake", "control"]) await fetch(`${aws.endpoint}/${bucket}`, { method: "PUT" });
    const env = { ...java, ...aws.env, SALES_ETL_AWS_ENDPOINT: aws.endpoint };
    return await pytestTests("spark", python, "spark", env, sideBySide);
  } finally {
    await aws.stop();
  }
}

export async function spark(): Promise<Outcome> {
  const python = await pythonEnvironment("spark", "spark/requirements.txt");
  if (typeof python !== "string") return { ...nothing, skipped: [`spark: no ${python.missing}`] };
  const ruff = (...args: string[]) => ["-m", "ruff", ...args, "--no-cache", "spark"];
  let outcome = await commandTest("spark: lint (ruff)", python, ruff("check"));
  outcome = add(outcome, await commandTest("spark: format (ruff)", python, ruff("format", "--check")));
  const home = await sparkJava(console.log);
  const java: Readonly<Record<string, string>> = home === null ? {} : { JAVA_HOME: home };
  await ensureJars(jarsFolder());
  // The session that the engines are compared in is the third: what each waits for, files and processes, the others use.
  const compared = mochaTests("parity", ["spark/tests/**/*.test.ts"], [], java, true);
  const [inPython, parity] = await Promise.all([sparkTests(python, java), compared]);
  return [outcome, inPython, parity].reduce(add);
}
