import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { SalesEtlError } from "@sales-etl/etl-core/errors";
import { expect } from "chai";
import { folders } from "./automation.ts";
import { actions, parseCommand, type StackName, stackNames } from "./command.ts";
import { type Changes, type Engine, run } from "./run.ts";

const words = (text: string) => text.split(" ");

describe("deploy: what is asked for", () => {
  it("is all stacks in the order in which they are built, or those that are named", () => {
    expect(parseCommand(words("up dev"))).to.deep.equal({
      action: "up",
      environment: "dev",
      stacks: ["foundation", "pipeline", "bi", "source"],
      yes: false,
      json: false,
      table: null,
    });
    expect(parseCommand(words("up dev pipeline foundation --yes")).stacks).to.deep.equal(["foundation", "pipeline"]);
    expect(parseCommand(words("preview prod pipeline --json"))).to.deep.include({ stacks: ["pipeline"], json: true });
    expect(parseCommand(words("destroy dev")).stacks).to.deep.equal(["source", "bi", "pipeline", "foundation"]);
  });

  const wrong: Readonly<Record<string, string>> = {
    "": "is no action",
    "deploy dev": "deploy is no action",
    "prevew dev": "prevew is no action; did you mean preview?",
    up: "the environment is missing",
    "up test": "test is no environment",
    "up dev pipelin": "pipelin is no stack; did you mean pipeline?",
    "up dev --force": "--force",
    "drop-table dev": "takes one table",
    "drop-table dev a b": "takes one table",
  };
  for (const [text, message] of Object.entries(wrong)) {
    it(`refuses "${text}"`, () => {
      expect(() => parseCommand(words(text)))
        .to.throw(SalesEtlError, message)
        .with.property("code", "USAGE");
    });
  }

  it("takes two keys before data of prod goes", () => {
    for (const text of ["", " --yes", " --delete-data prod", " --yes --delete-data dev", " foundation --yes"]) {
      expect(() => parseCommand(words(`destroy prod${text}`)), text).to.throw(SalesEtlError, "holds all data");
    }
    expect(parseCommand(words("destroy prod --yes --delete-data prod")).stacks).to.include("foundation");
    expect(parseCommand(words("destroy prod pipeline")).stacks).to.deep.equal(["pipeline"]);
    expect(parseCommand(words("destroy dev")).stacks).to.include("foundation");
  });

  it("takes two keys before a table goes, in every environment", () => {
    for (const text of ["", " --yes", " --delete-data old", " --yes --delete-data dev"]) {
      expect(() => parseCommand(words(`drop-table dev old${text}`)), text).to.throw(SalesEtlError, "rows of old");
    }
    expect(parseCommand(words("drop-table dev old --yes --delete-data old"))).to.deep.include({
      ...{ action: "drop-table", environment: "dev", table: "old" },
    });
  });
});

