/** The packages as other teams get them: built JavaScript, without this checkout's sources. */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { buildPackages } from "../../build.ts";
import { add, commandTest, nothing, type Outcome } from "../outcome.ts";
import { root } from "../process.ts";

/** Copies what npm would publish of a package. */
function install(name: string, target: string): void {
  const source = path.join(root, "packages", name);
  const manifest = JSON.parse(readFileSync(path.join(source, "package.json"), "utf8")) as { files: string[] };
  for (const file of [...manifest.files, "package.json"]) {
    cpSync(path.join(source, file), path.join(target, file), { recursive: true });
  }
}

export async function packages(): Promise<Outcome> {
  if (!(await buildPackages())) return { ...nothing, failed: 1 };
  const folder = mkdtempSync(path.join(tmpdir(), "sales-etl-packages-"));
  try {
    const modules = path.join(folder, "node_modules");
    const [core, cli] = [path.join(modules, "@sales-etl", "etl-core"), path.join(modules, "@sales-etl", "cli")];
    install("etl-core", core);
    install("cli", cli);
    // Their dependencies, as a registry would bring them.
    for (const name of [
      "papaparse",
      "zod",
      "@duckdb",
      "commander",
      "echarts",
      "zrender",
      "tslib",
      "@aws-sdk",
      "@smithy",
    ]) {
      symlinkSync(path.join(root, "node_modules", name), path.join(modules, name));
    }
    const { exports } = JSON.parse(readFileSync(path.join(core, "package.json"), "utf8")) as { exports: object };
    const entries = Object.keys(exports).filter((entry) => !entry.includes("*") && !entry.endsWith(".json"));
    // From a file beside the packages: Node looks for them upward of the importing file.
    const script = path.join(folder, "import-all.mjs");
    writeFileSync(script, entries.map((entry) => `import "@sales-etl/etl-core${entry.slice(1)}";`).join("\n"));
    let outcome = await commandTest(`every export of etl-core can be imported (${entries.length})`, process.execPath, [
      script,
    ]);
    outcome = add(
      outcome,
      await commandTest("the built command runs", process.execPath, [
        path.join(cli, "bin", "sales-etl.js"),
        "--version",
      ]),
    );
    const program = path.join(folder, "spark-program.mjs");
    writeFileSync(
      program,
      `import { readdirSync } from "node:fs";
import { checkout, programFolder } from ${JSON.stringify(path.join(cli, "dist", "spark", "program.js"))};
const files = readdirSync(programFolder).sort().join(" ");
if (checkout !== null || files !== "main.py requirements-java.txt requirements-run.txt sales_etl_spark") throw new Error(files);`,
    );
    outcome = add(
      outcome,
      await commandTest("the command brings the Spark program with it", process.execPath, [program]),
    );
    return outcome;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
