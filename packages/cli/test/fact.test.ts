import { readFileSync } from "node:fs";
import path from "node:path";
import { retail } from "@sales-etl/etl-core/retail";
import { factSql } from "@sales-etl/etl-core/sql";
import { expect } from "chai";
import fc from "fast-check";
import { openEngine } from "../src/engine/duckdb.ts";
import { root, salesEtl, scratch } from "./support/command.ts";
import { factLines } from "./support/warehouse.ts";

describe("the weekly fact", () => {
  it("of the tiny landing is what was worked out by hand", async () => {
    const tiny = path.join(root, "spark", "tests", "fixtures", "tiny");
    const warehouse = scratch();
    const { code } = await salesEtl(
      "run",
      "--landing",
      path.join(tiny, "landing"),
      "--warehouse",
      warehouse,
      "--from",
      "2017-06-30",
      "--to",
      "2017-07-04",
    );
    expect(code).to.equal(0);
    const expected = readFileSync(path.join(tiny, "expected_weekly_fact.csv"), "utf8").trimEnd().split("\n");
    expect(await factLines(warehouse)).to.deep.equal(expected);
  });

  /** Rounded half away from zero on whole numbers, independent of any engine. */
  function price(cents: bigint, hundredths: bigint): string | null {
    if (hundredths <= 0n) return null;
    const magnitude = (2n * (cents < 0n ? -cents : cents) * 10_000n + hundredths) / (2n * hundredths);
    const text = magnitude.toString().padStart(5, "0");
    return `${cents < 0n && magnitude > 0n ? "-" : ""}${text.slice(0, -4)}.${text.slice(-4)}`;
  }

  it("rounds every average price like long division does, up to the largest sums", async () => {
    const engine = await openEngine(":memory:");
    const amount = fc.oneof(fc.bigInt(-1_000_000n, 1_000_000n), fc.bigInt(-100_000_000_000_000n, 100_000_000_000_000n));
    const quantity = fc.oneof(fc.bigInt(-100n, 100_000n), fc.bigInt(1n, 100_000_000_000n));
    const decimal = (value: bigint) => `CAST('${value}' AS DECIMAL(38,0)) * CAST(0.01 AS DECIMAL(3,2))`;
    try {
      await engine.run(`
        CREATE VIEW calendar AS SELECT DATE '2020-01-06' AS cal_dt, 202002 AS yr_wk_num;
        CREATE VIEW touched_periods AS SELECT 202002 AS yr_wk_num;
        CREATE TABLE inventory (cal_dt DATE, store_key INT, prod_key INT, inventory_on_hand_qty DECIMAL(18,2), inventory_on_order_qty DECIMAL(18,2), out_of_stock_flg INT);
        CREATE TABLE sales (trans_dt DATE, store_key INT, prod_key INT, sales_qty DECIMAL(18,2), sales_amt DECIMAL(18,2),
          sales_cost DECIMAL(18,2), sales_mgrn DECIMAL(18,2), discount DECIMAL(18,2), ship_cost DECIMAL(18,2));`);
      await fc.assert(
        fc.asyncProperty(fc.array(fc.tuple(amount, quantity), { minLength: 1, maxLength: 100 }), async (pairs) => {
          await engine.run("TRUNCATE sales");
          const rows = pairs.map(
            ([cents, hundredths], index) =>
              `(DATE '2020-01-06', 1, ${index}, ${decimal(hundredths)}, ${decimal(cents)}, 0, 0, 0, 0)`,
          );
          await engine.run(`INSERT INTO sales VALUES ${rows.join(", ")}`);
          const found = await engine.rows(`SELECT avg_price FROM (${factSql(retail)}) ORDER BY prod_key`);
          expect(found.map(({ avg_price }) => avg_price)).to.deep.equal(
            pairs.map(([cents, hundredths]) => price(cents, hundredths)),
          );
        }),
        { numRuns: 60 },
      );
    } finally {
      engine.close();
    }
  });
});
