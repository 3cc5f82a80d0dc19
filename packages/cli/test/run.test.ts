import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { openEngine } from "../src/engine/duckdb.ts";
import { salesEtl, scratch, start } from "./support/command.ts";
import { land } from "./support/landing.ts";
import { factLines, query, stateOf } from "./support/warehouse.ts";

const HEADER =
  "yr_wk_num,store_key,prod_key,sales_qty,sales_amt,avg_price,stock_on_hand_eow,stock_as_of_dt,days_tracked,out_of_stock_days,pct_in_stock";

/** The error of a command that was asked for `--json`. */
const errorOf = (stdout: string): { code: string; message: string; path?: string } => JSON.parse(stdout).error;

describe("sales-etl run", () => {
  describe("a corrected date", () => {
    const folder = scratch();
    const [landing, warehouse] = [path.join(folder, "landing"), path.join(folder, "warehouse")];
    const run = (...dates: string[]) =>
      salesEtl("run", "--landing", landing, "--warehouse", warehouse, "--json", ...dates);

    it("publishes the weeks that its rows lie in, also the one before", async () => {
      // Monday's file brings a late row of the Saturday before: two weeks are touched.
      await land(landing, "2020-01-04", { sales: "1,10,1,2020-01-04,2,5.00" });
      await land(landing, "2020-01-06", {
        sales: "2,10,1,2020-01-06,3,10.00\n3,10,1,2020-01-04,1,2.50",
        inventory: "2020-01-06,1,10,4,0",
      });
      const { code, stdout } = await run("--from", "2020-01-04", "--to", "2020-01-06");
      // 2020-01-05 was never delivered: it is incomplete, the others are published all the same.
      expect(code).to.equal(1);
      const { dates, runId } = JSON.parse(stdout);
      expect(dates.map(({ seconds: _seconds, ...date }: { seconds: number }) => date)).to.deep.equal([
        {
          businessDate: "2020-01-04",
          verdict: "accepted",
          rowsAccepted: 8,
          rowsRejected: 0,
          weeksRestated: [202001],
          changed: true,
        },
        {
          businessDate: "2020-01-05",
          verdict: "incomplete",
          rowsAccepted: 0,
          rowsRejected: 0,
          weeksRestated: [],
          changed: false,
        },
        {
          businessDate: "2020-01-06",
          verdict: "accepted",
          rowsAccepted: 10,
          rowsRejected: 0,
          weeksRestated: [202001, 202002],
          changed: true,
        },
      ]);
      expect(runId).to.equal(stateOf(warehouse).runId);
      expect(await factLines(warehouse)).to.deep.equal([
        HEADER,
        "202001,1,10,3.00,7.50,2.5000,,,0,0,",
        "202002,1,10,3.00,10.00,3.3333,4.00,2020-01-06,1,0,1.0000",
      ]);
    });

    it("changes nothing a second time, and says so", async () => {
      const before = readFileSync(path.join(warehouse, "current.json"), "utf8");
      const { code, stdout, stderr } = await run("--date", "2020-01-06");
      expect(code).to.equal(0);
      expect(JSON.parse(stdout).dates[0]).to.include({ changed: false, rowsAccepted: 10 });
      expect(stderr).to.contain("Nothing changed: 1 date already published");
      expect(readFileSync(path.join(warehouse, "current.json"), "utf8")).to.equal(before);
    });

    it("replaces the rows of the corrected file and restates the weeks of the old rows and the new", async () => {
      await land(landing, "2020-01-06", { sales: "2,10,1,2020-01-06,3,12.00", inventory: "2020-01-06,1,10,4,0" });
      const { code, stdout } = await run("--date", "2020-01-06");
      expect(code).to.equal(0);
      expect(JSON.parse(stdout).dates[0].weeksRestated).to.deep.equal([202001, 202002]);
      expect(await factLines(warehouse)).to.deep.equal([
        HEADER,
        "202001,1,10,2.00,5.00,2.5000,,,0,0,",
        "202002,1,10,3.00,12.00,4.0000,4.00,2020-01-06,1,0,1.0000",
      ]);
    });

    it("leaves what is published as it is when the correction is rejected", async () => {
      const before = await factLines(warehouse);
      await land(landing, "2020-01-06", { sales: "2,10,1,2020-01-06,many,12.00" });
      const { code, stdout, stderr } = await run("--date", "2020-01-06");
      expect(code).to.equal(1);
      expect(JSON.parse(stdout).dates[0]).to.include({
        verdict: "rejected",
        changed: false,
        rowsAccepted: 0,
        rowsRejected: 1,
      });
      expect(stderr).to.contain('VALUE_NOT_DECIMAL  sales/dt=2020-01-06/sales_2020-01-06.csv:2  sales_qty = "many"');
      expect(await factLines(warehouse)).to.deep.equal(before);
      expect(existsSync(path.join(warehouse, stateOf(warehouse).reports["2020-01-06"] ?? ""))).to.equal(true);
    });

    it("forgets the rejection when the accepted file comes back", async () => {
      await land(landing, "2020-01-06", { sales: "2,10,1,2020-01-06,3,12.00", inventory: "2020-01-06,1,10,4,0" });
      const { code, stdout } = await run("--date", "2020-01-06");
      expect([code, JSON.parse(stdout).dates[0].changed]).to.deep.equal([0, false]);
      const state = stateOf(warehouse);
      expect(state.reports["2020-01-06"]).to.equal(state.dates["2020-01-06"]?.report);
    });

    it("ends at the first date that is not accepted with --stop", async () => {
      await land(landing, "2020-01-05", { sales: null });
      const { stdout } = await run("--from", "2020-01-05", "--to", "2020-01-11", "--stop");
      expect(JSON.parse(stdout).dates.map(({ businessDate }: { businessDate: string }) => businessDate)).to.deep.equal([
        "2020-01-05",
      ]);
    });
  });

  it("counts late rows of other files when an old date is delivered again", async () => {
    const folder = scratch();
    const [landing, warehouse] = [path.join(folder, "landing"), path.join(folder, "warehouse")];
    const run = (date: string) => salesEtl("run", "--landing", landing, "--warehouse", warehouse, "--date", date);
    // Monday of the next week brings a late row for Saturday's week; then Saturday's own file is corrected.
    await land(landing, "2020-01-04", { sales: "1,10,1,2020-01-04,1,1.00" });
    await land(landing, "2020-01-06", { sales: "2,10,1,2020-01-04,1,2.00" });
    await run("2020-01-04");
    await run("2020-01-06");
    await land(landing, "2020-01-04", { sales: "1,10,1,2020-01-04,1,1.50" });
    expect((await run("2020-01-04")).code).to.equal(0);
    expect(await factLines(warehouse)).to.deep.equal([HEADER, "202001,1,10,2.00,3.50,1.7500,,,0,0,"]);
  });

  it("sees a change of the same size also where the manifest has no SHA-256", async () => {
    const folder = scratch();
    const [landing, warehouse] = [path.join(folder, "landing"), path.join(folder, "warehouse")];
    const run = () => salesEtl("run", "--landing", landing, "--warehouse", warehouse, "--date", "2020-01-06", "--json");
    await land(landing, "2020-01-06", { sales: "1,10,1,2020-01-06,1,1.00" });
    const manifest = path.join(landing, "_manifest", "dt=2020-01-06", "manifest.json");
    writeFileSync(manifest, readFileSync(manifest, "utf8").replaceAll(/,\s*"sha256": "[0-9a-f]*"/g, ""));
    await run();
    const file = path.join(landing, "sales", "dt=2020-01-06", "sales_2020-01-06.csv");
    writeFileSync(file, readFileSync(file, "utf8").replace("1.00", "9.00"));
    expect(JSON.parse((await run()).stdout).dates[0].changed).to.equal(true);
    expect((await factLines(warehouse))[1]).to.equal("202002,1,10,1.00,9.00,9.0000,,,0,0,");
  });

  it("reads the folder that it is given, whatever its name", async () => {
    const folder = scratch();
    // As a pattern, x[ab] would be xa.
    const [given, other] = [path.join(folder, "x[ab]"), path.join(folder, "xa")];
    await land(path.join(given, "landing"), "2020-01-06", { sales: "1,10,1,2020-01-06,1,5.00" });
    await land(path.join(other, "landing"), "2020-01-06", { sales: "1,10,1,2020-01-06,1,999.00" });
    for (const home of [other, given]) {
      const args = [
        "--landing",
        path.join(home, "landing"),
        "--warehouse",
        path.join(home, "warehouse"),
        "--date",
        "2020-01-06",
      ];
      expect((await salesEtl("run", ...args)).code).to.equal(0);
    }
    const state = stateOf(path.join(given, "warehouse"));
    const html = readFileSync(path.join(given, "warehouse", "report.html"), "utf8");
    expect(html).to.contain("$5.00").and.not.to.contain("$999.00");
    expect(Object.keys(state.fact)).to.deep.equal(["202002"]);
  });

  it("publishes a first date without rows, and says so in the report", async () => {
    const folder = scratch();
    const [landing, warehouse] = [path.join(folder, "landing"), path.join(folder, "warehouse")];
    await land(landing, "2020-01-06", {});
    const { code, stdout } = await salesEtl(
      "run",
      "--landing",
      landing,
      "--warehouse",
      warehouse,
      "--date",
      "2020-01-06",
      "--json",
    );
    expect([code, JSON.parse(stdout).dates[0].changed]).to.deep.equal([0, true]);
    expect(readFileSync(path.join(warehouse, "report.html"), "utf8")).to.contain("No week has rows yet");
  });

  it("rejects a table in two files that share a key, and goes on with the other dates", async () => {
    const folder = scratch();
    const [landing, warehouse] = [path.join(folder, "landing"), path.join(folder, "warehouse")];
    await land(landing, "2020-01-05", { sales: "1,10,1,2020-01-05,1,1.00" });
    await land(landing, "2020-01-06", { inventory: "2020-01-06,1,10,4,0\n2020-01-06,1,11,4,0" });
    const stock = path.join(landing, "inventory", "dt=2020-01-06");
    const text = readFileSync(path.join(stock, "inventory_2020-01-06.csv"), "utf8").trimEnd().split("\n");
    writeFileSync(
      path.join(stock, "inventory_2020-01-06.part2.csv"),
      `${text[0]}\n${text[2]?.replace("2020-01-06,1,11", "2020-01-06,1,011")}\n`,
    );
    expect((await salesEtl("manifest", "--landing", landing, "--date", "2020-01-06")).code).to.equal(0);
    const { stdout } = await salesEtl(
      "run",
      "--landing",
      landing,
      "--warehouse",
      warehouse,
      "--from",
      "2020-01-05",
      "--to",
      "2020-01-06",
      "--json",
    );
    expect(JSON.parse(stdout).dates.map(({ verdict }: { verdict: string }) => verdict)).to.deep.equal([
      "accepted",
      "rejected",
    ]);
    const report = readFileSync(path.join(warehouse, stateOf(warehouse).reports["2020-01-06"] ?? ""), "utf8");
    expect(report).to.contain("KEY_IN_TWO_FILES").and.contain("inventory_2020-01-06.csv, too");
  });

  it("rejects an export that is another day's, or the day's twice", async () => {
    const folder = scratch();
    const [landing, warehouse] = [path.join(folder, "landing"), path.join(folder, "warehouse")];
    const run = async (date: string) => {
      const { stdout } = await salesEtl(
        "run",
        "--landing",
        landing,
        "--warehouse",
        warehouse,
        "--date",
        date,
        "--json",
      );
      const state = stateOf(warehouse);
      const report = JSON.parse(readFileSync(path.join(warehouse, state.reports[date] ?? ""), "utf8"));
      const codes = report.files.flatMap((file: { problems: { code: string; message: string }[] }) => file.problems);
      return { verdict: JSON.parse(stdout).dates[0].verdict, problems: codes };
    };
    // Sunday's rows again on Monday: within the seven days that a row may be late, so only the bytes tell.
    await land(landing, "2020-01-05", { sales: "1,10,1,2020-01-05,1,1.00\n2,10,1,2020-01-05,1,1.00" });
    expect((await run("2020-01-05")).verdict).to.equal("accepted");
    await land(landing, "2020-01-06", { sales: "1,10,1,2020-01-05,1,1.00\n2,10,1,2020-01-05,1,1.00" });
    const repeated = await run("2020-01-06");
    expect([repeated.verdict, repeated.problems[0].code]).to.deep.equal(["rejected", "FILE_REPEATED"]);
    expect(repeated.problems[0].message).to.contain("sales/dt=2020-01-05/sales_2020-01-05.csv");
    await land(landing, "2020-01-06", {
      sales: "3,10,1,2020-01-06,1,1.00\n4,10,1,2020-01-06,1,1.00\n4,10,1,2020-01-06,1,1.00\n3,10,1,2020-01-06,1,1.00",
    });
    const doubled = await run("2020-01-06");
    expect([doubled.verdict, doubled.problems[0].code]).to.deep.equal(["rejected", "FILE_DOUBLED"]);
    // The same date again is no repetition of itself.
    await land(landing, "2020-01-05", {
      sales: "1,10,1,2020-01-05,1,1.00\n2,10,1,2020-01-05,1,1.00",
      store: "1,New name",
    });
    expect((await run("2020-01-05")).verdict).to.equal("accepted");
  });

  it("keeps rejected rows in quarantine: accepted + rejected = read", async () => {
    const folder = scratch();
    const [landing, warehouse] = [path.join(folder, "landing"), path.join(folder, "warehouse")];
    // One of fifty rows is wrong: 2 %, as much as sales tolerate.
    const good = Array.from({ length: 49 }, (_, index) => `${index},10,1,2020-01-06,1,1.00`);
    await land(landing, "2020-01-06", {
      sales: [...good.slice(0, 20), "99,10,,2020-01-06,1,1.00", ...good.slice(20)].join("\n"),
    });
    const { code, stdout } = await salesEtl(
      "run",
      "--landing",
      landing,
      "--warehouse",
      warehouse,
      "--date",
      "2020-01-06",
      "--json",
    );
    expect(code).to.equal(0);
    // 49 sales and 7 rows of the snapshots.
    expect(JSON.parse(stdout).dates[0]).to.include({ rowsAccepted: 56, rowsRejected: 1 });
    const quarantine = stateOf(warehouse).dates["2020-01-06"]?.quarantine ?? "";
    const rows = await query(warehouse, [quarantine], 'SELECT file, line, "column", value, code FROM rows');
    expect(rows).to.deep.equal([
      {
        file: "sales/dt=2020-01-06/sales_2020-01-06.csv",
        line: "22",
        column: "store_key",
        value: "",
        code: "VALUE_NULL",
      },
    ]);
  });

  it("publishes nothing when a check before publishing fails, and says which rows break which rule", async () => {
    const folder = scratch();
    const [landing, warehouse] = [path.join(folder, "landing"), path.join(folder, "warehouse")];
    await land(landing, "2020-01-07", { sales: "1,10,1,2020-01-07,1,1.00" });
    const { code, stdout } = await salesEtl(
      "run",
      "--landing",
      landing,
      "--warehouse",
      warehouse,
      "--date",
      "2020-01-07",
      "--json",
    );
    expect(code).to.equal(1);
    expect(errorOf(stdout).code).to.equal("QUALITY_CHECK_FAILED");
    expect(errorOf(stdout).message)
      .to.contain('broken rule "every day of sales is in calendar"')
      .and.contain('{"trans_dt":"2020-01-07"}');
    expect(existsSync(path.join(warehouse, "current.json"))).to.equal(false);
  });

  it("ends clearly while another run writes, and touches nothing", async () => {
    const folder = scratch();
    const [landing, warehouse] = [path.join(folder, "landing"), path.join(folder, "warehouse")];
    await land(landing, "2020-01-06");
    mkdirSync(warehouse);
    const holder = await openEngine(path.join(warehouse, "writer.duckdb"));
    try {
      const { code, stdout } = await salesEtl(
        "run",
        "--landing",
        landing,
        "--warehouse",
        warehouse,
        "--date",
        "2020-01-06",
        "--json",
      );
      expect([code, errorOf(stdout).code]).to.deep.equal([2, "WAREHOUSE_BUSY"]);
      expect(existsSync(path.join(warehouse, "current.json"))).to.equal(false);
    } finally {
      holder.close();
    }
  });

  it("is repaired by the next run when it was killed", async function () {
    this.timeout("60s");
    const folder = scratch();
    const landing = path.join(folder, "landing");
    const rows = Array.from({ length: 2000 }, (_, index) => `${index},${index},1,2020-01-06,1,1.25`).join("\n");
    await land(landing, "2020-01-06", { sales: rows });
    const args = (warehouse: string) => ["run", "--landing", landing, "--warehouse", warehouse, "--date", "2020-01-06"];
    const undisturbed = path.join(folder, "undisturbed");
    const started = performance.now();
    expect((await salesEtl(...args(undisturbed))).code).to.equal(0);
    const whole = performance.now() - started;
    const expected = await factLines(undisturbed);
    for (const share of [0.5, 0.65, 0.8, 0.9]) {
      const warehouse = path.join(folder, `killed-${share}`);
      const { child, done } = start(args(warehouse));
      setTimeout(() => child.kill("SIGKILL"), share * whole);
      await done;
      // What a reader finds is the whole state or none.
      if (existsSync(path.join(warehouse, "current.json"))) expect(await factLines(warehouse)).to.deep.equal(expected);
      expect((await salesEtl(...args(warehouse))).code).to.equal(0);
      expect(await factLines(warehouse)).to.deep.equal(expected);
    }
  });

  it("names a warehouse that cannot be written to, and one that is damaged", async () => {
    const folder = scratch();
    const landing = path.join(folder, "landing");
    await land(landing, "2020-01-06");
    const notAFolder = path.join(folder, "file");
    writeFileSync(notAFolder, "");
    const first = await salesEtl(
      "run",
      "--landing",
      landing,
      "--warehouse",
      notAFolder,
      "--date",
      "2020-01-06",
      "--json",
    );
    expect([first.code, errorOf(first.stdout).code]).to.deep.equal([2, "WAREHOUSE_NOT_WRITABLE"]);
    const damaged = path.join(folder, "damaged");
    mkdirSync(damaged);
    writeFileSync(path.join(damaged, "current.json"), "{");
    const second = await salesEtl(
      "run",
      "--landing",
      landing,
      "--warehouse",
      damaged,
      "--date",
      "2020-01-06",
      "--json",
    );
    expect([second.code, errorOf(second.stdout).code]).to.deep.equal([2, "WAREHOUSE_DAMAGED"]);
    expect(readFileSync(path.join(damaged, "current.json"), "utf8")).to.equal("{");
  });
});
