/** What is derived from the contract, read by the tools it is meant for: linters, parsers, a local Snowflake, Spark. */
import path from "node:path";
import { pythonEnvironment } from "../../python/environment.ts";
import { add, commandTest, nothing, type Outcome, pytestTests } from "../outcome.ts";
import { root } from "../process.ts";

const folder = "packages/etl-core/test/contract";

export async function contract(): Promise<Outcome> {
  const python = await pythonEnvironment("contract", `${folder}/requirements.txt`);
  const spark = await pythonEnvironment("spark", "spark/requirements.txt");
  if (typeof python !== "string") return { ...nothing, skipped: [`contract: no ${python.missing}`] };
  if (typeof spark !== "string") return { ...nothing, skipped: [`contract: no ${spark.missing}`] };
  const derived = path.join(root, ".cache", "contract");
  const derive = ["--conditions=@sales-etl/source", path.join(root, folder, "derive.ts"), derived];
  let outcome = await commandTest("contract: both data sets go through every exporter", process.execPath, derive);
  if (outcome.failed > 0) return outcome;
  const ruff = (...args: string[]) => ["-m", "ruff", ...args, "--no-cache", folder];
  outcome = add(outcome, await commandTest("contract: lint (ruff)", python, ruff("check")));
  outcome = add(outcome, await commandTest("contract: format (ruff)", python, ruff("format", "--check")));
  const env = { SALES_ETL_DERIVED: derived };
  outcome = add(outcome, await pytestTests("contract", python, `${folder}/derived`, env));
  return add(outcome, await pytestTests("contract-spark", spark, `${folder}/spark`, env));
}
