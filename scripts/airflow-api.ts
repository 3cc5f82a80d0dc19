/**
 * Types of the operations of Airflow's REST API that the Lambda trigger-dag calls, from the OpenAPI documents in Airflow's
 * own wheel:
 *
 *     node scripts/airflow-api.ts
 *
 * writes packages/lambdas/src/trigger-dag/airflow-api.ts anew, for maintainers, after a new version of Airflow. The stage
 * `airflow` fails when the documents say something else about these operations than the committed types do.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pythonEnvironment } from "./python/environment.ts";
import { root } from "./test/process.ts";

export const typesFile = path.join(root, "packages/lambdas/src/trigger-dag/airflow-api.ts");

/** By document: operations as `path method`. */
const wanted = {
  "core_api/openapi/v2-rest-api-generated.yaml": ["/api/v2/monitor/health get", "/api/v2/dags/{dag_id}/dagRuns post"],
  "auth/managers/simple/openapi/v2-simple-auth-manager-generated.yaml": ["/auth/token post"],
} as const;

/** It does not run on TypeScript 7, and takes no 6 either: it brings its own. */
const generator = ["--package=openapi-typescript@7.13.0", "--package=typescript@5.9.3"];

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Json>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Json>> };
}

/**
 * One OpenAPI document of the wanted operations and of all that they refer to, keys sorted.
 *
 * @param python of Airflow's environment
 */
export function wantedApi(python: string): { readonly version: string; readonly document: Json } {
  const program = `
import importlib.metadata, importlib.util, json, pathlib, sys, yaml
# Found, not imported: that would take many seconds.
folder = pathlib.Path(importlib.util.find_spec("airflow").origin).parent / "api_fastapi"
load = lambda text: yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
documents = [load((folder / name).read_text(encoding="utf-8")) for name in json.loads(sys.argv[1])]
print(json.dumps({"version": importlib.metadata.version("apache-airflow"), "documents": documents}))`;
  const output = execFileSync(python, ["-c", program, JSON.stringify(Object.keys(wanted))], {
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  const { version, documents } = JSON.parse(output) as {
    readonly version: string;
    readonly documents: readonly Document[];
  };
  const paths: Record<string, Record<string, Json>> = {};
  const schemas: Record<string, Json> = {};
  for (const [index, operations] of Object.values(wanted).entries()) {
    const { paths: all, components } = documents[index] as Document;
    for (const operation of operations) {
      const [name = "", method = ""] = operation.split(" ");
      const found = all[name]?.[method];
      if (found === undefined) throw new Error(`Airflow ${version} has no ${method.toUpperCase()} ${name}`);
      paths[name] = { ...paths[name], [method]: found };
    }
    collect(Object.values(paths), components.schemas, schemas);
  }
  const { openapi } = documents[0] as Document;
  return {
    version,
    document: sorted({ openapi, info: { title: "Airflow", version }, paths, components: { schemas } }),
  };
}

/** Adds what `value` refers to, and what that refers to. */
function collect(value: Json, from: Readonly<Record<string, Json>>, into: Record<string, Json>): void {
  if (Array.isArray(value)) {
    for (const one of value) collect(one, from, into);
  } else if (typeof value === "object" && value !== null) {
    for (const [key, one] of Object.entries(value)) {
      const name = key === "$ref" && typeof one === "string" ? one.slice("#/components/schemas/".length) : null;
      const schema = name === null || name in into ? undefined : from[name];
      if (name !== null && schema !== undefined) {
        into[name] = schema;
        collect(schema, from, into);
      }
      collect(one, from, into);
    }
  }
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => [key, sorted(one)]),
  );
}

/** Of what the documents say of the operations; a new version of Airflow that says the same changes nothing. */
export function fingerprint(document: Json): string {
  const { info: _, ...rest } = document as { readonly info: Json };
  return createHash("sha256").update(JSON.stringify(rest)).digest("hex");
}

if (import.meta.main) {
  const python = await pythonEnvironment("airflow", "airflow/requirements-test.txt");
  if (typeof python !== "string") throw new Error(`missing: ${python.missing}`);
  const { version, document } = wantedApi(python);
  const folder = mkdtempSync(path.join(tmpdir(), "sales-etl-api-"));
  try {
    const [input, output] = [path.join(folder, "api.json"), path.join(folder, "api.ts")];
    writeFileSync(input, JSON.stringify(document));
    execFileSync("npm", ["exec", "--yes", ...generator, "--", "openapi-typescript", input, "--output", output], {
      cwd: folder,
      stdio: ["ignore", "ignore", "inherit"],
    });
    const types = readFileSync(output, "utf8").replace(/^\/\*\*[\s\S]*?\*\/\s*/, "");
    const header = [
      `// Generated by scripts/airflow-api.ts from the OpenAPI documents of Airflow ${version}. Do not edit.`,
      `// ${fingerprint(document)}`,
    ];
    writeFileSync(typesFile, `${header.join("\n")}\n\n${types}`);
    execFileSync("npx", ["biome", "check", "--write", typesFile], { cwd: root, stdio: "ignore" });
    console.log(path.relative(root, typesFile));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
