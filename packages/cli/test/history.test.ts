import path from "node:path";
import { defineTable, int, type Table, text } from "@sales-etl/etl-core/contract";
import { historySources, historySql } from "@sales-etl/etl-core/sql";
import { expect } from "chai";
import fc from "fast-check";
import { type Engine, openEngine } from "../src/engine/duckdb.ts";
import { scratch } from "./support/command.ts";
import { land } from "./support/landing.ts";
import { query, stateOf } from "./support/warehouse.ts";
import { inProcess } from "./support/workspace.ts";

const table: Table = defineTable({
  ...{ name: "site", title: "Sites", description: "Sites", grain: "one row per site", load: "snapshot", tolerance: 0 },
  ...{ key: ["k"], history: "type-2" },
  columns: { k: int("Key").required(), v: text("Value") },
});

/** Content by key; null is a value that is unknown. */
type Snapshot = Readonly<Record<string, string | null>>;

const dayOf = (index: number) => `2020-01-${String(index + 1).padStart(2, "0")}`;

/** Versions as `key value from to`, by walking day by day: no SQL, no windows. */
function walked(snapshots: readonly Snapshot[]): string[] {
  const closed: string[] = [];
  const open = new Map<string, { value: string | null; from: number }>();
  snapshots.forEach((snapshot, day) => {
    for (const [key, { value, from }] of open) {
      if (key in snapshot && snapshot[key] === value) continue;
      closed.push(`${key} ${value} ${dayOf(from)} ${dayOf(day)} false`);
      open.delete(key);
    }
    for (const [key, value] of Object.entries(snapshot)) if (!open.has(key)) open.set(key, { value, from: day });
  });
  for (const [key, { value, from }] of open) closed.push(`${key} ${value} ${dayOf(from)} null true`);
  return closed.sort();
}

const sources = historySources(table);

/** Takes in the days from `from` on, over the history that `versions` holds; leaves the new one there. */
async function takeIn(engine: Engine, snapshots: readonly Snapshot[], from: number): Promise<void> {
  await engine.run(`CREATE OR REPLACE TABLE ${sources.days} (snapshot_dt DATE)`);
  await engine.run(`CREATE OR REPLACE TABLE ${sources.snapshots} (k INT, v VARCHAR, snapshot_dt DATE)`);
  for (const [index, snapshot] of snapshots.entries()) {
    if (index < from) continue;
    await engine.run(`INSERT INTO ${sources.days} VALUES ('${dayOf(index)}')`);
    const rows = Object.entries(snapshot).map(
      ([key, value]) => `(${key}, ${value === null ? "NULL" : `'${value}'`}, '${dayOf(index)}')`,
    );
    if (rows.length > 0) await engine.run(`INSERT INTO ${sources.snapshots} VALUES ${rows.join(", ")}`);
  }
  await engine.run(`CREATE OR REPLACE TABLE next_versions AS ${historySql(table)}`);
  await engine.run(`CREATE OR REPLACE TABLE ${sources.versions} AS FROM next_versions`);
}

const versions = async (engine: Engine): Promise<string[]> =>
  (await engine.rows(`SELECT k, v, valid_from, valid_to, is_current FROM ${sources.versions}`))
    .map((row) =>
      Object.values(row)
        .join(" ")
        .replaceAll(/(?<= )(?= |$)/g, "null"),
    )
    .map((line) => line.split(" ").join(" "))
    .sort();

const empty = `CREATE OR REPLACE TABLE ${sources.versions} (k INT, v VARCHAR, valid_from DATE, valid_to DATE, is_current BOOLEAN)`;

async function withEngine(test: (engine: Engine) => Promise<void>): Promise<void> {
  const engine = await openEngine(":memory:");
  try {
    await engine.run(empty);
    await test(engine);
  } finally {
    engine.close();
  }
}

