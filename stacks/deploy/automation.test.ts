/** What the Automation API makes of the engine's methods: with a stub in Pulumi's place that writes down how it was called. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { version } from "@pulumi/pulumi/version.js";
import { expect } from "chai";
import { automationEngine, folders } from "./automation.ts";
import { stackNames } from "./command.ts";

/** As the command answers; `stack rm` has the same flaw: it deletes the settings, too, unless it is told not to. */
const stub = (folder: string) => `#!${process.execPath}
const { appendFileSync, rmSync } = require("node:fs");
const [command, ...rest] = process.argv.slice(2);
appendFileSync(${JSON.stringify(path.join(folder, "calls"))}, JSON.stringify({ cwd: process.cwd(), call: [command, ...rest].join(" ") }) + "\\n");
if (command === "version") console.log("v${version}");
if (command === "config") console.log("{}");
if (command === "stack" && rest[0] === "output") console.log("{}");
if (command === "stack" && rest[0] === "rm" && !rest.includes("--preserve-config")) rmSync(${JSON.stringify(path.join(folder, "settings"))});
if (command === "stack" && rest[0] === "history") {
  const summary = { kind: "destroy", startTime: "2017-07-01T02:00:00.000Z", endTime: "2017-07-01T02:00:01.000Z", message: "", environment: {}, config: {}, result: "succeeded", version: 1, resourceChanges: { delete: 3 } };
  console.log(JSON.stringify([summary]));
}
`;

describe("deploy: the engine on the Automation API", function () {
  this.timeout("60s");
  const folder = mkdtempSync(path.join(tmpdir(), "sales-etl-pulumi-"));
  const usual = process.env.PATH;
  before(() => {
    writeFileSync(path.join(folder, "pulumi"), stub(folder), { mode: 0o755 });
    process.env.PATH = `${folder}${path.delimiter}${usual}`;
  });
  after(() => {
    process.env.PATH = usual;
    rmSync(folder, { recursive: true });
  });
  beforeEach(() => {
    writeFileSync(path.join(folder, "calls"), "");
    writeFileSync(path.join(folder, "settings"), "");
  });
  const calls = () =>
    readFileSync(path.join(folder, "calls"), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { cwd: string; call: string });

  it("removes a destroyed stack, and keeps the settings file that all stacks share", async () => {
    const engine = await automationEngine("dev", () => {});
    for (const name of stackNames) {
      expect(await engine.destroy(name)).to.deep.equal({ delete: 3 });
      const own = calls().filter(({ cwd }) => cwd === folders[name]);
      const at = (word: string) => own.findIndex(({ call }) => call.startsWith(word));
      expect(at("destroy ")).to.be.within(0, at("stack rm ") - 1);
      expect(own[at("stack rm ")]?.call).to.match(/^stack rm --yes --preserve-config dev( |$)/);
    }
    expect(readFileSync(path.join(folder, "settings"), "utf8")).to.equal("");
  });

  it("writes no settings: no command sets, removes or refreshes any of them", async () => {
    const engine = await automationEngine("dev", () => {});
    for (const name of stackNames) {
      await engine.outputs(name);
      await engine.destroy(name);
    }
    const writing =
      /^config (set|set-all|rm|rm-all|refresh|cp|env)\b|--config\b|-c\b|^stack rm (?!.*--preserve-config)/;
    expect(calls().filter(({ call }) => writing.test(call) || / --remove\b/.test(call))).to.deep.equal([]);
  });
});
