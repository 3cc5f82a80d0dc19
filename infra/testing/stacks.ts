import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { type Recording, type RecordOptions, record } from "./record.ts";

export const environments = ["dev", "prod"] as const;
export type Environment = (typeof environments)[number];

/** The settings of an environment as they are, or with all that can be turned on: see everything.yaml. */
export type Extent = "as it is" | "everything";

export type Foundation = typeof import("../../stacks/foundation/index.ts");
export type Pipeline = typeof import("../../stacks/pipeline/index.ts");
export type SourceStack = typeof import("../../stacks/source/index.ts");

export type BiStack = typeof import("../../stacks/bi/index.ts");

/** For a deployment that is really made. */
export interface RunOptions extends Pick<RecordOptions, "create" | "config" | "place"> {
  /** The outputs of the foundation that is there. @default those of one that is recorded */
  readonly foundation?: Readonly<Record<string, unknown>>;
}

type Run<Stack> = (environment: Environment, extent?: Extent, options?: RunOptions) => Promise<Recording<Stack>>;

/** Runs the foundation's program under mocks with the settings of an environment. */
export const runFoundation: Run<Foundation> = (environment, extent, { config, ...more } = {}) =>
  // The query makes Node run the module again for each call.
  record(async () => ({ ...((await import(`../../stacks/foundation/index.ts?run=${++runs}`)) as Foundation) }), {
    stack: environment,
    config: { ...settingsOf(environment, extent), ...config },
    ...more,
  });

/** Runs the pipeline's program on the outputs of {@link runFoundation}. */
export const runPipeline: Run<Pipeline> = (environment, extent, options) => {
  buildLambdas();
  return onFoundation(
    environment,
    extent,
    async () => ({ ...((await import(`../../stacks/pipeline/index.ts?run=${++runs}`)) as Pipeline) }),
    options,
  );
};

/** As {@link runPipeline}, for what exports to the landing. */
export const runSource: Run<SourceStack> = (environment, extent) =>
  onFoundation(environment, extent, async () => ({
    ...((await import(`../../stacks/source/index.ts?run=${++runs}`)) as SourceStack),
  }));

/** As {@link runPipeline}, for the dashboards. */
export const runBi: Run<BiStack> = (environment, extent) =>
  onFoundation(environment, extent, async () => ({
    ...((await import(`../../stacks/bi/index.ts?run=${++runs}`)) as BiStack),
  }));

/** All stacks, in the order in which they are deployed. */
export const stackRuns = { foundation: runFoundation, pipeline: runPipeline, bi: runBi, source: runSource } as const;

async function onFoundation<Stack>(
  environment: Environment,
  extent: Extent | undefined,
  program: () => Promise<Stack>,
  { config, foundation, ...more }: RunOptions = {},
) {
  const outputs = foundation ?? (await runFoundation(environment, extent)).result;
  return record(program, {
    stack: environment,
    config: { ...settingsOf(environment, extent), ...config },
    stacks: { [`organization/sales-etl/${environment}`]: outputs },
    ...more,
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
export function settingsOf(environment: Environment, extent: Extent = "as it is"): Record<string, string> {
  // Pulumi's own reader of these files; it brings it along.
  const yaml = createRequire(fileURLToPath(import.meta.resolve("@pulumi/pulumi")))("js-yaml");
  const read = (file: string) => yaml.load(readFileSync(path.join(root, file), "utf8")).config;
  const more = extent === "everything" ? read("infra/testing/everything.yaml") : {};
  return Object.fromEntries(
    Object.entries({ ...read(`Pulumi.${environment}.yaml`), ...more }).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}
