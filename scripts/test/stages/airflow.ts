/** The DAG: lint, format, its structure, whole runs against a local AWS; the host's boot, and runs begun over REST. */
import { pythonEnvironment } from "../../python/environment.ts";
import { add, commandTest, mochaTests, nothing, type Outcome, pytestTests } from "../outcome.ts";

export async function airflow(): Promise<Outcome> {
  const python = await pythonEnvironment("airflow", "airflow/requirements-test.txt");
  const emulator = await pythonEnvironment("local-aws", "packages/local-aws/requirements.txt");
  if (typeof python !== "string") return { ...nothing, skipped: [`airflow: no ${python.missing}`] };
  if (typeof emulator !== "string") return { ...nothing, skipped: [`airflow: no ${emulator.missing}`] };
  const ruff = (...args: string[]) => ["-m", "ruff", ...args, "--no-cache", "airflow"];
  let outcome = await commandTest("airflow: lint (ruff)", python, ruff("check"));
  outcome = add(outcome, await commandTest("airflow: format (ruff)", python, ruff("format", "--check")));
  outcome = add(
    outcome,
    await mochaTests("airflow-host", ["airflow/tests/**/*.test.ts"], [], { SALES_ETL_AIRFLOW_PYTHON: python }),
  );
  return add(outcome, await pytestTests("airflow", python, "airflow", { SALES_ETL_EMULATOR_PYTHON: emulator }));
}
