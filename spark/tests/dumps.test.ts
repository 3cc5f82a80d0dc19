/**
 * Dumps of all days in whatever order, late, again, corrected, several in one run: on both engines the same rows, each with
 * the date that it came with, the same fact, and the same periods computed again because of each date.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { withLoads } from "@sales-etl/etl-core/contract";
import type { Manifest } from "@sales-etl/etl-core/landing";
import { expect } from "chai";
import fc from "fast-check";
import { writeLoads } from "../../packages/cli/src/spark/loads.ts";
import { landText } from "../../packages/cli/test/support/landing.ts";
import { rideData } from "../../packages/cli/test/support/rides.ts";
import { factLines } from "../../packages/cli/test/support/warehouse.ts";
import { bothEngines, type MadeTwice, type Part, sameRows, sparkFact } from "./both-engines.ts";
import { sameExplanations } from "./same-answers.ts";

const dumps = withLoads(rideData, { ride_count: "cumulative" });

interface Delivery {
  readonly date: string;
  /** Lines of the file. */
  readonly rides: readonly string[];
}

const HEADER = "ride_day,station,kind,rides,fare";
const days = ["2020-01-30", "2020-01-31", "2020-02-01", "2020-02-02"];
const calendar = `the_day,month_num\n${days.map((day) => `${day},${day.slice(0, 7).replace("-", "")}`).join("\n")}\n`;

const [a, b, c, d] = days.map((day, at) => `${day},North,bike,${at + 1},1.00`) as [string, string, string, string];
const [e, x] = ["2020-02-01,North,bike,5,1.00", "2020-01-30,North,bike,6,1.00"];

/** The runs of a history, each with the dates that it brings. Two days are of January, two of February. */
const byHand: readonly (readonly Delivery[])[] = [
  [{ date: "2020-02-02", rides: [a, a, b, c] }],
  [{ date: "2020-02-04", rides: [a, c, d] }],
  // Late: it lacks `c`, which the newer one has again, and has one `a` more and `b`, which that lacks.
  [{ date: "2020-02-03", rides: [a, a, b, d] }],
  // Again, and of January it says nothing any more.
  [{ date: "2020-02-02", rides: [c] }],
  // So does the newest: of these days the one of the 3rd holds.
  [{ date: "2020-02-04", rides: [c, d, e] }],
  // A row that only an older dump has, in one run with the newer one that lacks it.
  [
    { date: "2020-02-03", rides: [a, a, b, c, d, x] },
    { date: "2020-02-05", rides: [a, b, c, d, e] },
  ],
];

// Few different rows, so that many are equal.
const few = fc
  .tuple(fc.constantFrom(...days), fc.constantFrom("North", "South"))
  .map(([day, station]) => `${day},${station},bike,1,1.00`);
const delivery = fc.record({
  date: fc.constantFrom("2020-02-02", "2020-02-03", "2020-02-04", "2020-02-05"),
  rides: fc.array(few, { maxLength: 10 }),
});
const run = fc
  .uniqueArray(delivery, { minLength: 2, maxLength: 3, selector: ({ date }) => date })
  .map((dates) => dates.toSorted((one, other) => (one.date < other.date ? -1 : 1)));
const random = fc.array(run, { minLength: 2, maxLength: 2 });

