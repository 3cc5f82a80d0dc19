/**
 * The workflows that deploy from GitHub; and the arguments of all Pulumi programs against the real Terraform provider, which @pulumi/aws is made from, where a
 * folder with that check is named by PROVIDER_CHECK.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pythonEnvironment } from "../../python/environment.ts";
import { add, commandTest, nothing, type Outcome } from "../outcome.ts";
import { root, run } from "../process.ts";

/** The settings as they are, and prod's with all that can be turned on. */
const deployments = [
  { name: "dev", environment: "dev" },
  { name: "prod", environment: "prod" },
  { name: "everything", environment: "prod" },
] as const;

/** Their folders, in the order in which they are deployed. */
const projects = [".", "stacks/pipeline", "stacks/bi", "stacks/source"] as const;

/** What the provider of the check is too old to know. */
const newerThanTheProvider = [
  "::sales-etl-(dev|prod)-(validate-landing|trigger-dag|host-power)-function runtime: expected runtime to be one of \\[[^\\]]*\\], got nodejs24\\.x$",
];

export async function stacks(): Promise<Outcome> {
  return add(await workflows(), await providerCheck());
}

/** What deploys from GitHub, by GitHub's schema; what it does there is in stacks/workflows.test.ts. */
async function workflows(): Promise<Outcome> {
  const python = await pythonEnvironment("workflows", "scripts/python/workflows.txt");
  if (typeof python !== "string")
    return { ...nothing, skipped: [`workflows by GitHub's schema: no ${python.missing}`] };
  const folder = path.join(root, ".github/workflows");
  const files = readdirSync(folder).map((name) => path.join(folder, name));
  return commandTest("the workflows are what GitHub takes", python, [
    ...["-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows"],
    ...files,
  ]);
}

async function providerCheck(): Promise<Outcome> {
  const source = process.env.PROVIDER_CHECK;
  const skip = (missing: string): Outcome => ({ ...nothing, skipped: [`provider check of the stacks: ${missing}`] });
  if (source === undefined || source === "") return skip("PROVIDER_CHECK names no folder with it");
  if (!existsSync(path.join(source, "provider-check.mjs"))) return skip(`${source} has no provider-check.mjs`);

  const built = await buildLambdas();
  if (built.failed > 0) return built;
  const folder = path.join(root, ".cache/provider-check");
  copySources(source, folder);
  if (!existsSync(path.join(folder, "node_modules"))) {
    const installed = await run("npm", ["ci", "--omit=dev", "--no-audit", "--no-fund"], { cwd: folder });
    if (installed !== 0) {
      rmSync(path.join(folder, "node_modules"), { recursive: true, force: true });
      console.log("  ✘ the provider check can be installed");
      return { ...nothing, failed: 1 };
    }
  }
  let outcome = built;
  for (const deployment of deployments) {
    const found = await checkDeployment(folder, deployment);
    if (found === "no provider") return add(outcome, skip("its provider binary is not on this machine"));
    console.log(`  ${found ? "✔" : "✘"} provider check of all stacks, ${deployment.name}`);
    outcome = add(outcome, found ? { ...nothing, passed: 1 } : { ...nothing, failed: 1 });
  }
  return outcome;
}

/** The projects with the settings of everything.yaml: beside each other in a folder of their own, as settings are by folder. */
async function everythingOn(environment: "dev" | "prod"): Promise<string[]> {
  const { settingsOf } = await import("../../../infra/testing/stacks.ts");
  const base = path.join(root, ".cache/provider-check-everything");
  rmSync(base, { recursive: true, force: true });
  return projects.map((project, index) => {
    const source = path.join(root, project);
    const folder = path.join(base, String(index));
    mkdirSync(folder, { recursive: true });
    const text = readFileSync(path.join(source, "Pulumi.yaml"), "utf8");
    const main = path.join(source, /^main: (.+)$/m.exec(text)?.[1] ?? "");
    writeFileSync(
      path.join(folder, "Pulumi.yaml"),
      text.replace(/^main: .+$/m, `main: ${path.relative(folder, main)}`).replace(/^stackConfigDir: .+\n/m, ""),
    );
    // JSON is YAML.
    const config = JSON.stringify({ config: settingsOf(environment, "everything") });
    writeFileSync(path.join(folder, `Pulumi.${environment}.yaml`), config);
    return folder;
  });
}

/** The pipeline deploys bundles. */
async function buildLambdas(): Promise<Outcome> {
  return commandTest("the Lambdas can be built", process.execPath, ["scripts/build-lambdas.ts"]);
}

interface Report {
  readonly summary: { readonly checked: number };
  readonly resources: readonly { readonly kind: string; readonly type: string }[];
}

/** Docker's, Snowflake's, and our own: their providers have tests of their own. */
const notOfAws: readonly string[] = [
  "docker:index/image:Image",
  "snowflake:index/fileFormat:FileFormat",
  "snowflake:index/procedureJavascript:ProcedureJavascript",
  "snowflake:index/stage:Stage",
  "snowflake:index/storageIntegration:StorageIntegration",
  "snowflake:index/task:Task",
  "pulumi-nodejs:dynamic/sales-etl:ArtifactSet",
  "pulumi-nodejs:dynamic/sales-etl:EmrRelease",
  "pulumi-nodejs:dynamic/sales-etl:IcebergTable",
];

async function checkDeployment(
  folder: string,
  { name, environment }: (typeof deployments)[number],
): Promise<boolean | "no provider"> {
  const report = path.join(root, `.cache/provider-check-${name}.json`);
  const checked =
    name === "everything" ? await everythingOn(environment) : projects.map((project) => path.join(root, project));
  rmSync(report, { force: true });
  const code = await run(process.execPath, [
    path.join(folder, "provider-check.mjs"),
    ...checked.flatMap((project) => ["--project", project]),
    ...["--stack", environment, "--json", report],
    ...newerThanTheProvider.flatMap((accepted) => ["--accept", accepted]),
  ]);
  if (code === 3) return "no provider";
  if (code !== 0 || !existsSync(report)) return false;
  const { summary, resources } = JSON.parse(readFileSync(report, "utf8")) as Report;
  // A resource that the check does not know is no proof of anything.
  const unknown = resources.filter(({ kind, type }) => kind === "unchecked" && !notOfAws.includes(type));
  for (const { type } of unknown) console.log(`  ${type} was not checked`);
  return summary.checked > 0 && unknown.length === 0;
}

/** Byte by byte: the source may be read-only, and `npm ci` must be able to write beside the copy. */
function copySources(source: string, target: string): void {
  for (const entry of readdirSync(source, { withFileTypes: true })) {
    const [from, to] = [path.join(source, entry.name), path.join(target, entry.name)];
    if (entry.isDirectory() && !["node_modules", "test"].includes(entry.name)) copySources(from, to);
    if (!entry.isFile()) continue;
    mkdirSync(target, { recursive: true });
    rmSync(to, { force: true });
    writeFileSync(to, readFileSync(from));
  }
}
