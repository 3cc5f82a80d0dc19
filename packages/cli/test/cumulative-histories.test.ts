/**
 * Random histories of dumps, straight against the engine: late, repeated, corrected, older ones after newer ones, with and
 * without the days that a source still has, and days of their own in between. After every step the rows, the date that each
 * is published under and the days that changed are those of a plain computation over what every date says.
 */
import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { date as day_, defineTable, int, type Load, text } from "@sales-etl/etl-core/contract";
import { addDays, businessDates } from "@sales-etl/etl-core/landing";
import { expect } from "chai";
import fc from "fast-check";
import { changedDays, cumulativeTables } from "../src/engine/cumulative.ts";
import { openEngine } from "../src/engine/duckdb.ts";
import { overFiles } from "../src/engine/relations.ts";
import { fileIn, type LoadedDate } from "../src/engine/state.ts";
import { scratch } from "./support/command.ts";

const table = defineTable({
  ...{ name: "lines", title: "Lines", description: "Lines", grain: "one row per line", load: "cumulative" },
  ...{ tolerance: 0, dated: { column: "day", lateness: 0 } },
  columns: { day: day_("Day").required(), basket: int("Basket").required(), note: text("Note") },
});

/** `day|basket|note`; an empty note is no value. */
type Line = string;
const dayOf = (line: Line) => line.split("|")[0] ?? "";

interface Step {
  readonly date: string;
  readonly load: Load;
  readonly lines: readonly Line[];
}

const FIRST = "2020-01-03";
const dates = businessDates(FIRST, "2020-01-08");

const step: fc.Arbitrary<Step> = fc
  .record({
    date: fc.constantFrom(...dates),
    load: fc.oneof({ weight: 5, arbitrary: fc.constant("cumulative" as const) }, fc.constant("delta" as const)),
    lines: fc.array(fc.tuple(fc.nat(7), fc.constantFrom(1, 2, 3), fc.constantFrom("", "x")), { maxLength: 9 }),
    from: fc.nat(4),
  })
  .map(({ date, load, lines, from }) => {
    const first = addDays("2020-01-01", from);
    const all = lines.map(([age, basket, note]) => `${addDays(date, -age)}|${basket}|${note}`);
    return { date, load, lines: load === "delta" ? all : all.filter((line) => dayOf(line) >= first) };
  });

/** The rows after all that each date says, one date after the other, each with the date that it came with. */
function told(said: ReadonlyMap<string, Step>): (readonly [line: Line, date: string])[] {
  let known: (readonly [Line, string])[] = [];
  for (const date of [...said.keys()].sort()) {
    const { load, lines } = said.get(date) as Step;
    const first = lines.map(dayOf).sort()[0];
    if (load === "delta" || first === undefined) {
      if (load === "delta") known = [...known, ...lines.map((line) => [line, date] as const)];
      continue;
    }
    const open = [...lines];
    const kept = known.filter(([line]) => {
      if (dayOf(line) < first) return true;
      const at = open.indexOf(line);
      if (at >= 0) open.splice(at, 1);
      return at >= 0;
    });
    known = [...kept, ...open.map((line) => [line, date] as const)].sort(([, a], [, b]) =>
      a < b ? -1 : a > b ? 1 : 0,
    );
  }
  return known;
}

function daysThatDiffer(before: readonly (readonly [Line, string])[], after: readonly (readonly [Line, string])[]) {
  const counts = new Map<Line, number>();
  for (const [line] of before) counts.set(line, (counts.get(line) ?? 0) - 1);
  for (const [line] of after) counts.set(line, (counts.get(line) ?? 0) + 1);
  return [...new Set([...counts].flatMap(([line, count]) => (count === 0 ? [] : [dayOf(line)])))].sort();
}

const { FUZZ_RUNS, FUZZ_SEED } = process.env;
const options = {
  numRuns: FUZZ_RUNS === undefined ? 20 : Math.ceil(Number(FUZZ_RUNS) / 10),
  seed: FUZZ_SEED === undefined ? 20200103 : Number(FUZZ_SEED),
};

describe("random histories of dumps, step by step", function () {
  this.timeout(FUZZ_RUNS === undefined ? "120s" : 0);

  it("publish what a plain computation over all that was said gives, whatever the order", async () => {
    const root = scratch();
    const engine = await openEngine(":memory:");
    let run = 0;
    let taken = 0;
    try {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 9 }), async (steps) => {
          const warehouse = path.join(root, `history-${++run}`);
          mkdirSync(warehouse);
          let published: Readonly<Record<string, LoadedDate>> = {};
          const said = new Map<string, Step>();
          for (const one of steps) {
            const runId = `run-${++taken}`;
            const file = `base/lines/load_dt=${one.date}/${runId}.parquet`;
            const rows = one.lines.map((line) => {
              const [day, basket, note] = line.split("|");
              return `(DATE '${day}', ${basket}, NULLIF('${note}', ''))`;
            });
            const values =
              rows.length === 0
                ? "SELECT NULL::DATE, NULL::INT, NULL::VARCHAR WHERE false"
                : `VALUES ${rows.join(", ")}`;
            await engine.run(
              `COPY (SELECT *, DATE '${one.date}' AS load_dt FROM (${values}) t(day, basket, note)) TO '${await fileIn(warehouse, file)}' (FORMAT parquet)`,
            );
            const loaded: LoadedDate = {
              ...{ fingerprint: runId, runId, contractVersion: "1", report: "", rowsAccepted: 0, rowsRejected: 0 },
              ...{ tables: { lines: file }, sources: {}, snapshots: {}, quarantine: null, periods: [] },
            };
            const cumulative = cumulativeTables({ engine, warehouse, runId });
            const next = await cumulative.take([{ ...table, load: one.load }], published, one.date, loaded);
            await cumulative.tidy(next);
            const before = told(said);
            said.set(one.date, one);
            const files = Object.values(next).flatMap(({ tables }) => tables.lines ?? []);
            const found = await engine.rows(
              `SELECT CAST(day AS VARCHAR) || '|' || basket || '|' || COALESCE(note, '') AS line, CAST(load_dt AS VARCHAR) AS load_dt FROM (${overFiles(warehouse, table, files)})`,
            );
            expect(found.map(({ line, load_dt }) => `${line} ${load_dt}`).sort()).to.deep.equal(
              told(said)
                .map((pair) => pair.join(" "))
                .sort(),
            );
            expect(await changedDays(engine, warehouse, table, published, next)).to.deep.equal(
              daysThatDiffer(before, told(said)),
            );
            published = next;
          }
          rmSync(warehouse, { recursive: true });
        }),
        options,
      );
    } finally {
      engine.close();
    }
  });
});