describe("dumps of all days, on the Spark job and the embedded engine", function () {
  this.timeout("600s");
  const { folder, inTurn } = bothEngines();
  const seeds = [20200202];
  let made: readonly MadeTwice[];
  let handParts: readonly Part[];

  /** Each run has a landing of its own: a date can come again. */
  async function land(name: string, runs: readonly (readonly Delivery[])[]): Promise<Part[]> {
    const parts: Part[] = [];
    for (const [index, one] of runs.entries()) {
      const landing = path.join(folder(), `${name}-${index}`);
      for (const { date, rides } of one) {
        const text = [HEADER, ...rides, ""].join("\n");
        await landText(dumps, landing, date, { ride_count: text, days: calendar });
      }
      parts.push({ landing, dates: one.map(({ date }) => date) });
    }
    return parts;
  }

  before(async function () {
    this.timeout("1800s");
    handParts = await land("hand", byHand);
    const histories = [handParts];
    for (const seed of seeds) {
      const [runs = []] = fc.sample(random, { seed, numRuns: 1 });
      // A file in which every row stands twice is none that a source means: each has one of its own.
      const own = runs.map((one, at) =>
        one.map(({ date, rides }) => ({
          date,
          rides: rides.length === 0 ? [] : [...rides, `${days[at]},South,cargo,${date.slice(-1)},1.00`],
        })),
      );
      histories.push(await land(String(seed), own));
    }
    made = await inTurn(dumps, histories);
  });

  const rowsOf = (
    table: string,
  ) => `SELECT CAST(ride_day AS VARCHAR) AS day, station, rides, CAST(load_dt AS VARCHAR) AS since
    FROM ${table} ORDER BY ALL`;

  it("leave the rows that were worked out by hand, each since the dump that it came with", async () => {
    const { warehouses, restated } = made[0] as MadeTwice;
    const rows = await sameRows(dumps, warehouses, "ride_count", rowsOf);
    expect(rows.map(({ rides, since }) => `${rides} ${since}`)).to.deep.equal([
      ...["1 2020-02-03", "2 2020-02-03", "3 2020-02-02", "5 2020-02-04", "4 2020-02-03"],
    ]);
    expect(restated.embedded).to.deep.equal([
      ["2020-02-02", [202001, 202002]],
      ["2020-02-04", [202001, 202002]],
      ["2020-02-03", []],
      ["2020-02-02", []],
      ["2020-02-04", [202001, 202002]],
      ["2020-02-03", [202001]],
      ["2020-02-05", [202001]],
    ]);
    expect(restated.spark).to.deep.equal(restated.embedded);
    // 1 + 2 rides for two fares, 3 + 5 + 4 for three.
    const fact = await sparkFact(warehouses.spark, dumps);
    expect(fact.slice(1)).to.deep.equal(["202001,North,3,2.00,0.6667", "202002,North,12,3.00,0.2500"]);
    expect(await factLines(warehouses.embedded)).to.deep.equal(fact);
  });

  it("lead from every number to the same files and lines", async () => {
    const { warehouses } = made[0] as MadeTwice;
    // What the command's gate would have noted before each run.
    for (const [index, { landing, dates }] of handParts.entries()) {
      const noted = dates.map((date) => {
        const manifest = JSON.parse(readFileSync(path.join(landing, `_manifest/dt=${date}/manifest.json`), "utf8"));
        const own = (manifest as Manifest).files.filter(({ table }) => table === "ride_count");
        return [date, { ride_count: Object.fromEntries(own.map(({ sha256, file }) => [sha256, file])) }];
      });
      await writeLoads(warehouses.iceberg, `parity-${index}`, { landing, dates: Object.fromEntries(noted) });
    }
    const both = { embedded: warehouses.embedded, spark: warehouses.iceberg };
    const explanations = await sameExplanations(dumps, both);
    // `c` has been known since the dump of the 2nd that said nothing else, `d` since that of the 3rd, as it came last.
    expect(
      explanations.get("202002 North")?.rows.map(({ values, file, line }) => [values.rides, file, line]),
    ).to.deep.equal([
      ["3", "ride_count/dt=2020-02-02/ride_count_2020-02-02.csv", 2],
      ["5", "ride_count/dt=2020-02-04/ride_count_2020-02-04.csv", 4],
      ["4", "ride_count/dt=2020-02-03/ride_count_2020-02-03.csv", 6],
    ]);
  });

  for (const [at, seed] of seeds.entries()) {
    it(`leave the same of a random history (seed ${seed})`, async () => {
      const { warehouses, restated } = made[at + 1] as MadeTwice;
      const rows = await sameRows(dumps, warehouses, "ride_count", rowsOf);
      expect(new Set(rows.map(({ since }) => since)).size).to.be.greaterThan(1);
      expect(restated.embedded.length).to.be.greaterThan(3);
      expect(restated.spark).to.deep.equal(restated.embedded);
      expect(await sparkFact(warehouses.spark, dumps)).to.deep.equal(await factLines(warehouses.embedded));
    });
  }
});
