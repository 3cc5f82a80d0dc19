/** Every command in the shell examples of README and the pages for a laptop is run, as it stands there. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { businessDates } from "@sales-etl/etl-core/landing";
import { expect } from "chai";
import { landSample } from "../samples/land.ts";
import { openEngine } from "../src/engine/duckdb.ts";
import { root, salesEtlIn, scratch } from "./support/command.ts";
import { land } from "./support/landing.ts";
import { stateOf } from "./support/warehouse.ts";

const pages = ["README.md", "docs/embedded.md", "docs/report.md", "docs/contract.md", "docs/own-data.md"];
const textOf = (page: string) => readFileSync(path.join(root, page), "utf8");

/** The commands of a page's shell blocks, without what stands behind `#`. */
const commandsOf = (page: string): string[] =>
  [...textOf(page).matchAll(/```sh\n([^`]*)```/g)]
    .flatMap(([, block = ""]) => block.split("\n"))
    .map((line) => line.replace(/ +# .*$/, "").replace(/^npm exec sales-etl -- /, "sales-etl "))
    .filter((line) => line.startsWith("sales-etl "));

/** As a shell splits them, as far as these go. */
const wordsOf = (line: string) => (line.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replaceAll('"', "")).slice(1);

describe("the commands of README and docs", function () {
  // Each is a process of its own.
  this.timeout("300s");
  const place = scratch();
  const warehouse = path.join(place, "demo", "warehouse");

  before(async () => {
    const demo = path.join(place, "demo");
    mkdirSync(demo);
    await landSample(demo, businessDates("2017-12-01", "2017-12-30"), () => {});
    // The landing and the warehouse of the examples that are about other sources.
    const landing = path.join(place, "landing");
    const calendar = "2017-12-29,5,201752,2017,52\n2020-01-06,1,202002,2020,2";
    await land(landing, "2020-01-06", { sales: "1,10,1,2020-01-06,1,1.00", calendar });
    await land(landing, "2017-12-29", { sales: "2,10,1,2017-12-29,1,1.00", inventory: null, calendar });
    // Somebody's exports: three shops that sell one thing each day of January.
    const exports = path.join(place, "own", "exports");
    mkdirSync(exports, { recursive: true });
    const days = businessDates("2024-01-01", "2024-01-31");
    const sold = days.flatMap((day, at) => [1, 2, 3].map((shop) => `${day},${shop},tea,${1 + ((at + shop) % 4)},2.50`));
    writeFileSync(path.join(exports, "sales.csv"), `date,store,product,quantity,amount\n${sold.join("\n")}\n`);
  });

  const known = ["init", "land", "run", "backfill", "rollback", "explain", "query", "report", "status", "doctor"];
  it("name every command for a laptop", () => {
    const named = new Set(pages.flatMap(commandsOf).map((line) => wordsOf(line)[0]));
    expect(
      [...known, "validate", "accept", "manifest", "export", "contract"].filter((one) => !named.has(one)),
    ).to.deep.equal([]);
  });

  for (const page of pages) {
    it(`${page}: work as they stand there`, async () => {
      const lines = commandsOf(page);
      expect(lines.length).to.be.greaterThan(1);
      const cwd = page === "docs/own-data.md" ? path.join(place, "own") : place;
      for (const line of lines) {
        const words = wordsOf(line).map((word) => {
          // A run that nobody else has had, and a database that somebody has.
          if (word === "20260102-020000-1a2b3c") return stateOf(warehouse).runs[0]?.runId ?? "";
          return word === "oltp.duckdb" ? path.join("demo", "oltp.duckdb") : word;
        });
        const { code, stdout, stderr } = await salesEtlIn(cwd, ...words);
        expect(code, `${line}\n${stdout}${stderr}`).to.equal(0);
        if (words[0] === "query") expect(stdout.trim().split("\n").length, line).to.be.greaterThan(1);
      }
    });
  }

  it("and the SQL over what current.json names gives what the warehouse says", async () => {
    const [, sql = ""] = /```sql\n(SET VARIABLE fact[^`]*)```/.exec(textOf("docs/embedded.md")) ?? [];
    const engine = await openEngine(":memory:");
    try {
      const [set = "", select = ""] = sql.replaceAll("demo/warehouse", warehouse).split(";\n");
      await engine.run(set);
      const found = await engine.value(select);
      const asked = await salesEtlIn(
        ...[place, "query", "--warehouse", warehouse, "--format", "csv"],
        "SELECT SUM(sales_amt) FROM weekly_fact WHERE yr_wk_num = 201752",
      );
      expect(asked.stdout.split("\n")[1]).to.equal(String(found));
      expect(Number(found)).to.be.greaterThan(0);
    } finally {
      engine.close();
    }
  });
});
