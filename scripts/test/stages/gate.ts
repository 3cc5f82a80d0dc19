/** The gate as it is deployed: bundled Lambdas in a local AWS. */
import { buildLambdas } from "../../build-lambdas.ts";
import { pythonEnvironment } from "../../python/environment.ts";
import { add, mochaTests, nothing, type Outcome } from "../outcome.ts";

export async function gate(): Promise<Outcome> {
  const bundles = await buildLambdas();
  for (const { name, bytes } of bundles) console.log(`  ✔ bundle ${name}: ${(bytes / 1024).toFixed(0)} KB`);
  const built = { ...nothing, passed: bundles.length };
  const python = await pythonEnvironment("local-aws", "packages/local-aws/requirements.txt");
  if (typeof python !== "string") {
    return add(built, { ...nothing, skipped: [`gate: the Lambdas in a local AWS; missing: ${python.missing}`] });
  }
  return add(
    built,
    await mochaTests("gate", ["packages/lambdas/test/**/*.test.ts", "packages/local-aws/test/**/*.test.ts"]),
  );
}
