/** The stages of `npm test`, in order; `npm test -- --only NAME` runs one alone. */
import path from "node:path";
import { add, commandTest, mochaTests, type Outcome } from "./outcome.ts";
import { root } from "./process.ts";
import { airflow } from "./stages/airflow.ts";
import { bi } from "./stages/bi.ts";
import { contract } from "./stages/contract.ts";
import { gate } from "./stages/gate.ts";
import { nights } from "./stages/nights.ts";
import { packages } from "./stages/packages.ts";
import { spark } from "./stages/spark.ts";
import { stacks } from "./stages/stacks.ts";

export interface Stage {
  readonly name: string;
  readonly title: string;
  readonly run: () => Promise<Outcome>;
}

const bin = (name: string) => path.join(root, "node_modules", ".bin", name);

async function check(): Promise<Outcome> {
  const generate = path.join(root, "scripts", "generate.ts");
  const condition = "--conditions=@sales-etl/source";
  let outcome = await commandTest("lint and format", bin("biome"), ["ci", "--error-on-warnings", "."]);
  outcome = add(outcome, await commandTest("types", bin("tsc"), ["-p", "tsconfig.json"]));
  outcome = add(
    outcome,
    await commandTest("generated files are fresh", process.execPath, [condition, generate, "--check"]),
  );
  return add(
    outcome,
    await mochaTests("unit", ["packages/*/src/**/*.test.ts", "infra/**/*.test.ts", "stacks/**/*.test.ts"]),
  );
}

export const stages: readonly Stage[] = [
  { name: "check", title: "types, lint, generated files, unit tests", run: check },
  {
    name: "embedded",
    title: "the command and the sample on the embedded engine",
    run: () => mochaTests("embedded", ["packages/cli/test/**/*.test.ts"]),
  },
  { name: "contract", title: "what is derived from the contract, read by the tools it is for", run: contract },
  { name: "packages", title: "the packages as they are published", run: packages },
  { name: "gate", title: "the Lambdas in a local AWS", run: gate },
  { name: "stacks", title: "the AWS resources against the real provider", run: stacks },
  { name: "spark", title: "the Spark job, and its fact against the embedded engine's", run: spark },
  { name: "airflow", title: "the DAG on Airflow", run: airflow },
  { name: "nights", title: "whole nights, from the clock to the fact, in a local AWS", run: nights },
  { name: "bi", title: "Superset, started over a small warehouse", run: bi },
];
