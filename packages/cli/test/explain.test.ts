import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Dataset } from "@sales-etl/etl-core/contract";
import { businessDates } from "@sales-etl/etl-core/landing";
import { fiscalWeekOf, retail } from "@sales-etl/etl-core/retail";
import { expect } from "chai";
import { landSample } from "../samples/land.ts";
import { openReader, type Reader } from "../src/engine/reader.ts";
import { runDates } from "../src/engine/run.ts";
import { type Explanation, explainCell } from "../src/explain/explain.ts";
import { explainedState } from "../src/explain/state.ts";
import { salesEtl, scratch } from "./support/command.ts";
import { land, landText } from "./support/landing.ts";
import { naiveFact, type SaleRow, type StockRow } from "./support/naive-fact.ts";
import { rideData, rideLanding } from "./support/rides.ts";
import { factLines } from "./support/warehouse.ts";
import { workedDates, workedLanding } from "./support/worked.ts";
import { errorOf, inProcess } from "./support/workspace.ts";

const hundredths = (text: string): bigint => {
  const [whole = "", fraction = ""] = text.split(".");
  return BigInt(whole + fraction.padEnd(2, "0"));
};
const maybe = (text: string | null | undefined) => (text == null ? null : hundredths(text));

/** The published line once more, from the rows that an explanation names and from nothing else of it. */
function recomputed({ rows }: Explanation): string[] {
  const key = (values: Readonly<Record<string, string | null>>) => ({
    store: Number(values.store_key),
    product: Number(values.prod_key),
  });
  const sales = rows
    .filter(({ table }) => table === "sales")
    .map(
      ({ day, values }): SaleRow => ({
        ...{ day, ...key(values), qty: hundredths(values.sales_qty ?? ""), amt: hundredths(values.sales_amt ?? "") },
        ...{ cost: maybe(values.sales_cost), margin: maybe(values.sales_mgrn) },
        ...{ discount: maybe(values.discount), shipping: maybe(values.ship_cost) },
      }),
    );
  const stock = rows
    .filter(({ table }) => table === "inventory")
    .map(
      ({ day, values }): StockRow => ({
        ...{ day, ...key(values), onHand: hundredths(values.inventory_on_hand_qty ?? "") },
        onOrder: maybe(values.inventory_on_order_qty),
        out: values.out_of_stock_flg === "1" ? 1 : 0,
      }),
    );
  return naiveFact(sales, stock, fiscalWeekOf);
}

/** What a calculation in words comes to, on whole numbers of 10^-4; null where it is none. */
function followed(calculation: string): { readonly found: bigint; readonly said: bigint } | null {
  const units = (text: string) => {
    const [whole = "", fraction = ""] = text.replace("-", "").split(".");
    return BigInt(whole + fraction.padEnd(4, "0")) * (text.startsWith("-") ? -1n : 1n);
  };
  const sum = /^(-?[0-9.]+(?: [+-] [0-9.]+)*) = (-?[0-9.]+)$/.exec(calculation);
  if (sum !== null) {
    const terms = (sum[1] ?? "").replaceAll("- ", "-").replaceAll("+ ", "").split(" ");
    return { found: terms.map(units).reduce((a, b) => a + b, 0n), said: units(sum[2] ?? "") };
  }
  const ratio = /^[(]?(-?[0-9.]+)(?: - ([0-9.]+)[)])? [/] ([0-9.]+) = (-?[0-9.]+)/.exec(calculation);
  if (ratio === null) return null;
  const [n, d] = [units(ratio[1] ?? "") - units(ratio[2] ?? "0"), units(ratio[3] ?? "")];
  const size = n < 0n ? -n : n;
  const rounded = (2n * size * 10_000n + d) / (2n * d);
  return { found: n < 0n ? -rounded : rounded, said: units(ratio[4] ?? "") };
}

const of = (reader: Reader, dataset: Dataset, warehouse: string) => ({
  ...{ reader, state: explainedState(reader.state, warehouse), dataset, warehouse },
});

function expectLinesOf(landing: string, explanation: Explanation): void {
  for (const { table, file, line, values } of explanation.rows) {
    const lines = readFileSync(path.join(landing, file ?? ""), "utf8").split("\n");
    const header = lines[0]?.split(",") ?? [];
    const fields = lines[(line ?? 0) - 1]?.split(",") ?? [];
    for (const column of table === "sales"
      ? ["trans_id", "prod_key", "store_key"]
      : ["cal_dt", "prod_key", "store_key"])
      expect(fields[header.indexOf(column)], `${file}:${line}`).to.equal(values[column]);
  }
}

