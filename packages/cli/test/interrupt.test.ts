/** A command that is stopped in the middle: it says so, leaves nothing behind, and the same command does the rest. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import path from "node:path";
import { businessDates } from "@sales-etl/etl-core/landing";
import { expect } from "chai";
import { root, start } from "./support/command.ts";
import { land } from "./support/landing.ts";
import { factLines } from "./support/warehouse.ts";
import { workspace } from "./support/workspace.ts";

const dates = businessDates("2020-01-05", "2020-01-18");
const range = ["--from", dates[0] ?? "", "--to", dates.at(-1) ?? ""];

describe("a command that is interrupted", function () {
  this.timeout("120s");
  const { folder, landing, warehouse } = workspace();
  const temporary = path.join(folder, "temporary");

  before(async () => {
    mkdirSync(temporary);
    const calendar = dates.map(
      (date, index) => `${date},${index % 7},${index < 7 ? "202002,2020,2" : "202003,2020,3"}`,
    );
    for (const date of dates)
      await land(landing, date, { sales: `1,10,1,${date},1,1.00`, calendar: calendar.join("\n") });
  });

  /** Stopped once the first date is done. */
  const stopped = async (signal: NodeJS.Signals, ...args: string[]) => {
    const command = start([...args, "--landing", landing, "--warehouse", warehouse], root, { TMPDIR: temporary });
    command.child.stderr.on("data", (text: string) => {
      if (text.includes(`${dates[0]}  accepted`)) command.child.kill(signal);
    });
    return command.done;
  };

  it("says so, for programs in the document, and ends by the signal; nothing is published", async () => {
    const people = await stopped("SIGINT", "run", ...range);
    expect([people.signal, people.code, people.stdout]).to.deep.equal(["SIGINT", null, ""]);
    expect(people.stderr).to.contain("sales-etl: interrupted; nothing is published by halves");
    const program = await stopped("SIGTERM", "run", ...range, "--json");
    expect(program.signal).to.equal("SIGTERM");
    expect(JSON.parse(program.stdout).error).to.include({ code: "INTERRUPTED", path: null });
    expect(existsSync(path.join(warehouse, "current.json"))).to.equal(false);
  });

  it("is named by the doctor until the next run", async () => {
    await stopped("SIGINT", "run", ...range);
    const doctor = await start(["doctor", "--for", "run", "--warehouse", warehouse]).done;
    expect(doctor.stdout).to.match(/warning {2}runs {2}\S+ was interrupted: nothing to do/);
  });

  it("leaves no temporary folder of a plan", async () => {
    const plan = await stopped("SIGINT", "backfill", ...range, "--plan");
    expect(plan.signal).to.equal("SIGINT");
    expect(readdirSync(temporary)).to.deep.equal([]);
  });

  it("does the rest the next time", async () => {
    const { code } = await start(["run", ...range, "--landing", landing, "--warehouse", warehouse]).done;
    expect(code).to.equal(0);
    // Two weeks of seven lines of 1 unit.
    expect((await factLines(warehouse)).slice(1).map((line) => line.split(",").slice(0, 4).join(","))).to.deep.equal([
      ...["202002,1,10,7.00", "202003,1,10,7.00"],
    ]);
  });
});

/** The machine's own Node, where it is one that is too old for the sources. */
const oldNode = ["/usr/bin/node", "/usr/local/bin/node", "/bin/node"].find((file) => {
  const { stdout } = spawnSync(file, ["--version"], { encoding: "utf8" });
  return /^v(?:[0-9]|1[0-9]|2[01])[.]/.test(stdout ?? "");
});

describe("the command under an old Node", () => {
  it("goes on under the one that the checkout brings along, with its exit code", function () {
    if (oldNode === undefined) return this.skip();
    const bin = path.join(root, "packages", "cli", "bin", "sales-etl.js");
    const env = { ...process.env, NODE_OPTIONS: "" };
    const { status, stdout } = spawnSync(oldNode, [bin, "fly", "--json"], { encoding: "utf8", env });
    expect([status, JSON.parse(stdout).error.code]).to.deep.equal([2, "USAGE"]);
  });
});
