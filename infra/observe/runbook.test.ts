/** docs/operate.md and the workflows name what there is. */
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { stackRuns } from "../testing/stacks.ts";

const root = path.resolve(import.meta.dirname, "../..");
const read = (...parts: string[]) => readFileSync(path.join(root, ...parts), "utf8");
const runbook = read("docs/operate.md");

/** The sources of the Lambdas without their tests. */
const sources = readdirSync(path.join(root, "packages/lambdas/src"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
  .map((file) => read("packages/lambdas/src", file))
  .join("\n");

describe("docs/operate.md", () => {
  it("says what to do about each message that a Lambda sends to a person", () => {
    const codes = [...sources.matchAll(/attention\(\s*"([A-Z_]+)"|AttentionNeeded", detail: \{ code: "([A-Z_]+)"/g)];
    const named = codes.map(([, one, other]) => one ?? other);
    expect(named).to.have.members(["HOST_OVER_TIME", "CLUSTER_OVER_TIME", "CLUSTER_LEFT", "DATE_NOT_PUBLISHED"]);
    for (const code of named) expect(runbook).to.include(`\`${code}\``);
  });

  it("says what to do about each error of the Lambdas that a person can see", () => {
    const own = [...sources.matchAll(/code: "([A-Z_]+)"|"([A-Z_]+_INVALID)"/g)].map(([, one, other]) => one ?? other);
    // What they throw of etl-core; problems of what landed are in the report, which docs/checks.md explains.
    const ofCore = ["EVENT_NOT_SENT", "RECEIPT_INVALID", "TIME_ZONE_UNKNOWN"];
    const codes = new Set([...own, ...ofCore]);
    expect([...codes].filter((code) => !runbook.includes(`\`${code}\``))).to.deep.equal([]);
  });

  it("has a line for each alarm", async () => {
    const recordings = await Promise.all(Object.values(stackRuns).map((run) => run("prod", "everything")));
    const alarms = recordings
      .flatMap(({ resources }) => resources)
      .filter(({ type }) => type === "aws:cloudwatch/metricAlarm:MetricAlarm")
      .map(({ name }) => name);
    const kinds = new Set(alarms.map((name) => /-(errors|dead-letters-alarm|ill)$/.exec(name)?.[1] ?? name));
    expect([...kinds]).to.have.members(["errors", "dead-letters-alarm", "ill"]);
    for (const kind of kinds) expect(runbook).to.include(`\`<prefix>-...-${kind}\``);
  });

  it("leads from each message to a chapter", () => {
    const chapters = [...runbook.matchAll(/^## (.+)$/gm)].map(([, title = ""]) =>
      title.toLowerCase().replaceAll(" ", "-"),
    );
    const links = [...runbook.matchAll(/\]\(#([a-z-]+)\)/g)].map(([, link]) => link);
    expect(links).to.have.length(8);
    expect(chapters).to.include.members(links);
  });
});

describe("the workflows", () => {
  const yaml = createRequire(fileURLToPath(import.meta.resolve("@pulumi/pulumi")))("js-yaml");
  const { scripts } = JSON.parse(read("package.json"));

  for (const file of readdirSync(path.join(root, ".github/workflows"))) {
    it(`${file} runs what there is, with as few permissions as it needs`, () => {
      const text = read(".github/workflows", file);
      const workflow = yaml.load(text);
      expect(workflow.permissions).to.include({ contents: "read" });
      const used = [...text.matchAll(/npm run (?:--silent )?([a-z]+)/g)].map(([, name = ""]) => name);
      expect(Object.keys(scripts)).to.include.members(used);
      for (const job of Object.values<{ "timeout-minutes"?: number }>(workflow.jobs)) {
        expect(job["timeout-minutes"]).to.be.a("number");
      }
      // What a person types must not become a part of a script.
      expect(text).not.to.match(/run:.*\$\{\{ *inputs/);
    });
  }
});
