/**
 * However the same rows land - split into dates, late, in parts, in any order of columns and rows, corrected afterwards,
 * run together or one by one and again - the fact is the same, and the one that is computed row by row in TypeScript.
 * `FUZZ_RUNS` and `FUZZ_SEED` as in `npm run fuzz`.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { addDays, businessDates } from "@sales-etl/etl-core/landing";
import { retail } from "@sales-etl/etl-core/retail";
import { factSql } from "@sales-etl/etl-core/sql";
import { expect } from "chai";
import fc from "fast-check";
import { openEngine } from "../src/engine/duckdb.ts";
import { runDates } from "../src/engine/run.ts";
import { writeManifest } from "../src/source/write-manifest.ts";
import {
  type Choose,
  days,
  movements,
  type Row,
  saleText,
  shuffled,
  snapshots,
  stockText,
  weekOf,
  writeTable,
} from "./support/movements.ts";
import { naiveFact } from "./support/naive-fact.ts";
import { factLines } from "./support/warehouse.ts";
import { FACT_HEADER } from "./support/workspace.ts";

const seed = process.env.FUZZ_SEED === undefined ? 20200105 : Number(process.env.FUZZ_SEED);
/** @param share a case of many files takes as long as that many of rows alone */
const runs = (few: number, share = 1) =>
  process.env.FUZZ_RUNS === undefined ? few : Math.ceil(Number(process.env.FUZZ_RUNS) / share);

const LATEST = 2;
const dates = businessDates("2020-01-03", addDays("2020-01-06", LATEST));

describe("the fact, computed once more row by row", function () {
  this.timeout(process.env.FUZZ_RUNS === undefined ? "2m" : 0);

  it("is the same for random rows up to the bounds of what is accepted", async () => {
    const engine = await openEngine(":memory:");
    try {
      const types = (table: string) =>
        Object.entries(retail.tables.find(({ name }) => name === table)?.columns ?? {})
          .map(([name, { type }]) => `${name} ${type === "string" ? "VARCHAR" : type}`)
          .join(", ");
      for (const table of ["sales", "inventory"]) await engine.run(`CREATE TABLE ${table} (${types(table)})`);
      await engine.run(
        `CREATE TABLE calendar AS SELECT * FROM (VALUES ${days.map((day) => `(DATE '${day}', ${weekOf(day)})`).join(", ")}) t(cal_dt, yr_wk_num);
         CREATE VIEW touched_periods AS SELECT DISTINCT yr_wk_num FROM calendar`,
      );
      const insert = async (table: string, rows: readonly Row[]) => {
        await engine.run(`TRUNCATE ${table}`);
        const [first] = rows;
        if (first === undefined) return;
        const values = rows.map(
          (row) =>
            `(${Object.values(row)
              .map((text) => (text === "" ? "NULL" : `'${text}'`))
              .join(", ")})`,
        );
        await engine.run(`INSERT INTO ${table} (${Object.keys(first).join(", ")}) VALUES ${values.join(", ")}`);
      };
      await fc.assert(
        fc.asyncProperty(movements, async ({ sales, stock }) => {
          await insert("sales", sales.map(saleText));
          await insert("inventory", stock.map(stockText));
          const found = await engine.rows(`SELECT * FROM (${factSql(retail)}) ORDER BY 1, 2, 3`);
          expect(found.map((row) => Object.values(row).join(","))).to.deep.equal(naiveFact(sales, stock, weekOf));
        }),
        { numRuns: runs(100), seed },
      );
    } finally {
      engine.close();
    }
  });

  it("is the same however its rows land", async () => {
    const choices = fc.infiniteStream(fc.nat({ max: 999_999 }));
    await fc.assert(
      fc.asyncProperty(movements, choices, async ({ sales, stock }, stream) => {
        const choose: Choose = (below) => (stream.next().value as number) % below;
        const folder = mkdtempSync(path.join(tmpdir(), "sales-etl-splits-"));
        const [landing, warehouse] = [path.join(folder, "landing"), path.join(folder, "warehouse")];
        try {
          // Each line comes in the file of its day or up to two days later.
          const late = sales.map((row, index) => ({ row, index, date: addDays(row.day, choose(LATEST + 1)) }));
          const land = async (date: string, wrong: boolean) => {
            const lines = late.filter((one) => one.date === date).map(({ row, index }) => saleText(row, 1000 + index));
            const snapshot = stock.filter(({ day }) => day === date).map(stockText);
            // What is corrected later: a line too many, one too few, other stock.
            const unknown = { cost: null, margin: null, discount: null, shipping: null };
            const extra = saleText({ day: date, store: 1, product: 10, qty: 700n, amt: 7000n, ...unknown }, 999);
            writeTable(
              landing,
              "sales",
              date,
              wrong && date <= "2020-01-06" ? [...lines.slice(1), extra] : lines,
              choose,
            );
            const other = snapshot.map((row) => ({ ...row, inventory_on_hand_qty: "1.00", out_of_stock_flg: "1" }));
            writeTable(landing, "inventory", date, wrong ? other : snapshot, choose);
            for (const [table, rows] of Object.entries(snapshots)) writeTable(landing, table, date, rows, () => 1);
            await writeManifest(retail, landing, date);
          };
          const run = async (which: readonly string[]) => {
            const { dates: results } = await runDates({
              dataset: retail,
              landing,
              warehouse,
              dates: [...which].sort(),
              // All at once, or each week by itself.
              ...(choose(2) === 0 ? {} : { partRows: 1 }),
            });
            expect(results.filter(({ verdict }) => verdict !== "accepted")).to.deep.equal([]);
          };
          const wrong = dates.filter(() => choose(3) === 0);
          for (const date of dates) await land(date, wrong.includes(date));
          // Together, or in two runs of dates in no order.
          const cut = 1 + choose(dates.length - 1);
          const mixed = shuffled(dates, choose);
          for (const part of choose(2) === 0 ? [mixed] : [mixed.slice(0, cut), mixed.slice(cut)]) await run(part);
          for (const date of wrong) await land(date, false);
          if (wrong.length > 0) await run(wrong);
          const lines = await factLines(warehouse);
          const expected = naiveFact(sales, stock, weekOf);
          expect(lines.slice(1)).to.deep.equal(expected);
          if (expected.length > 0) expect(lines[0]).to.equal(FACT_HEADER);
          // Once more, all of it: nothing changes.
          await run(dates);
          expect(await factLines(warehouse)).to.deep.equal(lines);
        } finally {
          rmSync(folder, { recursive: true, force: true });
        }
      }),
      { numRuns: runs(8, 50), seed },
    );
  });
});
