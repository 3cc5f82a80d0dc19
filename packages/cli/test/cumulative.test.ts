/**
 * Exports that hold all days up to their date: only what is new, changed or gone counts, whatever the order of runs. By
 * hand, and for random histories against a count of rows in TypeScript and against the fact of the final rows alone.
 */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Loads, withLoads } from "@sales-etl/etl-core/contract";
import { businessDates } from "@sales-etl/etl-core/landing";
import { retail } from "@sales-etl/etl-core/retail";
import { expect } from "chai";
import fc from "fast-check";
import { runDates } from "../src/engine/run.ts";
import { filesOf } from "../src/engine/state.ts";
import { writeManifest } from "../src/source/write-manifest.ts";
import { salesEtl, scratch } from "./support/command.ts";
import { land } from "./support/landing.ts";
import {
  type Choose,
  movements,
  type Row,
  saleText,
  shuffled,
  snapshots,
  stockText,
  weekOf,
  writeTable,
} from "./support/movements.ts";
import { naiveFact, type SaleRow, type StockRow } from "./support/naive-fact.ts";
import { factLines, query, stateOf } from "./support/warehouse.ts";

const both: Loads = { sales: "cumulative", inventory: "cumulative" };

/** A landing and a warehouse; `run` takes the dates as a source with these loads delivered them. */
function place(folder = scratch()) {
  const [landing, warehouse] = [path.join(folder, "landing"), path.join(folder, "warehouse")];
  const run = (dates: readonly string[], loads: Loads = both) =>
    runDates({ dataset: withLoads(retail, loads), landing, warehouse, dates: [...dates].sort() });
  return { landing, warehouse, run };
}

/** The published rows of a table: texts of some columns and the date that each came with. */
async function rowsOf(warehouse: string, table: string, columns: string): Promise<string[]> {
  const files = Object.values(stateOf(warehouse).dates).flatMap(({ tables }) => tables[table] ?? []);
  const rows = await query(warehouse, files, `SELECT ${columns}, load_dt FROM rows ORDER BY ALL`);
  return rows.map((row) => Object.values(row).join(","));
}

/** Every Parquet file of base rows on the disk, and those that the state names. */
function baseFiles(warehouse: string): { onDisk: string[]; named: string[] } {
  const onDisk = readdirSync(path.join(warehouse, "base"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".parquet"))
    .map((name) => `base/${name.split(path.sep).join("/")}`);
  return {
    onDisk: onDisk.sort(),
    named: [...filesOf(stateOf(warehouse))].filter((name) => name.startsWith("base/")).sort(),
  };
}

