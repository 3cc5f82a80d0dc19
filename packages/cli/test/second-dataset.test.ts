import { readFileSync } from "node:fs";
import path from "node:path";
import { artifacts } from "@sales-etl/etl-core/generate";
import { folderLanding } from "@sales-etl/etl-core/landing/folder";
import { validateDate } from "@sales-etl/etl-core/validate";
import { expect } from "chai";
import { runDates } from "../src/engine/run.ts";
import { writeReport } from "../src/report/write.ts";
import { scratch } from "./support/command.ts";
import { landText } from "./support/landing.ts";
import { linksOf, unexplained } from "./support/report-html.ts";
import { rideData, rideFact, rideLanding } from "./support/rides.ts";
import { factLines } from "./support/warehouse.ts";

describe("a second data set, without code of its own", () => {
  const folder = scratch();
  const landing = path.join(folder, "landing");
  const warehouse = path.join(folder, "warehouse");
  const dates = Object.keys(rideLanding).sort();

  before(async () => {
    for (const [date, text] of Object.entries(rideLanding)) await landText(rideData, landing, date, text);
  });

  it("is checked", async () => {
    const report = await validateDate({
      dataset: rideData,
      landing: folderLanding(landing),
      businessDate: "2020-01-31",
    });
    expect(report.verdict).to.equal("accepted");
    expect(report.files[0]?.problems).to.deep.equal([
      {
        code: "VALUE_NOT_ALLOWED",
        line: 5,
        column: "kind",
        value: "tandem",
        message:
          "Not one of the column's values, in upper and lower case as well. Correct it, or add it to the contract. Expected string, one of bike, cargo.",
      },
      {
        code: "RULE_BROKEN",
        line: 6,
        column: "fare",
        value: "0.01",
        message:
          "The values of the row contradict each other. Correct the row at the source. Expected: without a ride nothing is paid.",
      },
    ]);
  });

  it("is run to its fact, worked by hand", async () => {
    const { dates: results } = await runDates({ dataset: rideData, landing, warehouse, dates });
    expect(
      results.map(({ weeksRestated, rowsAccepted, rowsRejected }) => [weeksRestated, rowsAccepted, rowsRejected]),
    ).to.deep.equal([
      [[202001], 6, 2],
      [[202001, 202002], 5, 0],
    ]);
    expect(await factLines(warehouse)).to.deep.equal(rideFact);
  });

  it("is computed again where a corrected calendar counts a day differently", async () => {
    const moved = path.join(folder, "moved");
    const files = rideLanding["2020-02-01"];
    // The last of January becomes a day of February, though no file of that day changed.
    const days = files.days.replace("2020-01-31,202001", "2020-01-31,202002");
    await landText(rideData, moved, "2020-02-02", { ride_count: "ride_day,station,kind,rides,fare\n", days });
    const { dates: results } = await runDates({ dataset: rideData, landing: moved, warehouse, dates: ["2020-02-02"] });
    expect(results[0]?.weeksRestated).to.deep.equal([202001, 202002]);
    expect(await factLines(warehouse)).to.deep.equal([
      rideFact[0],
      "202001,North,1,0.50,0.5000",
      // 3 + 2 + 7 = 12 rides for 1.00 + 0.25 + 10.00 = 11.25.
      "202002,North,12,11.25,0.9375",
      "202002,South,0,0.00,",
    ]);
  });

  it("publishes nothing where a shorter calendar would lose days that were published", async () => {
    const short = path.join(folder, "short");
    const days = "the_day,month_num\n2020-02-01,202002\n";
    await landText(rideData, short, "2020-02-03", { ride_count: "ride_day,station,kind,rides,fare\n", days });
    const before = await factLines(warehouse);
    const error = await runDates({ dataset: rideData, landing: short, warehouse, dates: ["2020-02-03"] }).then(
      () => expect.fail("it was published"),
      (caught: Error) => caught,
    );
    expect(error.message).to.contain('broken rule "every day of ride_count is in days"').and.contain("2020-01-30");
    expect(await factLines(warehouse)).to.deep.equal(before);
  });

  it("names the dates that were checked under another contract, and reads their rows all the same", async () => {
    const [first] = rideData.tables;
    if (first === undefined) throw new Error("no table");
    const changed = { ...rideData, tables: [{ ...first, tolerance: 0.9 }, ...rideData.tables.slice(1)] };
    const { dates: results, otherContract } = await runDates({
      dataset: changed,
      landing,
      warehouse,
      dates: ["2020-02-01"],
    });
    expect(results[0]).to.include({ changed: true, verdict: "accepted" });
    expect(otherContract).to.deep.equal(["2020-01-31", "2020-02-02"]);
    expect(await factLines(warehouse)).to.include("202002,North,12,11.25,0.9375");
  });

  it("has a report", async () => {
    const { file } = await writeReport({ dataset: rideData, warehouse });
    const html = readFileSync(file, "utf8");
    for (const text of ["Bicycle rides", "2 of 2020", "Fare per ride", "North", "tandem", "€"])
      expect(html).to.contain(text);
    // What it has no measures for is not there.
    expect(html).not.to.match(/In stock|at risk|Out of stock/);
    const { targets, ids } = linksOf(html);
    expect(targets.filter((id) => !ids.includes(id))).to.deep.equal([]);
    expect(unexplained(html)).to.deep.equal([]);
  });

  it("has generated files under its own names", () => {
    expect([...artifacts(rideData).keys()]).to.deep.equal([
      "sql/rides/check_ride_count.sql",
      "sql/rides/check_days.sql",
      "sql/rides/monthly_rides.sql",
      "sql/rides/monthly_rides_daily.sql",
      "spark/rides.json",
    ]);
    for (const text of artifacts(rideData).values())
      expect(text).not.to.match(/\b(sales|inventory|store_key|cal_dt)\b/);
  });
});
