/** What the workflows do: against the commands and settings of this repository. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { parseCommand } from "./deploy/command.ts";

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly if?: string;
  readonly needs?: string;
  readonly environment?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly "timeout-minutes"?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

interface Workflow {
  // biome-ignore lint/suspicious/noExplicitAny: events of any kind
  readonly on: Readonly<Record<string, any>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const root = path.resolve(import.meta.dirname, "..");
const folder = path.join(root, ".github/workflows");
// Pulumi's own reader of YAML; it brings it along.
const yaml = createRequire(fileURLToPath(import.meta.resolve("@pulumi/pulumi")))("js-yaml");
const texts = new Map(readdirSync(folder).map((name) => [name, readFileSync(path.join(folder, name), "utf8")]));
const read = (name: string) => yaml.load(texts.get(name) ?? "") as Workflow;
const all = [...texts.keys()].map(read);
const jobs = all.flatMap((workflow) => Object.values(workflow.jobs).map((job) => ({ ...workflow, ...job })));
const runs = ({ steps }: Job) => steps.flatMap(({ run }) => run?.split("\n") ?? []);

describe("the workflows", () => {
  it("check and test each pull request, and comment what it would change", () => {
    const { on, permissions, jobs: of } = read("pull-request.yml");
    expect(on).to.have.property("pull_request");
    expect(permissions).to.deep.equal({ contents: "read" });
    expect(runs(of.check as Job)).to.deep.equal(["npm ci", "npm run check"]);
    expect(runs(of.test as Job)).to.deep.equal(["npm ci", "npm test"]);
    const preview = of.preview as Job;
    expect(preview.needs).to.equal("test");
    expect(preview.permissions).to.deep.equal({
      ...{ contents: "read", "id-token": "write", "pull-requests": "write" },
    });
    // A job of a fork must not get a token of the account.
    expect(preview.if).to.include("github.event.pull_request.head.repo.full_name == github.repository");
    expect(runs(preview).join("\n")).to.match(/gh pr comment .* --body-file comment.md/);
  });

  it("deploy by hand, in the environment that was chosen", () => {
    const { on, permissions, jobs: of } = read("deploy.yml");
    expect(Object.keys(on)).to.deep.equal(["workflow_dispatch"]);
    expect(on.workflow_dispatch.inputs.environment.options).to.deep.equal(["dev", "prod"]);
    expect(permissions).to.deep.equal({ contents: "read", "id-token": "write" });
    expect(of.deploy?.environment).to.match(/^\$\{\{ inputs[.]environment }}$/);
    expect(runs(of.deploy as Job)).to.include.ordered.members(["npm ci", "npm run check"]);
  });

  it("look for drift every night", () => {
    const { on } = read("drift.yml");
    expect(on.schedule).to.have.length(1);
    const [minute, hour, ...rest] = on.schedule[0].cron.split(" ").map((part: string) => Number(part) || part);
    expect(rest).to.deep.equal(["*", "*", "*"]);
    expect(minute).to.be.within(0, 59);
    // Not while the pipeline works, from 02:00 UTC on: a host that is on is no drift.
    expect(hour).to.be.within(20, 23);
  });

  it("sign in to AWS by OIDC alone: no key of it is stored", () => {
    for (const [name, text] of texts) {
      expect(text, name).not.to.match(/AWS_(ACCESS|SECRET)|aws-access-key/i);
      const secrets = [...text.matchAll(/secrets\.(\w+)/g)].map(([, secret]) => secret);
      expect(
        secrets.filter((secret) => secret !== "PULUMI_CONFIG_PASSPHRASE"),
        name,
      ).to.deep.equal([]);
    }
    for (const job of jobs) {
      const signsIn = job.steps.some(({ uses }) => uses?.startsWith("aws-actions/configure-aws-credentials@"));
      expect(job.permissions["id-token"] === "write").to.equal(signsIn);
      if (signsIn) expect(job.environment).to.be.a("string");
    }
  });

  it("run commands that there are, with words that they take", () => {
    const { scripts } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
    let deploys = 0;
    for (const line of jobs.flatMap(runs)) {
      const [, script = ""] = /^npm run (?:--silent )?([\w:]+)/.exec(line) ?? [];
      if (script !== "") expect(scripts, line).to.have.property(script);
      const [, words] = /^npm run (?:--silent )?deploy -- (.*?)(?: >.*)?$/.exec(line) ?? [];
      if (words === undefined) continue;
      deploys++;
      // The environment's name is a variable where the workflow has several.
      const command = parseCommand(words.replace('"$ENVIRONMENT"', "prod").split(" "));
      if (command.action === "up") expect(command.yes).to.equal(true);
    }
    expect(deploys).to.equal(3);
    expect(existsSync(path.join(root, "package-lock.json"))).to.equal(true);
  });

  it("end, and use actions of a version", () => {
    for (const job of jobs) {
      expect(job["timeout-minutes"]).to.be.within(1, 60);
      for (const { uses } of job.steps) if (uses !== undefined) expect(uses).to.match(/^[\w-]+\/[\w-]+@v\d+$/);
    }
  });

  it("never put what others wrote into a shell", () => {
    for (const line of jobs.flatMap(runs)) {
      for (const [, expression] of line.matchAll(/\$\{\{ *([^} ]+) *\}\}/g)) {
        expect(expression, line).to.equal("github.event.pull_request.number");
      }
    }
  });
});
