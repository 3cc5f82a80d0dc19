/** The history of rows of cumulative dumps, in whatever order the dumps come, against one kept row by row in TypeScript. */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { date, defineTable, int, numeric } from "@sales-etl/etl-core/contract";
import {
  DUMP_DATE,
  DUMP_SINCE,
  duckdb,
  dumpChangesSql,
  dumpHistorySources,
  dumpHistorySql,
  NEXT_DUMP,
  SINCE_BEFORE,
  spark,
} from "@sales-etl/etl-core/sql";
import { expect } from "chai";
import fc from "fast-check";
import { type Engine, openEngine } from "../src/engine/duckdb.ts";

const visits = defineTable({
  ...{ name: "visits", title: "Visits", description: "People through the door", grain: "a visit", load: "cumulative" },
  ...{ dated: { column: "day", lateness: 0 }, tolerance: 0 },
  columns: { day: date("Day").required(), people: int("People") },
});
const sources = dumpHistorySources(visits);
const dayOf = (number: number) => `2024-01-${String(number).padStart(2, "0")}`;

/** A row is its day and a value, or none. */
type Row = readonly [day: number, people: number | null];
interface Delivery {
  readonly at: number;
  readonly rows: readonly Row[];
}
interface Said extends Delivery {
  readonly isDump: boolean;
  readonly file: string;
}

const sinceOf = ({ rows }: Delivery) => (rows.length === 0 ? null : Math.min(...rows.map(([day]) => day)));

/** All that was said, the oldest date first: of each row the dates that its equals came with. The last ones go first. */
function byHand(said: readonly Said[]): Map<string, number[]> {
  const stacks = new Map<string, number[]>();
  for (const one of [...said].sort((a, b) => a.at - b.at)) {
    const counts = new Map<string, number>();
    for (const row of one.rows) counts.set(String(row), (counts.get(String(row)) ?? 0) + 1);
    for (const key of new Set([...counts.keys(), ...stacks.keys()])) {
      const stack = stacks.get(key) ?? [];
      const came = counts.get(key) ?? 0;
      const isSaid = one.isDump && Number(key.split(",")[0]) >= (sinceOf(one) ?? Number.POSITIVE_INFINITY);
      const wanted = isSaid ? came : one.isDump ? stack.length : stack.length + came;
      while (stack.length > wanted) stack.pop();
      while (stack.length < wanted) stack.push(one.at);
      stacks.set(key, stack);
    }
  }
  return stacks;
}

const linesOf = (stacks: ReadonlyMap<string, readonly number[]>) =>
  [...stacks].flatMap(([key, stack]) => stack.map((at) => `${key} ${at}`)).sort();

/** The days of rows that there are more or fewer of. */
function daysThatDiffer(a: ReadonlyMap<string, readonly number[]>, b: ReadonlyMap<string, readonly number[]>) {
  const keys = [...new Set([...a.keys(), ...b.keys()])];
  const other = keys.filter((key) => (a.get(key)?.length ?? 0) !== (b.get(key)?.length ?? 0));
  return [...new Set(other.map((key) => Number(key.split(",")[0])))].sort((one, two) => one - two);
}

const values = (rows: readonly (readonly unknown[])[], empty: string) =>
  rows.length === 0 ? `SELECT ${empty} WHERE false` : `VALUES ${rows.map((row) => `(${row.join(", ")})`).join(", ")}`;
const asDate = (day: number | null) => (day === null ? "CAST(NULL AS DATE)" : `DATE '${dayOf(day)}'`);
const asText = (file: string) => `'${file}'`;

/** A warehouse of one table, and what every date has said so far. */
class House {
  readonly said = new Map<number, Said>();
  /** All files that a date ever had. */
  readonly files: Said[] = [];
  readonly engine: Engine;
  constructor(engine: Engine) {
    this.engine = engine;
  }

  async empty(): Promise<this> {
    await this.engine.run(
      `CREATE OR REPLACE TABLE ${sources.known} (day DATE, people INT, source_file VARCHAR, load_dt DATE, gone_dt DATE)`,
    );
    return this;
  }