describe("cumulative exports", () => {
  it("add what is new: repeated lines are data, and an unchanged dump is a day on which nothing happened", async () => {
    const { landing, warehouse, run } = place();
    const first = "1,10,1,2020-01-05,2.00,5.00\n1,10,1,2020-01-05,2.00,5.00\n2,10,1,2020-01-05,1.00,3.00";
    await land(landing, "2020-01-05", { sales: first, inventory: "2020-01-05,1,10,9.00,0" });
    await land(landing, "2020-01-06", {
      sales: `3,10,1,2020-01-06,1.00,4.00\n${first}\n1,10,1,2020-01-05,2.00,5.00`,
      inventory: "2020-01-05,1,10,9.00,0",
    });
    const { dates } = await run(["2020-01-05", "2020-01-06"]);
    expect(dates.map(({ verdict }) => verdict)).to.deep.equal(["accepted", "accepted"]);
    expect(await rowsOf(warehouse, "sales", "trans_id")).to.deep.equal([
      ...["1,2020-01-05", "1,2020-01-05", "1,2020-01-06", "2,2020-01-05", "3,2020-01-06"],
    ]);
    expect(await rowsOf(warehouse, "inventory", "cal_dt")).to.deep.equal(["2020-01-05,2020-01-05"]);
    // 3 x 5 + 3 + 4, by hand.
    expect((await factLines(warehouse))[1]).to.match(/^202002,1,10,8\.00,22\.00,/);
    const { onDisk, named } = baseFiles(warehouse);
    expect(onDisk).to.deep.equal(named);
  });

  it("restate the weeks of rows that changed or are gone, and no others", async () => {
    const { landing, warehouse, run } = place();
    const old = "1,10,1,2020-01-04,1.00,7.00";
    await land(landing, "2020-01-05", {
      sales: `${old}\n2,10,1,2020-01-05,1.00,3.00`,
      inventory: "2020-01-04,1,10,5.00,0\n2020-01-05,1,10,4.00,0",
    });
    await run(["2020-01-05"]);
    // The sale of week 1 was another amount, that of Sunday never happened; Sunday's stock was counted again.
    await land(landing, "2020-01-06", {
      sales: "1,10,1,2020-01-04,1.00,8.00\n4,10,1,2020-01-06,2.00,6.00",
      inventory: "2020-01-04,1,10,5.00,0\n2020-01-05,1,10,3.00,0\n2020-01-06,1,10,1.00,0",
    });
    const { dates } = await run(["2020-01-06"]);
    expect(dates[0]?.weeksRestated).to.deep.equal([202001, 202002]);
    expect(await rowsOf(warehouse, "sales", "trans_id, sales_amt")).to.deep.equal([
      ...["1,8.00,2020-01-06", "4,6.00,2020-01-06"],
    ]);
    expect(await rowsOf(warehouse, "inventory", "cal_dt, inventory_on_hand_qty")).to.deep.equal([
      ...["2020-01-04,5.00,2020-01-05", "2020-01-05,3.00,2020-01-06", "2020-01-06,1.00,2020-01-06"],
    ]);
    const lines = await factLines(warehouse);
    expect(lines[1]).to.match(/^202001,1,10,1\.00,8\.00,/);
    expect(lines[2]).to.match(/^202002,1,10,2\.00,6\.00,/);

    // A later dump that says the same again restates its own week alone.
    await land(landing, "2020-01-11", {
      sales: "1,10,1,2020-01-04,1.00,8.00\n4,10,1,2020-01-06,2.00,6.00\n5,10,1,2020-01-11,1.00,1.00",
      inventory: "2020-01-04,1,10,5.00,0\n2020-01-05,1,10,3.00,0\n2020-01-06,1,10,1.00,0",
    });
    const next = await run(["2020-01-11"]);
    expect(next.dates[0]?.weeksRestated).to.deep.equal([202002]);
  });

  it("leave days before their first one as they were: sources keep rows for some time only", async () => {
    const { landing, warehouse, run } = place();
    await land(landing, "2020-01-05", { sales: "1,10,1,2020-01-04,1.00,7.00\n2,10,1,2020-01-05,1.00,3.00" });
    await land(landing, "2020-01-06", { sales: "2,10,1,2020-01-05,1.00,4.00\n3,10,1,2020-01-06,1.00,2.00" });
    await run(["2020-01-05", "2020-01-06"]);
    expect(await rowsOf(warehouse, "sales", "trans_id, sales_amt")).to.deep.equal([
      ...["1,7.00,2020-01-05", "2,4.00,2020-01-06", "3,2.00,2020-01-06"],
    ]);
    // A header alone takes nothing away.
    await land(landing, "2020-01-11", { sales: "" });
    const { dates } = await run(["2020-01-11"]);
    expect(dates[0]).to.include({ verdict: "accepted" });
    expect(await rowsOf(warehouse, "sales", "trans_id")).to.have.length(3);
  });

  it("take back what a wrong dump said when it is corrected, also before the days that the right one has", async () => {
    const { landing, warehouse, run } = place();
    await land(landing, "2020-01-05", { sales: "2,10,1,2020-01-05,1.00,3.00" });
    // A till with a wrong clock, and a line lost.
    await land(landing, "2020-01-06", { sales: "9,10,1,2020-01-04,1.00,99.00" });
    await run(["2020-01-05", "2020-01-06"]);
    expect(await rowsOf(warehouse, "sales", "trans_id")).to.deep.equal(["9,2020-01-06"]);
    await land(landing, "2020-01-06", { sales: "2,10,1,2020-01-05,1.00,3.00\n9,10,1,2020-01-06,1.00,99.00" });
    const { dates } = await run(["2020-01-06"]);
    expect(await rowsOf(warehouse, "sales", "trans_id")).to.deep.equal(["2,2020-01-05", "9,2020-01-06"]);
    expect(dates[0]?.weeksRestated).to.deep.equal([202001, 202002]);
    expect(await factLines(warehouse)).to.have.length(2);
  });

  it("take away what is gone, also when a correction says that it had come with another date", async () => {
    const { landing, warehouse, run } = place();
    const [a, b] = ["1,10,1,2020-01-05,1.00,3.00", "2,10,1,2020-01-05,1.00,5.00"];
    await land(landing, "2020-01-05", { sales: a });
    await land(landing, "2020-01-06", { sales: `${a}\n${b}` });
    await land(landing, "2020-01-11", { sales: a });
    await run(["2020-01-05", "2020-01-06", "2020-01-11"]);
    expect(await rowsOf(warehouse, "sales", "trans_id")).to.deep.equal(["1,2020-01-05"]);
    // An old dump that comes again says what a newer one has said already: no number changes.
    await land(landing, "2020-01-05", { sales: `${a}\n${b}` });
    const { dates } = await run(["2020-01-05"]);
    expect(await rowsOf(warehouse, "sales", "trans_id")).to.deep.equal(["1,2020-01-05"]);
    expect(dates[0]?.weeksRestated).to.deep.equal([]);
  });

  it("refuse rows of the future, take old ones, and refuse two equal parts and a doubled dump", async () => {
    const { landing, run } = place();
    const old = "1,10,1,2020-01-04,1.00,7.00";
    await land(landing, "2020-01-11", { sales: `${old}\n2,10,1,2020-01-12,1.00,3.00` });
    await land(landing, "2020-01-12", {
      sales: `${old}\n${old}\n2,10,1,2020-01-12,1.00,3.00\n2,10,1,2020-01-12,1.00,3.00`,
    });
    const { dates } = await run(["2020-01-11", "2020-01-12"]);
    // One of two rows is more than the table tolerates.
    expect(dates.map(({ verdict }) => verdict)).to.deep.equal(["rejected", "rejected"]);
    const report = async (date: string) => {
      const { stdout } = await salesEtl(
        "validate",
        "--landing",
        landing,
        "--date",
        date,
        "--load",
        "sales=cumulative,inventory=cumulative",
        "--json",
      );
      return JSON.parse(stdout).files.flatMap((file: { problems: { code: string; line: number }[] }) =>
        file.problems.map(({ code, line }) => [code, line]),
      );
    };
    expect(await report("2020-01-11")).to.deep.equal([
      ["TOO_MANY_ROWS_REJECTED", null],
      ["DATE_OUTSIDE_FILE", 3],
    ]);
    expect(await report("2020-01-12")).to.deep.equal([["FILE_DOUBLED", null]]);
  });

  it("follow a source that went over from the rows of the day to dumps, and say so of a setting that cannot be", async () => {
    const { landing, warehouse, run } = place();
    await land(landing, "2020-01-05", { sales: "1,10,1,2020-01-05,1.00,3.00\n2,10,1,2020-01-05,1.00,3.00" });
    await run(["2020-01-05"], {});
    await land(landing, "2020-01-06", { sales: "1,10,1,2020-01-05,1.00,3.00\n3,10,1,2020-01-06,1.00,4.00" });
    await run(["2020-01-06"]);
    expect(await rowsOf(warehouse, "sales", "trans_id")).to.deep.equal(["1,2020-01-05", "3,2020-01-06"]);
    // And back: the rows of a day are all new.
    await land(landing, "2020-01-11", { sales: "3,10,1,2020-01-11,1.00,4.00" });
    await run(["2020-01-11"], {});
    expect(await rowsOf(warehouse, "sales", "trans_id")).to.deep.equal([
      "1,2020-01-05",
      "3,2020-01-06",
      "3,2020-01-11",
    ]);
    expect((await factLines(warehouse))[1]).to.match(/^202002,1,10,3\.00,11\.00,/);

    const asked = await salesEtl(
      "validate",
      "--landing",
      landing,
      "--date",
      "2020-01-06",
      "--load",
      "store=cumulative",
      "--json",
    );
    expect(asked.code).to.equal(2);
    expect(JSON.parse(asked.stdout).error).to.include({ code: "LOAD_INVALID", path: "load.store" });
  });
});

