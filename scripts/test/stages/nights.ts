/** Whole nights: the stacks in a local AWS, the Lambdas' bundles, a real Airflow on a host that goes on and off, the Spark job. */
import { ensureJars, jarsFolder } from "../../../packages/cli/src/spark/jars.ts";
import { sparkJava } from "../../../packages/cli/src/spark/java.ts";
import { buildLambdas } from "../../build-lambdas.ts";
import { pythonEnvironment } from "../../python/environment.ts";
import { mochaTests, nothing, type Outcome } from "../outcome.ts";

const environments = {
  airflow: "airflow/requirements-test.txt",
  "local-aws": "packages/local-aws/requirements.txt",
  spark: "spark/requirements.txt",
} as const;

export async function nights(): Promise<Outcome> {
  for (const [name, lock] of Object.entries(environments)) {
    const python = await pythonEnvironment(name, lock);
    if (typeof python !== "string") return { ...nothing, skipped: [`nights: no ${python.missing}`] };
  }
  await sparkJava(console.log);
  await ensureJars(jarsFolder());
  // As they are now: the stacks deploy them.
  await buildLambdas();
  // Each night begins where the one before has ended.
  return mochaTests("nights", ["airflow/nights/**/*.test.ts"], ["--bail"]);
}
