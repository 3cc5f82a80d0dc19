/** The Spark job: lint, format, its tests on a local session, and its results against the embedded engine's. */
import { execFileSync } from "node:child_process";
import path from "node:path";
import { ensureJars, jarsFolder } from "../../../packages/cli/src/spark/jars.ts";
import { startLocalAws } from "../../../packages/local-aws/src/index.ts";
import { pythonEnvironment } from "../../python/environment.ts";
import { add, commandTest, mochaTests, nothing, type Outcome, pytestTests } from "../outcome.ts";
import { root } from "../process.ts";

/** What Spark 4 runs on. */
const oldestJava = 17;

function hasJava(): boolean {
  const { JAVA_HOME } = process.env;
  const java = JAVA_HOME ? path.join(JAVA_HOME, "bin", "java") : "java";
  try {
    const version = execFileSync(java, ["--version"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    return Number(/^\S+ (\d+)/.exec(version)?.[1]) >= oldestJava;
  } catch {
    return false;
  }
}

/** The tests find the tables' buckets there. */
async function sparkTests(python: string): Promise<Outcome> {
  const aws = await startLocalAws();
  if ("missing" in aws) return pytestTests("spark", python, "spark");
  try {
    for (const bucket of ["lake", "control"]) await fetch(`${aws.endpoint}/${bucket}`, { method: "PUT" });
    return await pytestTests("spark", python, "spark", { ...aws.env, SALES_ETL_AWS_ENDPOINT: aws.endpoint });
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
  if (!hasJava()) return add(outcome, { ...nothing, skipped: [`spark tests: no Java ${oldestJava} or newer`] });
  await ensureJars(jarsFolder(root));
  outcome = add(outcome, await sparkTests(python));
  return add(outcome, await mochaTests("parity", ["spark/tests/**/*.test.ts"]));
}