const seed = process.env.FUZZ_SEED === undefined ? 20200105 : Number(process.env.FUZZ_SEED);
/** A case is many files and some runs. */
const numRuns = process.env.FUZZ_RUNS === undefined ? 8 : Math.ceil(Number(process.env.FUZZ_RUNS) / 50);
const dates = businessDates("2020-01-03", "2020-01-08");
const LAST = "2020-01-08";

interface Line<R> {
  readonly row: R;
  readonly text: Row;
}

/** What a dump says of what was known before, row by row. */
function afterDump(known: readonly (readonly [string, string])[], date: string, rows: readonly Row[], day: string) {
  const firstDay = rows.map((row) => row[day] ?? "").sort()[0];
  if (firstDay === undefined) return known;
  const texts = rows.map((row) => JSON.stringify(row));
  const dayOf = (text: string) => (JSON.parse(text) as Row)[day] ?? "";
  const kept = known
    .toSorted(([, a], [, b]) => (a < b ? -1 : a > b ? 1 : 0))
    .filter(([text]) => {
      if (dayOf(text) < firstDay) return true;
      const at = texts.indexOf(text);
      if (at >= 0) texts.splice(at, 1);
      return at >= 0;
    });
  return [...kept, ...texts.map((text) => [text, date] as const)];
}

