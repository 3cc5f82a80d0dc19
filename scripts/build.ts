/** `npm run build`: the packages as JavaScript with types, and the Lambda bundles. */
import { cpSync, rmSync } from "node:fs";
import path from "node:path";
import { buildLambdas } from "./build-lambdas.ts";
import { root, run } from "./test/process.ts";

/** In this order: the command's types come from the core's. */
const packages = ["etl-core", "cli"];

/** @returns false when a package does not compile; tsc has said why */
export async function buildPackages(): Promise<boolean> {
  for (const name of packages) {
    const folder = path.join(root, "packages", name);
    rmSync(path.join(folder, "dist"), { recursive: true, force: true });
    const tsc = path.join(root, "node_modules", ".bin", "tsc");
    if ((await run(tsc, ["-p", path.join(folder, "tsconfig.build.json")])) !== 0) return false;
  }
  packSpark();
  return true;
}

/** The command brings the Spark program with it: the checkout's folder, without its tests. */
function packSpark(): void {
  const [source, target] = [path.join(root, "spark"), path.join(root, "packages", "cli", "dist", "spark", "program")];
  for (const name of ["main.py", "sales_etl_spark", "requirements-run.txt", "requirements-java.txt"]) {
    cpSync(path.join(source, name), path.join(target, name), {
      recursive: true,
      filter: (file) => path.basename(file) !== "__pycache__",
    });
  }
}

if (import.meta.main) {
  if (!(await buildPackages())) process.exit(1);
  for (const { name, bytes } of await buildLambdas()) console.log(`${name}: ${(bytes / 1024).toFixed(0)} KB`);
}
