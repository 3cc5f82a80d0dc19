import { expect } from "chai";
import type { Load } from "../contract/index.ts";
import { addDays, type Manifest, manifestKey } from "../landing/index.ts";
import { unusualVolumes } from "./earlier.ts";
import { exampleDataset } from "./examples/dataset.ts";
import { memoryLanding } from "./examples/run-example.ts";

const DATE = "2020-02-03";

/** The alerts of a date whose table has `rows`, after those of earlier dates, by how many days before. */
async function alerts(load: Load, rows: number, before: Readonly<Record<number, number>>): Promise<string[]> {
  const manifest = (businessDate: string, count: number): Manifest => ({
    ...{ version: 1, businessDate },
    files: [{ table: "visits", file: `visits/dt=${businessDate}/visits_${businessDate}.csv`, rows: count, bytes: 1 }],
  });
  const objects = Object.entries(before).map(([days, count]) => {
    const date = addDays(DATE, -Number(days));
    return [manifestKey(date), Buffer.from(JSON.stringify(manifest(date, count)))] as const;
  });
  const tables = exampleDataset.tables.map((table) => (table.name === "visits" ? { ...table, load } : table));
  const dataset = { ...exampleDataset, tables };
  const found = await unusualVolumes(dataset, memoryLanding(new Map(objects)), DATE, manifest(DATE, rows), {
    ...{ factor: 3, weeks: 8 },
  });
  return found.map(({ message }) => message);
}

describe("unusual volumes", () => {
  it("are far from the median of the same weekday", async () => {
    const before = { 7: 10, 14: 12, 21: 8 };
    expect(await alerts("delta", 30, before)).to.deep.equal([]);
    expect(await alerts("delta", 31, before)).to.deep.equal([
      "visits has 31 rows; the median of the same weekday in the 3 exports of the last 8 weeks is 10",
    ]);
    expect(await alerts("delta", 3, before)).to.have.length(1);
    expect(await alerts("delta", 31, { 7: 10, 14: 12 })).to.deep.equal([]);
  });

  it("of dumps are told by what they grew by since the day before, not by their size", async () => {
    // Growth on the same weekdays: 10, 12 and 8.
    const before = { 1: 1000, 7: 900, 8: 890, 14: 800, 15: 788, 21: 700, 22: 692 };
    expect(await alerts("cumulative", 1030, before)).to.deep.equal([]);
    expect(await alerts("cumulative", 1031, before)).to.deep.equal([
      "visits has 31 rows more than the day before; the median of the same weekday in the 3 exports of the last 8 weeks is 10",
    ]);
    expect(await alerts("cumulative", 1000, before)).to.have.length(1);
  });

  it("are told of a dump that has fewer rows than the day before, and of none where that one is missing", async () => {
    expect(await alerts("cumulative", 999, { 1: 1000 })).to.deep.equal([
      "visits has 999 rows of all days, fewer than the 1000 of the day before",
    ]);
    expect(await alerts("cumulative", 5000, { 7: 900, 14: 800, 21: 700 })).to.deep.equal([]);
  });
});
