/**
 * One meaning on two engines: the Spark job and the embedded engine make the same fact and reject the same rows, cell by
 * cell, on rows worked by hand, on real ones with faults, and on a data set that neither knows by name.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { withLoads } from "@sales-etl/etl-core/contract";
import { addDays, businessDates } from "@sales-etl/etl-core/landing";
import { factColumns } from "@sales-etl/etl-core/measures";
import { retail } from "@sales-etl/etl-core/retail";
import { expect } from "chai";
import fc from "fast-check";
import { landSample } from "../../packages/cli/samples/land.ts";
import { writeManifest } from "../../packages/cli/src/source/write-manifest.ts";
import { landText } from "../../packages/cli/test/support/landing.ts";
import {
  type Choose,
  days,
  movements,
  saleText,
  snapshots,
  stockText,
  weekOf,
  writeTable,
} from "../../packages/cli/test/support/movements.ts";
import { naiveFact } from "../../packages/cli/test/support/naive-fact.ts";
import { rideData, rideFact, rideLanding } from "../../packages/cli/test/support/rides.ts";
import { factLines } from "../../packages/cli/test/support/warehouse.ts";
import { workedDates, workedFact, workedLanding } from "../../packages/cli/test/support/worked.ts";
import { bothEngines, sameDimensions, sameQuarantine, sparkFact } from "./both-engines.ts";

type Movements = typeof movements extends fc.Arbitrary<infer T> ? T : never;

/** Numbers that look like chance and are the same for each seed. */
function choices(seed: number): Choose {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >>> 8) % below;
  };
}

describe("the Spark job and the embedded engine", function () {
  this.timeout("600s");
  const { folder, both } = bothEngines();

  it("make the fact that was worked out by hand", async () => {
    const tiny = path.join(import.meta.dirname, "fixtures", "tiny");
    const expected = readFileSync(path.join(tiny, "expected_weekly_fact.csv"), "utf8").trimEnd().split("\n");
    const dates = businessDates("2017-06-30", "2017-07-04");
    const warehouses = await both(retail, path.join(tiny, "landing"), dates, dates.length, 0);
    // Store 1 changes its name (see the fixture's README): two versions of it, and one of store 2 and the 3 products; 21 days.
    expect(await sameDimensions(warehouses, retail)).to.equal(3 + 3 + 21);
    expect(await sparkFact(warehouses.spark, retail)).to.deep.equal(expected);
    expect(await factLines(warehouses.embedded)).to.deep.equal(expected);
  });

  it("make the measures that were worked out by hand", async () => {
    const landing = path.join(folder(), "worked-landing");
    for (const [date, text] of Object.entries(workedLanding())) await landText(retail, landing, date, text);
    const warehouses = await both(retail, landing, workedDates);
    const expected = [factColumns(retail.fact).join(","), ...workedFact];
    expect(await sparkFact(warehouses.spark, retail)).to.deep.equal(expected);
    expect(await factLines(warehouses.embedded)).to.deep.equal(expected);
  });

  it("make the same fact of real days over the end of a week, one of them with faults, and reject the same rows", async () => {
    const dates = businessDates("2017-12-29", "2017-12-30");
    const sample = path.join(folder(), "sample");
    await landSample(sample, dates, () => {});
    const warehouses = await both(retail, path.join(sample, "landing"), dates, dates.length, 0);
    const fact = await factLines(warehouses.embedded);
    expect(fact.length).to.be.greaterThan(1000);
    expect(await sparkFact(warehouses.spark, retail)).to.deep.equal(fact);
    expect(await sameDimensions(warehouses, retail)).to.be.greaterThan(500);

    expect(await sameQuarantine(warehouses, dates)).to.have.length(5);
  });

  /** Random rows up to the bounds of what is accepted, and what a computation row by row in TypeScript makes of them. */
  function randomRows(seed: number) {
    const size = ({ sales, stock }: Movements) => sales.length + stock.length;
    const found = fc.sample(movements, { seed, numRuns: 50 }).reduce((a, b) => (size(a) < size(b) ? b : a));
    const { sales, stock } = found;
    const choose = choices(seed);
    return { sales, stock, choose, expected: [factColumns(retail.fact).join(","), ...naiveFact(sales, stock, weekOf)] };
  }

  it("make the fact of random rows that come late, in parts, in any order of columns", async () => {
    const { sales, stock, choose, expected } = randomRows(20200103);
    expect(expected.length).to.be.greaterThan(8);
    const landing = path.join(folder(), "random-landing");
    const dates = businessDates("2020-01-03", "2020-01-08");
    const late = sales.map((row, index) => ({ text: saleText(row, index), date: addDays(row.day, choose(3)) }));
    for (const date of dates) {
      writeTable(
        landing,
        "sales",
        date,
        late.filter((one) => one.date === date).map(({ text }) => text),
        choose,
      );
      writeTable(landing, "inventory", date, stock.filter(({ day }) => day === date).map(stockText), choose);
      for (const [table, rows] of Object.entries(snapshots)) writeTable(landing, table, date, rows, () => 1);
      await writeManifest(retail, landing, date);
    }
    const warehouses = await both(retail, landing, dates);
    expect(await sparkFact(warehouses.spark, retail)).to.deep.equal(expected);
    expect(await factLines(warehouses.embedded)).to.deep.equal(expected);
  });

  it("make the same fact of dumps of all days, of which a later one corrects an earlier one", async () => {
    const { sales, stock, choose, expected } = randomRows(20200107);
    const dumps = withLoads(retail, { sales: "cumulative", inventory: "cumulative" });
    const landing = path.join(folder(), "dumps-landing");
    for (const date of days) {
      const known = sales
        .map((row, index) => ({ day: row.day, text: saleText(row, index) }))
        .filter(({ day }) => day <= date);
      // The first dumps have a line too many and one too few; the last one is right.
      const wrong = date === days.at(-1) ? known : [...known.slice(1), ...known.slice(-1)];
      writeTable(
        landing,
        "sales",
        date,
        wrong.map(({ text }) => text),
        choose,
      );
      writeTable(landing, "inventory", date, stock.filter(({ day }) => day <= date).map(stockText), choose);
      for (const [table, rows] of Object.entries(snapshots)) writeTable(landing, table, date, rows, () => 1);
      await writeManifest(dumps, landing, date);
    }
    const warehouses = await both(dumps, landing, days, 2);
    expect(await sparkFact(warehouses.spark, retail)).to.deep.equal(expected);
    expect(await factLines(warehouses.embedded)).to.deep.equal(expected);
  });

  it("make the fact of a data set that neither knows by name", async () => {
    const landing = path.join(folder(), "rides-landing");
    for (const [date, text] of Object.entries(rideLanding)) await landText(rideData, landing, date, text);
    const warehouses = await both(rideData, landing, Object.keys(rideLanding).sort());
    expect(await sparkFact(warehouses.spark, rideData)).to.deep.equal(rideFact);
    expect(await factLines(warehouses.embedded)).to.deep.equal(rideFact);
  });
});