  #say(one: Delivery, isDump: boolean): Said {
    const said = { ...one, isDump, file: `visits/dt=${dayOf(one.at)}/${this.files.length}.csv` };
    this.files.push(said);
    this.said.set(one.at, said);
    return said;
  }

  /** The rows of a day alone. */
  async add(one: Delivery): Promise<void> {
    const { file } = this.#say(one, false);
    for (const [day, people] of one.rows) {
      await this.engine.run(
        `INSERT INTO ${sources.known} VALUES (${[asDate(day), people ?? "NULL", asText(file), asDate(one.at), "NULL"].join(", ")})`,
      );
    }
  }

  /** Takes a dump in; returns the days that are others now: those that no later dump speaks of. */
  async take(one: Delivery): Promise<number[]> {
    const { engine, said } = this;
    const before = said.get(one.at);
    const sinceBefore = before === undefined ? null : before.isDump ? sinceOf(before) : 1;
    const others = [...said.values()].filter(({ at, isDump, rows }) => at > one.at && isDump && rows.length > 0);
    const { file } = this.#say(one, true);
    const view = (name: string, columns: string, sql: string) =>
      engine.run(`CREATE OR REPLACE TEMP VIEW ${name} AS SELECT * FROM (${sql}) t(${columns})`);
    const own = one.rows.map(([day, people]) => [asDate(day), people ?? "CAST(NULL AS INT)", asText(file)]);
    await view(sources.dump, "day, people, source_file", values(own, "NULL::DATE, NULL::INT, NULL::VARCHAR"));
    const now = [asDate(one.at), asDate(sinceOf(one)), asDate(sinceBefore)];
    await view(sources.now, `${DUMP_DATE}, ${DUMP_SINCE}, ${SINCE_BEFORE}`, values([now], ""));
    await engine.run(
      `CREATE OR REPLACE TEMP TABLE ${sources.changes} AS ${dumpChangesSql(visits, duckdb, "source_file")}`,
    );
    const touched = await engine.rows(`SELECT DISTINCT DAY(day) AS day FROM ${sources.changes} ORDER BY 1`);
    const days = touched.map(({ day }) => Number(day));
    const next = (day: number) =>
      Math.min(...others.filter((dump) => day >= Number(sinceOf(dump))).map(({ at }) => at));
    const isOpen = (day: number) => next(day) === Number.POSITIVE_INFINITY;
    const told = days.map((day) => [asDate(day), asDate(one.at), asDate(isOpen(day) ? null : next(day))]);
    await view(sources.days, `day, ${DUMP_DATE}, ${NEXT_DUMP}`, values(told, "NULL::DATE, NULL::DATE, NULL::DATE"));
    await engine.run(`CREATE OR REPLACE TEMP TABLE history AS ${dumpHistorySql(visits, duckdb, "source_file")}`);
    await engine.run(`DELETE FROM ${sources.known} WHERE day IN (SELECT day FROM ${sources.days})`);
    await engine.run(`INSERT INTO ${sources.known} SELECT * FROM history`);
    return days.filter(isOpen);
  }

  async lines(where = "gone_dt IS NULL"): Promise<string[]> {
    const rows = await this.engine.rows(
      `SELECT CONCAT(DAY(day), ',', COALESCE(CAST(people AS VARCHAR), ''), ' ', DAY(load_dt),
         COALESCE('-' || DAY(gone_dt), '')) AS line FROM ${sources.known} WHERE ${where}`,
    );
    return rows.map(({ line }) => String(line)).sort();
  }

  /** Each row's file is one of its date with such a row, or the folder of that date. */
  async requireFiles(): Promise<void> {
    const rows = await this.engine.rows(
      `SELECT DAY(day) AS day, people, DAY(load_dt) AS at, source_file AS file FROM ${sources.known}`,
    );
    for (const { day, people, at, file } of rows) {
      const key = String([day, people]);
      const own = this.files.filter((one) => one.at === Number(at) && one.rows.some((row) => String(row) === key));
      const folder = `visits/dt=${dayOf(Number(at))}/`;
      expect([...own.map((one) => one.file), folder], `${key} of ${at}`).to.include(String(file));
    }
  }
}

const row: fc.Arbitrary<Row> = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.constantFrom(1, 2, null));
const rows = fc.array(row, { maxLength: 7 });
const early = fc.uniqueArray(fc.record({ at: fc.integer({ min: 5, max: 7 }), rows }), { selector: ({ at }) => at });
const deliveries = fc.array(fc.record({ at: fc.integer({ min: 5, max: 9 }), rows }), { minLength: 1, maxLength: 8 });
const options = {
  numRuns: Number(process.env.FUZZ_RUNS ?? 40),
  seed: Number(process.env.FUZZ_SEED ?? 20240105),
};

