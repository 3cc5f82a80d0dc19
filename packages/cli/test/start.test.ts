import { spawnSync } from "node:child_process";
import { cpSync, existsSync, readFileSync, symlinkSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { openEngine } from "../src/engine/duckdb.ts";
import { root, salesEtlIn, scratch } from "./support/command.ts";
import { query, stateOf } from "./support/warehouse.ts";

/** As a shell splits them, as far as the README goes. */
const words = (line: string) => (line.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replaceAll('"', ""));

describe("npm start", () => {
  const checkout = scratch();
  const warehouse = path.join(checkout, "demo", "warehouse");
  // In a copy, so that a developer's own demo folder stays as it is.
  const start = () =>
    spawnSync(
      process.execPath,
      ["--conditions=@sales-etl/source", path.join(checkout, "packages", "cli", "samples", "start.ts")],
      {
        cwd: checkout,
        encoding: "utf8",
        env: { ...process.env, NODE_OPTIONS: "", NO_COLOR: "1" },
      },
    );

  before(() => {
    for (const file of ["package.json", "packages/cli", "packages/etl-core"])
      cpSync(path.join(root, file), path.join(checkout, file), { recursive: true });
    symlinkSync(path.join(root, "node_modules"), path.join(checkout, "node_modules"));
  });

  it("shows last week's sales and stock of every store, and the faults of one day", async function () {
    this.timeout("120s");
    const { status, stdout, stderr } = start();
    expect(status, stderr).to.equal(0);
    // From the sample's Parquet: store 406 sold 76 units for 128.87 from 2017-12-24 to 12-30, of which one line of
    // 2 units for 1.78 is spoilt; 1018 of 1050 tracked days in stock, 96.95 %, 32 not.
    expect(stdout).to.match(/Store 406 +74 +\$127\.09 +32 +97\.0%/);
    for (const code of [
      "VALUE_NOT_DECIMAL",
      "VALUE_NULL",
      "VALUE_TOO_PRECISE",
      "VALUE_NOT_DATE",
      "VALUE_NOT_INTEGER",
      "FILE_NAME_WRONG",
    ]) {
      expect(stderr).to.contain(code);
    }
    expect(existsSync(path.join(warehouse, "report.html"))).to.equal(true);
  });

  it("adds up to the sample, day by day, to the cent", async () => {
    const { fact, dates } = stateOf(warehouse);
    // Day by day in the sample: 203.56 + 0 (Christmas Day) + 139.54 + 128.36 + 176.75 + 232.03 + 330.15 = 1210.39; the
    // two rejected lines of 2017-12-29 are 1.33 and 0.99: 1210.39 - 2.32 = 1208.07.
    const [week] = await query(warehouse, [fact["201752"] ?? ""], "SELECT SUM(sales_amt) AS amount FROM rows");
    expect(week?.amount).to.equal("1208.07");
    expect(Object.keys(fact)).to.have.length(13);
    expect(Object.keys(dates)).to.have.length(91);
    expect(Object.values(dates).reduce((sum, { rowsRejected }) => sum + rowsRejected, 0)).to.equal(5);
  });

  it("can be read as docs/embedded.md says", async () => {
    const docs = readFileSync(path.join(root, "docs", "embedded.md"), "utf8");
    const sql = /```sql\n([\s\S]*?)```/.exec(docs)?.[1] ?? "";
    const [variable = "", select = ""] = sql
      .replaceAll("demo/warehouse", warehouse)
      .trim()
      .split(/(?<=;)\n/);
    const engine = await openEngine(":memory:");
    try {
      await engine.run(variable);
      expect(await engine.value(select)).to.equal("1208.07");
    } finally {
      engine.close();
    }
  });

  it("changes nothing a second time, and says so", function () {
    this.timeout("60s");
    const before = readFileSync(path.join(warehouse, "current.json"), "utf8");
    const { status, stderr } = start();
    expect(status).to.equal(0);
    expect(stderr).to.contain("Nothing changed: every date is published already.");
    expect(readFileSync(path.join(warehouse, "current.json"), "utf8")).to.equal(before);
  });

  describe("then the README's commands", () => {
    const readme = readFileSync(path.join(root, "README.md"), "utf8");
    const blocks = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)].map((match) => match[1] ?? "");
    const lines = blocks.join("").trimEnd().split("\n");
    const prefix = "npm exec sales-etl -- ";

    it("are all known here: the command, and npm's four", () => {
      const others = lines.filter((line) => !line.startsWith(prefix));
      // `npm test` is what runs this; the last needs an AWS account: stacks/ tests it.
      expect(others).to.deep.equal(["npm start", "npm test", "npm run cost -- dev", "npm run deploy -- up dev"]);
    });

    for (const line of lines.filter((one) => one.startsWith(prefix))) {
      it(line, async () => {
        const { code, stderr } = await salesEtlIn(checkout, ...words(line.slice(prefix.length)));
        expect(code, stderr).to.equal(0);
      });
    }
  });
});
