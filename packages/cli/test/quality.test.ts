import { existsSync } from "node:fs";
import path from "node:path";
import type { Dataset } from "@sales-etl/etl-core/contract";
import { retail } from "@sales-etl/etl-core/retail";
import { qualityChecks } from "@sales-etl/etl-core/sql";
import { expect } from "chai";
import { type Engine, openEngine } from "../src/engine/duckdb.ts";
import { runDates } from "../src/engine/run.ts";
import { salesEtl, scratch } from "./support/command.ts";
import { land } from "./support/landing.ts";
import { inProcess } from "./support/workspace.ts";

const numbers = [
  "2.00 AS sales_qty",
  "5.00 AS sales_amt",
  "4.00 AS sales_cost",
  "1.00 AS sales_mgrn",
  "0.50 AS discount",
  "0.25 AS ship_cost",
]
  .map((one) => one.replace(" AS", "::DECIMAL(18,2) AS"))
  .join(", ");

/** Right in everything; each test breaks one thing. */
const right = [
  "CREATE TABLE calendar AS SELECT DATE '2020-01-06' AS cal_dt, 202002 AS yr_wk_num",
  "CREATE TABLE touched_periods AS SELECT 202002 AS yr_wk_num",
  `CREATE TABLE sales AS SELECT DATE '2020-01-06' AS trans_dt, 1 AS store_key, 10 AS prod_key, ${numbers}`,
  `CREATE TABLE inventory AS SELECT DATE '2020-01-06' AS cal_dt, 1 AS store_key, 10 AS prod_key, 4.00::DECIMAL(18,2) AS inventory_on_hand_qty,
    0.00::DECIMAL(18,2) AS inventory_on_order_qty, 0.00::DECIMAL(18,2) AS waste_qty, 0 AS out_of_stock_flg`,
  "CREATE TABLE store AS SELECT 1 AS store_key",
  "CREATE TABLE product AS SELECT 10 AS prod_key",
  `CREATE TABLE fact AS SELECT 202002 AS yr_wk_num, 1 AS store_key, 10 AS prod_key, ${numbers}`,
];

const faults: Readonly<Record<string, readonly [sql: string, broken: readonly string[]]>> = {
  nothing: ["SELECT 1", []],
  "a row of the fact twice": [
    "INSERT INTO fact SELECT yr_wk_num, store_key, prod_key, 0, 0, 0, 0, 0, 0 FROM fact",
    ["grain"],
  ],
  "a sale on a day that the calendar lacks": [
    "INSERT INTO sales VALUES (DATE '2020-01-07', 1, 10, 1.00, 1.00, 1.00, 0.00, 0.00, 0.00)",
    ["sales_has_week"],
  ],
  "stock on a day that the calendar lacks": [
    "INSERT INTO inventory VALUES (DATE '2020-01-07', 1, 10, 4, 0, 0, 0)",
    ["inventory_has_week"],
  ],
  "a stock row twice": ["INSERT INTO inventory FROM inventory", ["inventory_key"]],
  "a day too many in a week": [
    "INSERT INTO calendar SELECT DATE '2020-01-06' + CAST(i AS INT), 202002 FROM range(1, 8) t(i)",
    ["calendar_days"],
  ],
  "more of one product in one store and day than is provided for": [
    "INSERT INTO sales SELECT * REPLACE (500000.00 AS sales_qty) FROM sales; UPDATE fact SET sales_qty = 500002, sales_amt = 10, sales_cost = 8, sales_mgrn = 2, discount = 1, ship_cost = 0.5",
    ["sales_per_day"],
  ],
  "nothing where several products of a store and day have much together": [
    `INSERT INTO sales VALUES (DATE '2020-01-06', 1, 10, 400000, 0, 0, 0, 0, 0), (DATE '2020-01-06', 1, 11, 400000, 0, 0, 0, 0, 0);
     UPDATE fact SET sales_qty = 800002`,
    [],
  ],
  "less than is provided for": [
    "UPDATE sales SET sales_amt = -10000000.01; UPDATE fact SET sales_amt = -10000000.01",
    ["sales_per_day"],
  ],
  "more rows of one product in one store and day than are provided for": [
    "INSERT INTO sales SELECT s.trans_dt, s.store_key, s.prod_key, 0, 0, NULL, 0, 0, 0 FROM sales s CROSS JOIN range(100000)",
    ["sales_per_day"],
  ],
  "a cent too little": ["UPDATE fact SET sales_amt = 4.99", ["sales_amt_total"]],
  "a unit lost": ["UPDATE fact SET sales_qty = 1.00", ["sales_qty_total"]],
  "a sale lost": [
    "DELETE FROM fact",
    ["discount_total", "sales_amt_total", "sales_cost_total", "sales_mgrn_total", "sales_qty_total", "ship_cost_total"],
  ],
};

