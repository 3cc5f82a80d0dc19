import { retail } from "@sales-etl/etl-core/retail";
import { qualityChecks } from "@sales-etl/etl-core/sql";
import { expect } from "chai";
import { type Engine, openEngine } from "../src/engine/duckdb.ts";

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
  "CREATE TABLE inventory AS SELECT DATE '2020-01-06' AS cal_dt, 1 AS store_key, 10 AS prod_key",
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
    "INSERT INTO inventory VALUES (DATE '2020-01-07', 1, 10)",
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

describe("the checks before a publish", () => {
  for (const [title, [sql, broken]] of Object.entries(faults)) {
    it(`find ${title}`, async () => {
      const engine: Engine = await openEngine(":memory:");
      try {
        for (const statement of [...right, sql]) await engine.run(statement);
        const found: string[] = [];
        for (const check of qualityChecks(retail, "fact")) {
          if ((await engine.rows(check.sql)).length > 0) found.push(check.name);
        }
        expect(found.sort()).to.deep.equal(broken);
      } finally {
        engine.close();
      }
    });
  }
});
