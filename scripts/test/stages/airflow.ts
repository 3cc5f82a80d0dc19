/** The DAG: lint, format, its structure, and whole runs against a local AWS. */
import { pythonEnvironment } from "../../python/environment.ts";
import { add, commandTest, nothing, type Outcome, pytestTests } from "../outcome.ts";

export async function airflow(): Promise<Outcome> {
  const python = await pythonEnvironment("airflow", "airflow/requirements-test.txt");
  const emulator = await pythonEnvironment("local-aws", "packages/local-aws/requirements.txt");
  if (typeof python !== "string") return { ...nothing, skipped: [`airflow: no ${python.missing}`] };
  if (typeof emulator !== "string") return { ...nothing, skipped: [`airflow: no ${emulator.missing}`] };
  const ruff = (...args: string[]) => ["-m", "ruff", ...args, "--no-cache", "airflow"];
  let outcome = await commandTest("airflow: lint (ruff)", python, ruff("check"));
  outcome = add(outcome, await commandTest("airflow: format (ruff)", python, ruff("format", "--check")));
  return add(outcome, await pytestTests("airflow", python, "airflow", { SALES_ETL_EMULATOR_PYTHON: emulator }));
}