/** How many rows each check finds, the same by itself and over what it shares with others. */
async function foundBy(engine: Engine): Promise<Readonly<Record<string, number>>> {
  const found: Record<string, number> = {};
  for (const { name, sql, over, overAll } of qualityChecks(retail, "fact")) {
    const rows = await engine.rows(`SELECT * FROM (${sql}) ORDER BY ALL`);
    for (const shared of [over, overAll]) {
      if (shared == null) continue;
      await engine.run(`CREATE OR REPLACE TABLE ${shared.name} AS ${shared.sql}`);
      expect(await engine.rows(`SELECT * FROM (${shared.select}) ORDER BY ALL`), name).to.deep.equal(rows);
    }
    if (rows.length > 0) found[name] = rows.length;
  }
  return found;
}

describe("the checks before a publish", () => {
  for (const [title, [sql, broken]] of Object.entries(faults)) {
    it(`find ${title}`, async () => {
      const engine: Engine = await openEngine(":memory:");
      try {
        for (const statement of [...right, sql]) await engine.run(statement);
        const found = await foundBy(engine);
        expect(Object.keys(found).sort()).to.deep.equal(broken);
      } finally {
        engine.close();
      }
    });
  }
});

/** Stock of the sixth is 4, nothing is on order, and there is a row of the seventh: on hand, waste, sold. */
const nextDay = (onHand: string, waste: string, sold: string) =>
  `INSERT INTO calendar VALUES (DATE '2020-01-07', 202002);
   INSERT INTO inventory VALUES (DATE '2020-01-07', 1, 10, ${onHand}, 0, ${waste}, 0);
   INSERT INTO sales VALUES (DATE '2020-01-07', 1, 10, ${sold}, 0, 0, 0, 0, 0), (DATE '2020-01-07', 1, 10, 0, 0, 0, 0, 0, 0);`;

const unlikely: Readonly<Record<string, readonly [sql: string, found: Readonly<Record<string, number>>]>> = {
  "nothing where all that is gone was sold or thrown away": [nextDay("1.00", "1.00", "2.00"), {}],
  "stock that vanished": [nextDay("0.99", "1.00", "2.00"), { inventory_vanished: 1 }],
  "nothing where stock stays": [nextDay("4.00", "0", "0"), {}],
  "stock that appeared with nothing on order": [nextDay("4.01", "0", "0"), { inventory_appeared: 1 }],
  "nothing where it was on order": [
    `UPDATE inventory SET inventory_on_order_qty = 1; ${nextDay("9.00", "0", "0")}`,
    {},
  ],
  "nothing where nobody says what was on order": [
    `UPDATE inventory SET inventory_on_order_qty = NULL; ${nextDay("9.00", "0", "0")}`,
    {},
  ],
  "nothing where it came back": [nextDay("4.50", "0", "-0.50"), {}],
  "nothing over a day without a row": [nextDay("9.00", "0", "0").replaceAll("2020-01-07", "2020-01-08"), {}],
  "out of stock with stock on hand": ["UPDATE inventory SET out_of_stock_flg = 1", { inventory_not_out: 1 }],
  "a store that the newest stores lack, and a product": [
    "DELETE FROM store; DELETE FROM product",
    { prod_key_known: 1, store_key_known: 1 },
  ],
};