describe("random histories of dumps", function () {
  this.timeout(process.env.FUZZ_RUNS === undefined ? "2m" : 0);

  it("end in the fact of the final rows, each under the date that it came with", async () => {
    const choices = fc.infiniteStream(fc.nat({ max: 999_999 }));
    await fc.assert(
      fc.asyncProperty(movements, choices, async ({ sales, stock }, stream) => {
        const choose: Choose = (below) => (stream.next().value as number) % below;
        const folder = mkdtempSync(path.join(tmpdir(), "sales-etl-dumps-"));
        const { landing, warehouse, run } = place(folder);
        try {
          const unknown = { cost: null, margin: null, discount: null, shipping: null };
          // Every dump begins on the same day, and no file has every row twice.
          const opening: SaleRow = { day: "2020-01-03", store: 2, product: 12, qty: 100n, amt: 100n, ...unknown };
          const small = ({ qty, amt }: SaleRow) => qty < 1000n && qty > -1000n && amt < 1000n && amt > -1000n;
          const saleLines: Line<SaleRow>[] = [
            { row: opening, text: saleText(opening, 1) },
            ...sales.flatMap((row, index) => {
              const line = { row, text: saleText(row, 1000 + index) };
              return small(row) ? Array.from({ length: 1 + choose(3) }, () => line) : [line];
            }),
          ];
          const begin: StockRow = { day: "2020-01-03", store: 2, product: 12, onHand: 100n, onOrder: null, out: 0 };
          const stockLines: Line<StockRow>[] = [
            { row: begin, text: stockText(begin) },
            ...stock
              .filter(({ day, store, product }) => `${day}${store}${product}` !== "2020-01-03212")
              .map((row) => ({ row, text: stockText(row) })),
          ];
          /** The dump of a date: all that is final, and what is put right later. */
          const dump = <R extends { day: string }>(lines: readonly Line<R>[], date: string, wrong: (row: Row) => Row) =>
            lines
              .filter(({ row }, index) => row.day <= date && (date === LAST || index === 0 || choose(5) > 0))
              .map(({ text }, index) => (date === LAST || index === 0 || choose(6) > 0 ? text : wrong(text)));
          const land = async (date: string) => {
            const made = {
              sales: dump(saleLines, date, (row) => ({ ...row, sales_amt: String(1 + choose(3)) })),
              inventory: dump(stockLines, date, (row) => ({ ...row, inventory_on_hand_qty: String(choose(3)) })),
            };
            writeTable(landing, "sales", date, made.sales, choose, 1);
            writeTable(landing, "inventory", date, made.inventory, choose);
            for (const [table, rows] of Object.entries(snapshots)) writeTable(landing, table, date, rows, () => 1);
            await writeManifest(withLoads(retail, both), landing, date);
            return made;
          };
          const accepted = async (which: readonly string[]) => {
            const { dates: results } = await run(which);
            expect(results.filter(({ verdict }) => verdict !== "accepted")).to.deep.equal([]);
          };
          // Some dates never come; those that come may be corrected, and all come in any order.
          const coming = dates.filter((date) => date === LAST || choose(4) > 0);
          const final = new Map<string, Awaited<ReturnType<typeof land>>>();
          for (const date of coming) final.set(date, await land(date));
          const mixed = shuffled(coming, choose);
          const cut = 1 + choose(mixed.length);
          await accepted(mixed.slice(0, cut));
          await accepted(mixed.slice(cut));
          const corrected = coming.filter(() => choose(3) === 0);
          for (const date of corrected) final.set(date, await land(date));
          await accepted(corrected);

          const expected = naiveFact(
            saleLines.map(({ row }) => row),
            stockLines.map(({ row }) => row),
            weekOf,
          );
          expect((await factLines(warehouse)).slice(1)).to.deep.equal(expected);
          for (const [table, day] of [
            ["sales", "trans_dt"],
            ["inventory", "cal_dt"],
          ] as const) {
            let known: readonly (readonly [string, string])[] = [];
            for (const date of coming) known = afterDump(known, date, final.get(date)?.[table] ?? [], day);
            const columns = Object.keys(snapshots).length === 0 ? [] : Object.keys(final.get(LAST)?.[table][0] ?? {});
            const values = known.map(([text, date]) => {
              const row = JSON.parse(text) as Row;
              return [...columns.map((column) => sameNumber(row[column] ?? "")), date].join(",");
            });
            const found = (await rowsOf(warehouse, table, columns.join(", "))).map((line) =>
              line.split(",").map(sameNumber).join(","),
            );
            expect(found.sort()).to.deep.equal(values.sort());
          }
          const { onDisk, named } = baseFiles(warehouse);
          expect(named.filter((name) => !onDisk.includes(name))).to.deep.equal([]);
          // Once more, all of it: nothing changes.
          const before = stateOf(warehouse).runId;
          await accepted(coming);
          expect(stateOf(warehouse).runId).to.equal(before);
        } finally {
          rmSync(folder, { recursive: true, force: true });
        }
      }),
      { numRuns, seed },
    );
  });
});

/** `1` and `1.00` are one amount. */
const sameNumber = (text: string): string =>
  /^-?[0-9]+([.][0-9]+)?$/.test(text) ? text.replace(/[.]?0+$|$/, (end) => (text.includes(".") ? "" : end)) : text;
