/** The stages of `npm test`, in order. Each is a folder of tests that a developer can also run alone: `npm test -- --only NAME`. */
import path from "node:path";
import { add, commandTest, mochaTests, nothing, type Outcome } from "./outcome.ts";
import { root } from "./process.ts";

export interface Stage {
  readonly name: string;
  readonly title: string;
  readonly run: () => Promise<Outcome>;
}

const bin = (name: string) => path.join(root, "node_modules", ".bin", name);

async function check(): Promise<Outcome> {
  let outcome = await commandTest("lint and format (biome)", bin("biome"), ["ci", "--error-on-warnings", "."]);
  outcome = add(outcome, await commandTest("types (tsc)", bin("tsc"), ["-p", "tsconfig.json"]));
  return add(outcome, await mochaTests("unit", ["packages/*/src/**/*.test.ts", "infra/**/*.test.ts"]));
}

export const stages: readonly Stage[] = [{ name: "check", title: "types, lint, unit tests", run: check }];

void nothing;