describe("deploy: what is done", () => {
  /** Runs a command on an engine that finds `changes` everywhere, and a person who gives `answers`. */
  async function done(text: string, changes: Changes = { create: 3, same: 1 }, answers: boolean[] = []) {
    const calls: string[] = [];
    const said: string[] = [];
    const call = (action: string) => async (stack: StackName) => {
      calls.push(`${action} ${stack}`);
      return changes;
    };
    const engine: Engine = {
      ...{ preview: call("preview"), up: call("up"), destroy: call("destroy") },
      ...{ refresh: call("refresh"), drift: call("drift"), outputs: async (stack) => ({ name: stack }) },
      dropTable: async (table, outputs) => {
        calls.push(`drop ${table} of ${outputs.name}`);
        return "s3://warehouse/old";
      },
    };
    const result = await run({
      command: parseCommand(words(text)),
      engine,
      ask: async (question) => {
        calls.push(`? ${question}`);
        return answers.shift() ?? false;
      },
      say: (line) => said.push(line),
      build: async () => void calls.push("build"),
    });
    return { calls, result, said };
  }

  it("ends with a summary of all stacks", async () => {
    const { said } = await done("up dev foundation bi --yes");
    expect(said).to.deep.equal([
      ...["up dev: foundation", "  3 create, 1 same", "up dev: bi", "  3 create, 1 same"],
      ...["up dev, all of it:", "  foundation  3 create, 1 same", "  bi          3 create, 1 same"],
    ]);
  });

  it("drops one table where the foundation has it, and deploys nothing", async () => {
    const { calls, said } = await done("drop-table prod old --yes --delete-data old");
    expect(calls).to.deep.equal(["drop old of foundation"]);
    expect(said).to.deep.equal(["old of prod is dropped; its files were in s3://warehouse/old"]);
  });

  it("builds first, shows what would change, asks, and deploys one after the other", async () => {
    const { calls, result } = await done("up dev foundation pipeline", undefined, [true, true]);
    expect(calls).to.deep.equal([
      "build",
      "preview foundation",
      "? Deploy this to foundation of dev?",
      "up foundation",
      "preview pipeline",
      "? Deploy this to pipeline of dev?",
      "up pipeline",
    ]);
    expect(result.exitCode).to.equal(0);
  });

  it("builds for whatever runs our own providers", async () => {
    for (const action of ["preview", "refresh", "drift"]) {
      expect((await done(`${action} dev bi`)).calls).to.deep.equal(["build", `${action} bi`]);
    }
    expect((await done("outputs dev bi")).calls).to.deep.equal([]);
  });

  it("stops at a no, before anything else is changed", async () => {
    const { calls, result } = await done("up dev", undefined, [false]);
    expect(calls.filter((call) => call.startsWith("up"))).to.deep.equal([]);
    expect(result).to.deep.equal({ stacks: [], exitCode: 1 });
  });

  it("asks nobody with --yes, nor when nothing changes", async () => {
    expect((await done("up dev --yes")).calls).to.deep.equal([
      "build",
      "up foundation",
      "up pipeline",
      "up bi",
      "up source",
    ]);
    const { calls } = await done("up dev pipeline", { same: 9 });
    expect(calls).to.deep.equal(["build", "preview pipeline", "up pipeline"]);
  });

  it("destroys in reverse, each after a question", async () => {
    const { calls } = await done("destroy dev foundation pipeline", undefined, [true, false]);
    expect(calls).to.deep.equal([
      "build",
      "? Destroy the stack pipeline of dev?",
      "destroy pipeline",
      "? Destroy the stack foundation of dev?",
    ]);
  });

  it("says by its exit code that there is drift", async () => {
    expect((await done("drift prod", { same: 9, update: 1 })).result.exitCode).to.equal(1);
    expect((await done("drift prod", { same: 9, update: 0 })).result.exitCode).to.equal(0);
    expect((await done("preview prod", { update: 1 })).result.exitCode).to.equal(0);
  });

  it("tells outputs", async () => {
    expect((await done("outputs dev")).result.stacks).to.deep.equal([
      { stack: "foundation", outputs: { name: "foundation" } },
      { stack: "pipeline", outputs: { name: "pipeline" } },
      { stack: "bi", outputs: { name: "bi" } },
      { stack: "source", outputs: { name: "source" } },
    ]);
  });
});

describe("deploy: the command", () => {
  const command = (args: string[], env: NodeJS.ProcessEnv = process.env) => {
    const script = path.join(import.meta.dirname, "../deploy.ts");
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ["--conditions=@sales-etl/source", script, ...args],
      { env, encoding: "utf8" },
    );
    return { status, stdout, stderr };
  };

  it("has help, and exit code 2 for what it does not understand", () => {
    const { status, stdout } = command(["--help"]);
    expect(status).to.equal(0);
    for (const word of [...actions, ...stackNames]) expect(stdout).to.include(word);
    const refused = command(["prevew", "dev", "--json"]);
    expect(refused.status).to.equal(2);
    expect(JSON.parse(refused.stdout).error.code).to.equal("USAGE");
  });

  it("says that pulumi is missing, where it is", () => {
    const folder = mkdtempSync(path.join(tmpdir(), "sales-etl-path-"));
    try {
      const { status, stderr } = command(["preview", "dev"], { ...process.env, PATH: folder });
      expect(status).to.equal(2);
      expect(stderr).to.include("no pulumi on the PATH");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("knows the project of each stack", () => {
    const projects = stackNames.map((name) => readFileSync(path.join(folders[name], "Pulumi.yaml"), "utf8"));
    expect(projects.map((text) => /^name: (.+)$/m.exec(text)?.[1])).to.deep.equal([
      ...["sales-etl", "sales-etl-pipeline", "sales-etl-bi", "sales-etl-source"],
    ]);
  });

  const hasPulumi = spawnSync("pulumi", ["version"]).status === 0;
  const title = "drives the real Pulumi on a backend of files";
  (hasPulumi ? it : it.skip)(hasPulumi ? title : `${title} (missing: pulumi on the PATH)`, () => {
    const folder = mkdtempSync(path.join(tmpdir(), "sales-etl-state-"));
    // A new stack writes its salt into the settings.
    const settings = path.join(folders.foundation, "Pulumi.dev.yaml");
    const before = readFileSync(settings);
    try {
      const backend = { PULUMI_BACKEND_URL: `file://${folder}`, PULUMI_CONFIG_PASSPHRASE: "test" };
      const { status, stdout } = command(["outputs", "dev", "foundation", "--json"], { ...process.env, ...backend });
      expect(status).to.equal(0);
      expect(JSON.parse(stdout)).to.deep.equal({ environment: "dev", stacks: [{ stack: "foundation", outputs: {} }] });
    } finally {
      writeFileSync(settings, before);
      rmSync(folder, { recursive: true });
    }
  });
});
