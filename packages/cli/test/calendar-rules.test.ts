import { tableOf } from "@sales-etl/etl-core/contract";
import { fiscalWeekOf, retail } from "@sales-etl/etl-core/retail";
import { expect } from "chai";
import { openEngine } from "../src/engine/duckdb.ts";
import { salesEtl, scratch } from "./support/command.ts";
import { land } from "./support/landing.ts";

const calendar = tableOf(retail, "calendar");

describe("the rules of the calendar", () => {
  it("hold for the ISO week of the day after, for every day of forty years, and for no other week", async () => {
    const engine = await openEngine(":memory:");
    try {
      const [byWeek, byParts] = ["yr_wk_num", "wk_num"].map(
        (name) => calendar.rules.find(({ column }) => column === name)?.sql,
      );
      // The engine's own ISO year and week are the independent source.
      await engine.run(`CREATE TABLE days AS SELECT CAST(d AS DATE) AS cal_dt, isoyear(d + INTERVAL 1 DAY) AS yr_num, week(d + INTERVAL 1 DAY) AS wk_num,
        isoyear(d + INTERVAL 1 DAY) * 100 + week(d + INTERVAL 1 DAY) AS yr_wk_num FROM range(DATE '1999-12-01', DATE '2040-01-01', INTERVAL 1 DAY) t(d)`);
      expect(await engine.value(`SELECT COUNT(*) FROM days WHERE NOT (${byWeek}) OR NOT (${byParts})`)).to.equal("0");
      for (const shift of [-100, -1, 1, 100]) {
        const other = `(SELECT * REPLACE (yr_wk_num + ${shift} AS yr_wk_num) FROM days)`;
        expect(await engine.value(`SELECT COUNT(*) FROM ${other} WHERE (${byWeek}) OR (${byParts})`)).to.equal("0");
      }
      const weeks = await engine.rows("SELECT cal_dt, yr_wk_num FROM days");
      const different = weeks.filter((row) => fiscalWeekOf(String(row.cal_dt)) !== Number(row.yr_wk_num));
      expect(different).to.deep.equal([]);
    } finally {
      engine.close();
    }
  });

  it("reject a calendar that counts the weeks another way, and say what holds", async () => {
    const landing = scratch();
    await land(landing, "2023-01-01", { calendar: "2023-01-01,0,202252,2022,52" });
    const { code, stdout } = await salesEtl("validate", "--landing", landing, "--date", "2023-01-01", "--json");
    expect(code).to.equal(1);
    const file = JSON.parse(stdout).files.find(({ table }: { table: string }) => table === "calendar");
    expect(file.problems.at(-1)).to.deep.equal({
      code: "RULE_BROKEN",
      line: 2,
      column: "yr_wk_num",
      value: "202252",
      message:
        "The values of the row contradict each other. Correct the row at the source. Expected: yr_wk_num is the ISO year and week of the day after cal_dt (weeks run from Sunday to Saturday).",
    });
  });
});