describe("sales-etl explain", function () {
  // Each command is a process of its own.
  this.timeout("120s");
  describe("on the worked rows", () => {
    const { landing, warehouse } = inProcess();
    let reader: Reader;
    let lines: readonly string[];
    before(async () => {
      for (const [date, text] of Object.entries(workedLanding())) await landText(retail, landing, date, text);
      await runDates({ dataset: retail, landing, warehouse, dates: workedDates });
      lines = (await factLines(warehouse)).slice(1);
      reader = await openReader(retail, warehouse);
    });
    after(() => reader.close());

    it("leads from every cell to its rows and lines, and back to the published numbers", async () => {
      for (const line of lines) {
        const [yr_wk_num = "", store_key = "", prod_key = ""] = line.split(",");
        const explanation = await explainCell({
          ...{
            reader,
            state: explainedState(reader.state, warehouse),
            dataset: retail,
            warehouse,
            cell: { yr_wk_num, store_key, prod_key },
          },
        });
        expect(recomputed(explanation)).to.deep.equal([line]);
        expectLinesOf(landing, explanation);
        for (const { name, value, calculation } of explanation.measures) {
          const hand = followed(calculation);
          if (hand !== null) expect(hand.found, `${line} ${name}: ${calculation}`).to.equal(hand.said);
          expect(calculation, name).to.contain(value ?? "unknown");
        }
      }
    });

    it("of a late line, the file that brought it", async () => {
      const cell = { yr_wk_num: "201752", store_key: "1", prod_key: "20" };
      const { rows } = await explainCell({ ...of(reader, retail, warehouse), cell });
      const late = rows.find(({ businessDate }) => businessDate === "2018-01-01");
      expect(late).to.deep.include({ day: "2017-12-29", file: "sales/dt=2018-01-01/sales_2018-01-01.csv" });
    });
  });

  describe("on the sample", () => {
    const folder = scratch();
    const [landing, warehouse] = [path.join(folder, "landing"), path.join(folder, "warehouse")];
    const explain = (week: string, store: string, product: string, ...options: string[]) =>
      salesEtl("explain", "--warehouse", warehouse, "--week", week, "--store", store, "--product", product, ...options);

    before(async function () {
      this.timeout("60s");
      const dates = businessDates("2017-12-24", "2017-12-30");
      await landSample(folder, dates, () => {});
      await runDates({ dataset: retail, landing, warehouse, dates });
    });

    it("leads from many cells to lines of the landing, and back to the published numbers", async function () {
      this.timeout("120s");
      const lines = (await factLines(warehouse)).slice(1);
      const sold = lines.filter((line) => !line.includes(",0.00,0.00,"));
      const chosen = [...sold.filter((_, index) => index % 4 === 0), ...lines.filter((_, index) => index % 40 === 0)];
      expect(chosen.length).to.be.greaterThan(40);
      const reader = await openReader(retail, warehouse);
      try {
        for (const line of chosen) {
          const [yr_wk_num = "", store_key = "", prod_key = ""] = line.split(",");
          const explanation = await explainCell({
            ...{
              reader,
              state: explainedState(reader.state, warehouse),
              dataset: retail,
              warehouse,
              cell: { yr_wk_num, store_key, prod_key },
            },
          });
          expect(recomputed(explanation)).to.deep.equal([line]);
          expectLinesOf(landing, explanation);
        }
      } finally {
        reader.close();
      }
    });

    it("names a rejected row of the cell, and one that may be of it", async () => {
      // Line 18 is of store 367 and product 1082185; line 57 has no store, so it may be of any store's 1056651.
      const mine = JSON.parse((await explain("201752", "367", "1082185", "--json")).stdout);
      expect(mine.rejected).to.have.length(1);
      expect(mine.rejected[0]).to.include({ line: 18, column: "sales_amt", value: "1,050.00", certain: true });
      const any = JSON.parse((await explain("201752", "292", "1056651", "--json")).stdout);
      expect(any.rejected[0]).to.include({ line: 57, column: "store_key", code: "VALUE_NULL", certain: false });
      const { stdout } = await explain("201752", "292", "1056651");
      expect(stdout).to.contain("sales/dt=2017-12-29/sales_2017-12-29.csv:57").and.contain("it may be of this cell");
    });

    it("of one measure, with the measures that it is computed from", async () => {
      const { code, stdout } = await explain("201752", "292", "1106523", "--measure", "avg_price");
      expect(code).to.equal(0);
      // From the sample: 2 units for 5.58 on Sunday, 3 for 8.37 on Saturday; 13.95 / 5 = 2.79.
      for (const text of ["2.00 + 3.00 = 5.00", "5.58 + 8.37 = 13.95", "13.95 / 5.00 = 2.7900", "(Store 292)"])
        expect(stdout).to.contain(text);
      expect(stdout).not.to.contain("weeks_of_supply");
    });

    it("names what stands near a cell that does not exist", async () => {
      const cases: readonly [week: string, store: string, product: string, message: string][] = [
        ["201751", "292", "1106523", "no row has yr_wk_num 201751; near it: 201752"],
        ["201752", "290", "1106523", "no row has store_key 290; near it: 292"],
        ["201752", "292", "1106524", "no row has prod_key 1106524; near it: 1106523"],
      ];
      for (const [week, store, product, message] of cases) {
        const { code, stdout } = await explain(week, store, product, "--json");
        expect([code, errorOf(stdout).code]).to.deep.equal([2, "CELL_NOT_FOUND"]);
        expect(errorOf(stdout).message).to.contain(message);
      }
      const { code, stderr } = await explain("last", "292", "1106523");
      expect([code, stderr]).to.deep.equal([2, "sales-etl: --week last: yr_wk_num is a whole number\n"]);
      const other = await explain("201752", "292", "1106523", "--measure", "profit");
      expect([other.code, other.stderr]).to.satisfy(
        ([exit, text]: [number, string]) => exit === 2 && text.includes("has no measure profit: sales_qty"),
      );
    });

    it("says by name which file is gone or has changed, and finds a landing that was moved", async () => {
      const changed = path.join(landing, "sales", "dt=2017-12-24", "sales_2017-12-24.csv");
      const before = readFileSync(changed, "utf8");
      const gone = path.join(landing, "inventory", "dt=2017-12-26", "inventory_2017-12-26.csv");
      writeFileSync(changed, before.replace("5.58", "9.99"));
      renameSync(gone, `${gone}.away`);
      const { code, stdout } = await explain("201752", "292", "1106523");
      expect(code).to.equal(0);
      expect(stdout)
        .to.contain("sales/dt=2017-12-24/sales_2017-12-24.csv in")
        .and.contain("is not the file that was loaded")
        .and.contain("inventory/dt=2017-12-26/inventory_2017-12-26.csv is no longer in")
        // What is published stands all the same.
        .and.contain("13.95 / 5.00 = 2.7900");
      writeFileSync(changed, before);
      renameSync(`${gone}.away`, gone);
      const moved = path.join(folder, "moved");
      renameSync(landing, moved);
      const states = async (...options: string[]) =>
        JSON.parse((await explain("201752", "292", "1106523", "--json", ...options)).stdout).files.map(
          ({ state }: { state: string }) => state,
        );
      expect(new Set(await states())).to.deep.equal(new Set(["gone"]));
      expect(new Set(await states("--landing", moved))).to.deep.equal(new Set(["same"]));
      renameSync(moved, landing);
    });
  });

  describe("of a week that is not whole", () => {
    const { landing, warehouse, run } = inProcess();

    it("says which days are missing, and who accepted a gap", async () => {
      await land(landing, "2020-01-06", { sales: "1,10,1,2020-01-06,2,5.00" });
      rmSync(path.join(landing, "inventory", "dt=2020-01-06"), { recursive: true });
      await salesEtl("manifest", "--landing", landing, "--date", "2020-01-06", "--without", "inventory");
      await run("2020-01-06");
      const accept = ["--table", "inventory", "--by", "Maria Rossi", "--reason", "scanners were down"];
      await salesEtl("accept", "--warehouse", warehouse, "--date", "2020-01-06", ...accept);
      const { published } = await run("2020-01-06");
      expect(published).to.equal(true);
      const cell = ["--week", "202002", "--store", "1", "--product", "10", "--measure", "weeks_of_supply"];
      const { code, stdout } = await salesEtl("explain", "--warehouse", warehouse, ...cell);
      expect(code).to.equal(0);
      expect(stdout)
        .to.contain("2020-01-06 has no inventory: Maria Rossi accepted that (scanners were down)")
        .and.contain("2020-01-05 is not published: it is before the first date that was loaded")
        .and.contain("2020-01-11 is not published: nothing was loaded yet")
        .and.contain("unknown / 2.00 = unknown")
        .and.contain("Rows of inventory: none");
    });
  });

  it("works for another data set, by the names of its own grain", async () => {
    const folder = scratch();
    const [landing, warehouse] = [path.join(folder, "landing"), path.join(folder, "warehouse")];
    for (const [date, text] of Object.entries(rideLanding)) await landText(rideData, landing, date, text);
    await runDates({ dataset: rideData, landing, warehouse, dates: Object.keys(rideLanding).sort() });
    const reader = await openReader(rideData, warehouse);
    try {
      const cell = { month_num: "202001", station: "North" };
      const { measures, rows } = await explainCell({ ...of(reader, rideData, warehouse), cell });
      // By hand: January North 1, then 3 + 2 rides; 0.50, then 1.00 + 0.25; 1.75 / 6 = 0.29166..
      expect(measures.map(({ calculation }) => calculation)).to.deep.equal([
        "1 + 5 = 6",
        "0.50 + 1.25 = 1.75",
        "1.75 / 6 = 0.2917 (rounded to 4 places, half away from zero)",
      ]);
      expect(rows.map(({ day, file, line }) => [day, path.basename(file ?? ""), line])).to.deep.equal([
        ["2020-01-30", "ride_count_2020-01-31.csv", 3],
        ["2020-01-31", "ride_count_2020-01-31.csv", 2],
        ["2020-01-31", "ride_count_2020-02-01.csv", 3],
      ]);
    } finally {
      reader.close();
    }
  });
});