describe("history of a dimension (type 2)", () => {
  it("opens, closes and reopens versions, worked by hand", () =>
    withEngine(async (engine) => {
      const days: Snapshot[] = [
        { 1: "a", 2: null },
        { 1: "a", 2: null }, // nothing changed
        { 1: "b", 2: "x" }, // both differ
        { 1: "b" }, // 2 is gone
        { 1: "a", 2: "x" }, // 1 is as it was first, 2 comes back as it was
      ];
      await takeIn(engine, days, 0);
      expect(await versions(engine)).to.deep.equal([
        "1 a 2020-01-01 2020-01-03 false",
        "1 a 2020-01-05 null true",
        "1 b 2020-01-03 2020-01-05 false",
        "2 null 2020-01-01 2020-01-03 false",
        "2 x 2020-01-03 2020-01-04 false",
        "2 x 2020-01-05 null true",
      ]);
    }));

  it("closes everything at an empty snapshot", () =>
    withEngine(async (engine) => {
      await takeIn(engine, [{ 1: "a" }, {}], 0);
      expect(await versions(engine)).to.deep.equal(["1 a 2020-01-01 2020-01-02 false"]);
    }));

  const snapshot = fc.dictionary(fc.constantFrom("1", "2", "3"), fc.constantFrom("a", "b", null), { maxKeys: 3 });
  const history = fc.array(snapshot, { minLength: 1, maxLength: 7 });

  it("is what a walk day by day finds, whole, in two parts, and after a day is corrected", () =>
    withEngine(async (engine) => {
      await fc.assert(
        fc.asyncProperty(history, fc.nat(6), fc.nat(6), snapshot, async (days, split, at, corrected) => {
          await engine.run(empty);
          await takeIn(engine, days, 0);
          expect(await versions(engine), "whole").to.deep.equal(walked(days));
          const from = Math.min(split, days.length - 1);
          await engine.run(empty);
          if (from > 0) await takeIn(engine, days.slice(0, from), 0);
          await takeIn(engine, days, from);
          expect(await versions(engine), "in two parts").to.deep.equal(walked(days));
          const day = Math.min(at, days.length - 1);
          const now = days.with(day, corrected);
          await takeIn(engine, now, day);
          expect(await versions(engine), "corrected").to.deep.equal(walked(now));
        }),
        { numRuns: 60 },
      );
    })).timeout("120s");
});

describe("the store dimension of a warehouse", () => {
  const stores = {
    "2020-01-04": "1,North\n2,South",
    "2020-01-05": "1,North\n2,South",
    "2020-01-06": "1,North (new)\n2,South",
    "2020-01-11": "1,North (new)",
  } as const;
  const dates = Object.keys(stores);
  const lands = async (landing: string) => {
    for (const [date, store] of Object.entries(stores)) await land(landing, date, { store });
  };
  const read = async (warehouse: string): Promise<string[]> => {
    const file = stateOf(warehouse).dimensions.store ?? "";
    const rows = await query(
      warehouse,
      [file],
      "SELECT store_key, store_desc, valid_from, valid_to FROM rows ORDER BY ALL",
    );
    return rows.map((row) => Object.values(row).join(" "));
  };
  const expected = ["1 North 2020-01-04 2020-01-06", "1 North (new) 2020-01-06 ", "2 South 2020-01-04 2020-01-11"];

  it("is the same in whatever order the dates come", async function () {
    this.timeout("120s");
    const folder = scratch();
    for (const [name, order] of Object.entries({ sorted: dates, backwards: dates.toReversed() })) {
      const { landing, warehouse, run } = inProcess(path.join(folder, name));
      await lands(landing);
      for (const date of order) await run(date);
      expect(await read(warehouse), name).to.deep.equal(expected);
    }
  });

  it("is computed again from a corrected date on; an unchanged snapshot leaves the file alone", async function () {
    this.timeout("120s");
    const { landing, warehouse, run } = inProcess();
    await lands(landing);
    await run("2020-01-04");
    const first = stateOf(warehouse).dimensions.store;
    await run("2020-01-05");
    expect(stateOf(warehouse).dimensions.store).to.equal(first);
    await run("2020-01-06", "2020-01-11");
    expect(await read(warehouse)).to.deep.equal(expected);
    // The sixth never was: its store file was the one of the fifth.
    await land(landing, "2020-01-06", { store: stores["2020-01-05"] });
    await run("2020-01-06");
    expect(await read(warehouse)).to.deep.equal([
      "1 North 2020-01-04 2020-01-11",
      "1 North (new) 2020-01-11 ",
      "2 South 2020-01-04 2020-01-11",
    ]);
  });
});
