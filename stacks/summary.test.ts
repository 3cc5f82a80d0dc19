/**
 * What each stack makes, as files that a review reads: a change of the programs shows there what it means. After a change
 * that is meant: `UPDATE_SUMMARIES=1 npx mocha stacks/summary.test.ts`, and read the difference.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { type Environment, type Extent, stackRuns } from "../infra/testing/stacks.ts";
import { summaryOf } from "../infra/testing/summary.ts";

const folder = path.join(import.meta.dirname, "summaries");
const deployments: Readonly<Record<string, readonly [Environment, Extent]>> = {
  dev: ["dev", "as it is"],
  prod: ["prod", "as it is"],
  everything: ["prod", "everything"],
};

describe("the summaries of the stacks", () => {
  const names: string[] = [];
  for (const [deployment, [environment, extent]] of Object.entries(deployments)) {
    for (const [stack, run] of Object.entries(stackRuns)) {
      const name = `${stack}.${deployment}.txt`;
      names.push(name);
      it(`${stack}, ${deployment}`, async () => {
        const file = path.join(folder, name);
        const { resources } = await run(environment, extent);
        const made = summaryOf(resources);
        if (process.env.UPDATE_SUMMARIES === "1") {
          mkdirSync(folder, { recursive: true });
          writeFileSync(file, made);
        }
        expect(made, `see the head of ${path.basename(import.meta.filename)}`).to.equal(
          existsSync(file) ? readFileSync(file, "utf8") : "",
        );
      });
    }
  }

  it("are of stacks that there are", () => {
    expect(readdirSync(folder)).to.have.members(names);
  });
});
