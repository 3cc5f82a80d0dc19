/** docs/operate.md and the workflows name what there is. */
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { parseCommand } from "../../stacks/deploy/command.ts";
import { stackRuns } from "../testing/stacks.ts";
import { commandsIn, problemsOf } from "./runbook-commands.ts";

const root = path.resolve(import.meta.dirname, "../..");
const read = (...parts: string[]) => readFileSync(path.join(root, ...parts), "utf8");
const runbook = read("docs/operate.md");
const chapters = new Map(
  runbook
    .split(/^## /m)
    .slice(1)
    .map((text) => [text.slice(0, text.indexOf("\n")), text] as const),
);
const top = runbook.split(/^## /m)[0] ?? "";
const anchorOf = (title: string) => title.toLowerCase().replaceAll(" ", "-");

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

  it("says what to do about each message of the DAG", () => {
    const codes = [
      ...read("airflow/dags/sales_etl_run/events.py").matchAll(/"AttentionNeeded", \{"code": "([A-Z_]+)"/g),
    ];
    expect(codes.map(([, code]) => code)).to.deep.equal(["MAINTENANCE_FAILED"]);
    expect(top).to.include("| `MAINTENANCE_FAILED` | [");
  });

  it("says what to do about each error of the Lambdas that a person can see", () => {
    const own = [...sources.matchAll(/code: "([A-Z_]+)"|"([A-Z_]+_INVALID)"/g)].map(([, one, other]) => one ?? other);
    // What they throw of etl-core; problems of what landed are in the report, which docs/checks.md explains.
    const ofCore = ["EVENT_NOT_SENT", "RECEIPT_INVALID", "TIME_ZONE_UNKNOWN"];
    const codes = new Set([...own, ...ofCore]);
    expect([...codes].filter((code) => !runbook.includes(`\`${code}\``))).to.deep.equal([]);
  });

  it("has a chapter with the name of each alarm of each stack, to which the table on top leads, and no other's", async () => {
    for (const environment of ["dev", "prod"] as const) {
      const recordings = await Promise.all(Object.values(stackRuns).map((run) => run(environment, "everything")));
      const alarms = recordings
        .flatMap(({ resources }) => resources)
        .filter(({ type }) => type === "aws:cloudwatch/metricAlarm:MetricAlarm")
        .map(({ name }) => name.replace(`sales-etl-${environment}-`, "<prefix>-"));
      expect(alarms.length).to.be.above(10);
      for (const alarm of alarms) {
        const own = [...chapters].filter(([, text]) => text.includes(`\`${alarm}\``)).map(([title]) => title);
        expect(own, `chapters about ${alarm}`).to.have.length(1);
        const [line = ""] = top.split("\n").filter((row) => row.includes(`\`${alarm}\``));
        expect(line, alarm).to.include(`](#${anchorOf(own[0] ?? "")})`);
      }
      const rows = top.split("\n").filter((row) => row.startsWith("| `<prefix>-"));
      const named = rows.flatMap((row) => [...row.matchAll(/`(<prefix>-[a-z-]+)`/g)].map(([, name]) => name));
      expect(named, "alarms of the table").to.have.members(alarms);
    }
  });

  it("leads from each message to a chapter", () => {
    const links = [...runbook.matchAll(/\]\(#([a-z0-9-]+)\)/g)].map(([, link]) => link);
    expect(links.length).to.be.above(12);
    expect([...chapters.keys()].map(anchorOf)).to.include.members(links);
  });

  it("leads to chapters of other documents that there are", () => {
    for (const [, file = "", anchor] of runbook.matchAll(/\]\(([a-z-]+\.md)(?:#([a-z0-9-]+))?\)/g)) {
      const titles = [...read("docs", file).matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) =>
        anchorOf(title.replaceAll(/[`,.]/g, "")),
      );
      if (anchor !== undefined) expect(titles, file).to.include(anchor);
    }
  });

  it("gives commands in each chapter, which exist, with options that exist", async () => {
    for (const [title, text] of chapters) {
      if (title === "Now and then") continue;
      expect(commandsIn(text), title).not.to.be.empty;
    }
    const found = [];
    for (const command of commandsIn(runbook)) found.push(...(await problemsOf(command)));
    expect(found).to.deep.equal([]);
  });

  it("would find a command that does not exist, or an option of it", async () => {
    for (const [command, wrong] of [
      ["aws ec2 stop-instance --instance-ids i-1", "stop-instance"],
      ["aws ec2 stop-instances --instances i-1", "--instances"],
      ["aws sqs purge-queue --url u", "--url"],
      ["npm run deploy -- outputs prod foundatoin", "foundatoin"],
      ["npm exec sales-etl -- gate --date 2017-06-30 --bus b --because x", "--because"],
      ["npm run costs -- prod", "costs"],
      ["sudo systemctl restart sales", "sales"],
      ["sudo docker stats --stream", "--stream"],
      ["rm -rf x", "rm"],
    ] as const) {
      const [problem] = await problemsOf(command);
      expect(problem, command).to.include(wrong);
    }
  });

  it("names outputs that the stacks have", async () => {
    const { result } = await stackRuns.pipeline("prod", "everything");
    const { result: bi } = await stackRuns.bi("prod", "everything");
    const outputs = [...Object.keys(result), ...Object.keys(result.functionNames), ...Object.keys(bi)];
    const known = [...outputs, "prefix", "date", "run", "url", "cluster", "instanceId"];
    for (const [, name = ""] of runbook.matchAll(/<([A-Za-z]+)>/g)) expect(known).to.include(name);
    expect(parseCommand(["outputs", "prod", "pipeline"]).stacks).to.deep.equal(["pipeline"]);
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
