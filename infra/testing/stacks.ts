import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { type Recording, record } from "./record.ts";

export const environments = ["dev", "prod"] as const;
export type Environment = (typeof environments)[number];

export type Foundation = typeof import("../../stacks/foundation/index.ts");
export type Pipeline = typeof import("../../stacks/pipeline/index.ts");

/** Runs the foundation's program under mocks with the settings of an environment. */
export const runFoundation = (environment: Environment): Promise<Recording<Foundation>> =>
  // The query makes Node run the module again for each call.
  record(async () => ({ ...((await import(`../../stacks/foundation/index.ts?run=${++runs}`)) as Foundation) }), {
    stack: environment,
    config: settingsOf(environment),
  });

/** Runs the pipeline's program on the outputs of {@link runFoundation}. */
export async function runPipeline(environment: Environment): Promise<Recording<Pipeline>> {
  buildLambdas();
  const { result } = await runFoundation(environment);
  return record(async () => ({ ...((await import(`../../stacks/pipeline/index.ts?run=${++runs}`)) as Pipeline) }), {
    stack: environment,
    config: settingsOf(environment),
    stacks: { [`organization/sales-etl/${environment}`]: result },
  });
}

let runs = 0;

const root = path.resolve(import.meta.dirname, "../..");

/** The pipeline deploys bundles: in a fresh clone there are none yet. */
function buildLambdas() {
  const lambdas = ["host-power", "trigger-dag", "validate-landing"];
  if (lambdas.every((name) => existsSync(path.join(root, "packages/lambdas/dist", name, "index.mjs")))) return;
  execFileSync(process.execPath, ["scripts/build-lambdas.ts"], { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
}

/** Pulumi.<environment>.yaml as the engine hands it to a program: everything but text as JSON. */
export function settingsOf(environment: Environment): Record<string, string> {
  // Pulumi's own reader of these files; it brings it along.
  const yaml = createRequire(fileURLToPath(import.meta.resolve("@pulumi/pulumi")))("js-yaml");
  const { config } = yaml.load(readFileSync(path.join(root, `Pulumi.${environment}.yaml`), "utf8"));
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
  );
}
