import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { scratch } from "./support/command.ts";
import { land } from "./support/landing.ts";
import { factLines, stateOf } from "./support/warehouse.ts";
import { FACT_HEADER, workspace } from "./support/workspace.ts";

describe("sales-etl run", () => {
  describe("a corrected date", () => {
    const { landing, warehouse, run } = workspace();

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
        FACT_HEADER,
        "202001,1,10,3.00,7.50,,,,,2.5000,,,,0,0,,0,0,0,0.0000,0.00,0.00,",
        "202002,1,10,3.00,10.00,,,,,3.3333,4.00,,2020-01-06,1,0,1.0000,0,0,0,0.0000,0.00,0.00,1.3333",
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
        FACT_HEADER,
        "202001,1,10,2.00,5.00,,,,,2.5000,,,,0,0,,0,0,0,0.0000,0.00,0.00,",
        "202002,1,10,3.00,12.00,,,,,4.0000,4.00,,2020-01-06,1,0,1.0000,0,0,0,0.0000,0.00,0.00,1.3333",
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
    const { landing, warehouse, run } = workspace();
    // Monday of the next week brings a late row for Saturday's week; then Saturday's own file is corrected.
    await land(landing, "2020-01-04", { sales: "1,10,1,2020-01-04,1,1.00" });
    await land(landing, "2020-01-06", { sales: "2,10,1,2020-01-04,1,2.00" });
    await run("--date", "2020-01-04");
    await run("--date", "2020-01-06");
    await land(landing, "2020-01-04", { sales: "1,10,1,2020-01-04,1,1.50" });
    expect((await run("--date", "2020-01-04")).code).to.equal(0);
    expect(await factLines(warehouse)).to.deep.equal([
      FACT_HEADER,
      "202001,1,10,2.00,3.50,,,,,1.7500,,,,0,0,,0,0,0,0.0000,0.00,0.00,",
    ]);
  });

  it("sees a change of the same size also where the manifest has neither SHA-256 nor totals", async () => {
    const { landing, warehouse, run } = workspace();
    await land(landing, "2020-01-06", { sales: "1,10,1,2020-01-06,1,1.00" });
    const manifest = path.join(landing, "_manifest", "dt=2020-01-06", "manifest.json");
    const { totals: _, ...said } = JSON.parse(readFileSync(manifest, "utf8"));
    writeFileSync(manifest, JSON.stringify(said).replaceAll(/,"sha256":"[0-9a-f]*"/g, ""));
    await run("--date", "2020-01-06");
    const file = path.join(landing, "sales", "dt=2020-01-06", "sales_2020-01-06.csv");
    writeFileSync(file, readFileSync(file, "utf8").replace("1.00", "9.00"));
    expect(JSON.parse((await run("--date", "2020-01-06")).stdout).dates[0].changed).to.equal(true);
    expect((await factLines(warehouse))[1]).to.equal(
      "202002,1,10,1.00,9.00,,,,,9.0000,,,,0,0,,0,0,0,0.0000,0.00,0.00,",
    );
  });

  it("reads the folder that it is given, whatever its name", async () => {
    const folder = scratch();
    // As a pattern, x[ab] would be xa.
    const given = workspace(path.join(folder, "x[ab]"));
    const other = workspace(path.join(folder, "xa"));
    await land(given.landing, "2020-01-06", { sales: "1,10,1,2020-01-06,1,5.00" });
    await land(other.landing, "2020-01-06", { sales: "1,10,1,2020-01-06,1,999.00" });
    for (const { run } of [other, given]) expect((await run("--date", "2020-01-06")).code).to.equal(0);
    const html = readFileSync(path.join(given.warehouse, "report.html"), "utf8");
    expect(html).to.contain("$5.00").and.not.to.contain("$999.00");
    expect(Object.keys(stateOf(given.warehouse).fact)).to.deep.equal(["202002"]);
  });

  it("publishes a first date without rows, and says so in the report", async () => {
    const { landing, warehouse, run } = workspace();
    await land(landing, "2020-01-06", {});
    const { code, stdout } = await run("--date", "2020-01-06");
    expect([code, JSON.parse(stdout).dates[0].changed]).to.deep.equal([0, true]);
    expect(readFileSync(path.join(warehouse, "report.html"), "utf8")).to.contain("No week has rows yet");
  });
});