describe("the history of dumps", function () {
  this.timeout(process.env.FUZZ_RUNS === undefined ? "2m" : 0);
  let engine: Engine;
  before(async () => {
    engine = await openEngine(":memory:");
  });
  after(() => engine.close());

  it("is read by Spark's tests, whose data set is written by hand, as it is generated", () => {
    const park = defineTable({
      ...{ name: "visits", title: "Visits", description: "People", grain: "a visit", load: "cumulative", tolerance: 0 },
      dated: { column: "day", lateness: 0 },
      columns: { day: date("Day").required(), site: int("Site"), people: numeric(1)("People") },
    });
    const folder = path.join(import.meta.dirname, "..", "..", "..", "spark", "tests");
    for (const [name, sql] of [
      ["dump_changes.sql", dumpChangesSql(park, spark, "source_file")],
      ["dump_history.sql", dumpHistorySql(park, spark, "source_file")],
    ] as const) {
      const file = path.join(folder, name);
      if (process.env.UPDATE_DUMP_HISTORY !== undefined) writeFileSync(file, `${sql}\n`);
      expect(readFileSync(file, "utf8"), "UPDATE_DUMP_HISTORY=1 writes it").to.equal(`${sql}\n`);
    }
  });

  it("is the one kept by hand, in whatever order dumps come, late, again and without a row", async () => {
    await fc.assert(
      fc.asyncProperty(early, deliveries, async (first, then) => {
        const house = await new House(engine).empty();
        // A source that went over from the rows of the day to dumps.
        for (const one of first) await house.add(one);
        for (const one of then) {
          const before = byHand([...house.said.values()]);
          const days = await house.take(one);
          const now = byHand([...house.said.values()]);
          expect(await house.lines()).to.deep.equal(linesOf(now));
          expect(days).to.deep.equal(daysThatDiffer(before, now));
          await house.requireFiles();
        }
      }),
      options,
    );
  });

  it("is whole again where all dates are taken again, oldest first, over rows that nobody knows the dumps of", async () => {
    await fc.assert(
      fc.asyncProperty(early, deliveries, async (first, then) => {
        const house = await new House(engine).empty();
        for (const one of first) await house.add(one);
        const all = new Map(first.map(({ at }): [number, readonly Row[]] => [at, []]));
        for (const { at, rows } of then) all.set(at, rows);
        for (const [at, rows] of [...all].sort(([a], [b]) => a - b)) await house.take({ at, rows });
        expect(await house.lines()).to.deep.equal(linesOf(byHand([...house.said.values()])));
      }),
      options,
    );
  });

  it("of a row that went and came back, and of one that only a late dump had and a newer one lacks", async () => {
    const house = await new House(engine).empty();
    await house.take({ at: 6, rows: [[1, 1]] });
    await house.take({ at: 7, rows: [[1, 2]] });
    expect(await house.take({ at: 8, rows: [[1, 1]] })).to.deep.equal([1]);
    expect(await house.lines("true")).to.deep.equal(["1,1 6-7", "1,1 8", "1,2 7-8"]);
    // It says two equal rows and one of its own: the number of rows today is the newest dump's.
    const late: Row[] = [
      [1, 1],
      [1, 1],
      [1, null],
    ];
    expect(await house.take({ at: 5, rows: late })).to.deep.equal([]);
    expect(await house.lines("true")).to.deep.equal(["1, 5-6", "1,1 5-6", "1,1 5-7", "1,1 8", "1,2 7-8"]);
    // Its correction lacks the row: it is known from the next dump again, whose file nobody has noted since.
    expect(await house.take({ at: 5, rows: [[1, null]] })).to.deep.equal([]);
    expect(await house.lines("true")).to.deep.equal(["1, 5-6", "1,1 6-7", "1,1 8", "1,2 7-8"]);
    const files = await engine.rows(`SELECT source_file AS file FROM ${sources.known} ORDER BY load_dt, gone_dt`);
    expect(files.map(({ file }) => file)).to.deep.equal([
      ...["visits/dt=2024-01-05/3.csv", "visits/dt=2024-01-06/", "visits/dt=2024-01-07/1.csv"],
      "visits/dt=2024-01-08/2.csv",
    ]);
  });
});
