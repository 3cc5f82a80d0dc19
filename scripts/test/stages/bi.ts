/** Superset: lint, format; really started over a small warehouse, with its dashboards. */
import { pythonEnvironment } from "../../python/environment.ts";
import { add, commandTest, mochaTests, nothing, type Outcome } from "../outcome.ts";

export async function bi(): Promise<Outcome> {
  const python = await pythonEnvironment("superset", "superset/requirements-local.txt");
  if (typeof python !== "string") return { ...nothing, skipped: [`superset: no ${python.missing}`] };
  const ruff = (...args: string[]) => ["-m", "ruff", ...args, "--no-cache", "superset"];
  let outcome = await commandTest("superset: lint (ruff)", python, ruff("check"));
  outcome = add(outcome, await commandTest("superset: format (ruff)", python, ruff("format", "--check")));
  return add(
    outcome,
    await mochaTests("superset", ["superset/tests/**/*.test.ts"], [], { SALES_ETL_SUPERSET_PYTHON: python }),
  );
}