describe("what the checks before a publish find unlikely", () => {
  for (const [title, [sql, expected]] of Object.entries(unlikely)) {
    it(title, async () => {
      const engine: Engine = await openEngine(":memory:");
      try {
        for (const statement of [...right, sql]) await engine.run(statement);
        const warnings = qualityChecks(retail, "fact").filter(({ severity }) => severity === "warning");
        const all = await foundBy(engine);
        const found = Object.fromEntries(
          warnings.flatMap(({ name }) => (all[name] === undefined ? [] : [[name, all[name]]])),
        );
        expect(found).to.deep.equal(expected);
      } finally {
        engine.close();
      }
    });
  }

  it("can be an error or left out by the contract, which names checks that there are", () => {
    const severityOf = (dataset: Dataset, name: string) =>
      qualityChecks(dataset, "fact").find((check) => check.name === name)?.severity;
    const severities = { store_key_known: "error", inventory_not_out: "off" } as const;
    const dataset = { ...retail, severities };
    expect(severityOf(dataset, "store_key_known")).to.equal("error");
    expect(severityOf(dataset, "prod_key_known")).to.equal("warning");
    expect(severityOf(dataset, "inventory_not_out")).to.equal(undefined);
    expect(() => qualityChecks({ ...retail, severities: { grain: "off" } }, "fact"))
      .to.throw("there is no check grain: store_key_known, prod_key_known")
      .with.property("path", "severities.grain");
  });

  it("is published, kept with the run, and shown", async () => {
    const { landing, warehouse, run } = inProcess();
    await land(landing, "2020-01-06", { sales: "1,99,1,2020-01-06,1,1.00", inventory: "2020-01-06,1,10,4,1" });
    const { warnings } = await run("2020-01-06");
    const kept = [
      {
        check: "inventory_not_out",
        rule: "out_of_stock_flg = 1 means that nothing is on hand",
        rows: 1,
        examples: [{ cal_dt: "2020-01-06", store_key: 1, prod_key: 10, inventory_on_hand_qty: "4.00" }],
      },
      {
        check: "prod_key_known",
        rule: "every prod_key of weekly_fact is in the newest product",
        rows: 1,
        examples: [{ prod_key: 99, fact_rows: "1" }],
      },
    ];
    expect(warnings).to.deep.equal(kept);
    const status = await salesEtl("status", "--warehouse", warehouse, "--json");
    expect(JSON.parse(status.stdout).warnings).to.deep.equal(kept);
    const people = await salesEtl("status", "--warehouse", warehouse);
    expect(people.stderr).to.contain('prod_key_known  1 row against the rule "every prod_key');
    const sql = "SELECT check_name, broken_rows FROM quality_warnings ORDER BY 1";
    expect((await salesEtl("query", "--warehouse", warehouse, sql, "--format", "csv")).stdout).to.equal(
      "check_name,broken_rows\ninventory_not_out,1\nprod_key_known,1\n",
    );
  });

  it("counts all that is found in several parts, and shows the first", async () => {
    const folder = scratch();
    const landing = path.join(folder, "landing");
    // Two stores of one product and two of another, each out of stock with 4 on hand, in each of three weeks.
    const dates = ["2020-01-04", "2020-01-05", "2020-01-12"];
    const keys = ["2,10", "1,10", "1,11", "2,11"];
    for (const date of dates) {
      const rows = keys.map((key) => `${date},${key},4,1`).join("\n");
      await land(landing, date, {
        inventory: rows,
        store: "1,Store 1\n2,Store 2",
        product: "10,Product 10\n11,Product 11",
      });
    }
    const example = (cal_dt: string, store_key: number, prod_key: number) => ({
      ...{ cal_dt, store_key, prod_key, inventory_on_hand_qty: "4.00" },
    });
    for (const partRows of [1, 1_000_000]) {
      const { warnings } = await runDates({
        dataset: retail,
        landing,
        warehouse: path.join(folder, `${partRows}`),
        dates,
        partRows,
      });
      expect(warnings.map(({ check, rows, examples }) => ({ check, rows, examples }))).to.deep.equal([
        {
          check: "inventory_not_out",
          rows: 12,
          examples: [
            example("2020-01-04", 1, 10),
            example("2020-01-04", 1, 11),
            example("2020-01-04", 2, 10),
            example("2020-01-04", 2, 11),
            example("2020-01-05", 1, 10),
          ],
        },
      ]);
    }
  });

  it("publishes nothing where the contract makes it an error", async () => {
    const { landing, warehouse } = inProcess();
    await land(landing, "2020-01-06", { sales: "1,99,1,2020-01-06,1,1.00" });
    const dataset = { ...retail, severities: { prod_key_known: "error" } } as const;
    const error = await runDates({ dataset, landing, warehouse, dates: ["2020-01-06"] }).then(
      () => expect.fail("it was published"),
      (caught: Error) => caught,
    );
    expect(error).to.have.property("code", "QUALITY_CHECK_FAILED");
    expect(error.message).to.contain('prod_key_known: broken rule "every prod_key of weekly_fact');
    expect(existsSync(path.join(warehouse, "current.json"))).to.equal(false);
  });
});
