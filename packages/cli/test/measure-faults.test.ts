/**
 * What other implementations of these measures get wrong, as SQL: on the worked rows each gives another number than the
 * hand-worked one, so the rows can tell them apart. A second run and a week in several files are in `fact-splits.test.ts`.
 */
import { expect } from "chai";
import type { Engine } from "../src/engine/duckdb.ts";
import { computeWorkedFact, workedEngine } from "./support/worked-engine.ts";

interface Fault {
  /** The number in question of the fact. */
  readonly column: string;
  readonly where: string;
  /** Worked by hand. */
  readonly right: string | null;
  /** What the wrong SQL gives, worked by hand as well. */
  readonly wrong: string | null;
  readonly sql: string;
}

const week = (product: number, number = 201752) => `yr_wk_num = ${number} AND store_key = 1 AND prod_key = ${product}`;
const sold = (product: number) => `s.store_key = 1 AND s.prod_key = ${product}`;
/** Sales and stock of one day, wrongly or rightly joined. */
const joined = (join: string) => `FROM sales s JOIN inventory i ON ${join} JOIN calendar c ON c.cal_dt = s.trans_dt`;
const sameKey = "i.store_key = s.store_key AND i.prod_key = s.prod_key";
const sameDay = `${sameKey} AND i.cal_dt = s.trans_dt`;
const daySales =
  "(SELECT trans_dt, store_key, prod_key, SUM(sales_qty) AS qty, SUM(sales_amt) AS amt FROM sales GROUP BY ALL)";
/** One row a day, store and product, as it should be but for what is wrong in it. */
const days = `FROM ${daySales} s FULL JOIN inventory i ON ${sameDay} JOIN calendar c ON c.cal_dt = COALESCE(s.trans_dt, i.cal_dt)`;
const stock = (product: number) => `i.store_key = 1 AND i.prod_key = ${product}`;

const faults: Readonly<Record<string, Fault>> = {
  "an inner join of sales and stock loses what stands and does not sell": {
    // Of 13 keys, products 14, 15, 21 and the other store's 10 have no day with both.
    ...{ column: "COUNT(*)", where: "yr_wk_num = 201752", right: "13", wrong: "9" },
    sql: `SELECT COUNT(DISTINCT (s.store_key, s.prod_key)) ${joined(sameDay)} WHERE c.yr_wk_num = 201752`,
  },
  "a join without the day multiplies sales": {
    // (4 + 2 + 1) x 2 snapshots.
    ...{ column: "sales_qty", where: week(10), right: "7.00", wrong: "14.00" },
    sql: `SELECT SUM(s.sales_qty) ${joined(sameKey)} WHERE ${sold(10)} AND c.yr_wk_num = 201752`,
  },
  "sales that are not added up by day before they are compared with the stock": {
    // 4 and 2 of 3 on hand: only the first line is low, 10 - 3 x 10 / 4 = 2.50.
    ...{ column: "potential_low_stock_impact", where: week(10), right: "7.7500", wrong: "2.5000" },
    sql: `SELECT CAST(SUM(CASE WHEN i.inventory_on_hand_qty < s.sales_qty THEN s.sales_amt - i.inventory_on_hand_qty * s.sales_amt / s.sales_qty ELSE 0 END) AS DECIMAL(18,4)) ${joined(sameDay)} WHERE ${sold(10)}`,
  },
  "the number of the week without its year merges years": {
    // 3 of 201801 and 4 of 201701.
    ...{ column: "sales_qty", where: week(11, 201801), right: "3.00", wrong: "7.00" },
    sql: `SELECT SUM(s.sales_qty) FROM sales s JOIN calendar c ON c.cal_dt = s.trans_dt WHERE ${sold(11)} AND c.wk_num = 1`,
  },
  "weeks that begin on Monday": {
    // Sunday's 2 counted to the week before.
    ...{ column: "sales_qty", where: week(11), right: "1.00", wrong: "3.00" },
    sql: `SELECT SUM(s.sales_qty) FROM sales s WHERE ${sold(11)} AND date_trunc('week', s.trans_dt) = DATE '2017-12-25'`,
  },
  "Friday as the end of the week": {
    ...{ column: "stock_on_hand_eow", where: week(10), right: "8.00", wrong: "3.00" },
    sql: `SELECT MAX(i.inventory_on_hand_qty) FILTER (c.day_of_wk_num = 5) FROM inventory i JOIN calendar c USING (cal_dt) WHERE ${stock(10)}`,
  },
  "the stock of Saturday alone": {
    ...{ column: "stock_on_hand_eow", where: week(16), right: "7.00", wrong: null },
    sql: `SELECT MAX(i.inventory_on_hand_qty) FILTER (c.day_of_wk_num = 6) FROM inventory i JOIN calendar c USING (cal_dt) WHERE ${stock(16)}`,
  },
  "a last value that passes over what is unknown": {
    ...{ column: "stock_on_order_eow", where: week(10), right: null, wrong: "5.00" },
    sql: `SELECT MAX_BY(inventory_on_order_qty, cal_dt) FROM inventory i WHERE ${stock(10)}`,
  },
  "days out of stock / 7 as the share in stock": {
    ...{ column: "pct_in_stock", where: week(12), right: "0.5000", wrong: "0.1429" },
    sql: `SELECT CAST(SUM(out_of_stock_flg) / 7 AS DECIMAL(18,4)) FROM inventory i WHERE ${stock(12)}`,
  },
  "1 - days out of stock / 7 takes days that nobody looked at for days in stock": {
    // 1 - 1 / 7 = 0.857142..
    ...{ column: "pct_in_stock", where: week(12), right: "0.5000", wrong: "0.8571" },
    sql: `SELECT CAST(1 - SUM(out_of_stock_flg) / 7 AS DECIMAL(18,4)) FROM inventory i WHERE ${stock(12)}`,
  },
  "flags counted instead of added": {
    ...{ column: "no_stock_instances", where: week(12), right: "1", wrong: "2" },
    sql: `SELECT COUNT(out_of_stock_flg) FROM inventory i WHERE ${stock(12)}`,
  },
  "money minus units": {
    // 15.50 - 3.
    ...{ column: "potential_low_stock_impact", where: week(10), right: "7.7500", wrong: "12.50" },
    sql: `SELECT SUM(CASE WHEN i.inventory_on_hand_qty < s.qty THEN s.amt - i.inventory_on_hand_qty END) ${days} WHERE ${sold(10)}`,
  },
  "unknown stock taken as 0: a shortage that nobody saw": {
    ...{ column: "low_stock_instances", where: week(14), right: "0", wrong: "1" },
    sql: `SELECT SUM(CASE WHEN COALESCE(i.inventory_on_hand_qty, 0) < s.qty THEN 1 ELSE 0 END) ${days} WHERE ${sold(14)} AND c.yr_wk_num = 201752`,
  },
  "unknown stock taken as 0: sales at risk that are not": {
    ...{ column: "potential_low_stock_impact", where: week(14), right: "0.0000", wrong: "9.9900" },
    sql: `SELECT CAST(SUM(CASE WHEN COALESCE(i.inventory_on_hand_qty, 0) < s.qty THEN s.amt - COALESCE(i.inventory_on_hand_qty, 0) * s.amt / s.qty END) AS DECIMAL(18,4)) ${days} WHERE ${sold(14)} AND c.yr_wk_num = 201752`,
  },
  "the mean of the prices": {
    ...{ column: "avg_price", where: week(21), right: "1.9000", wrong: "5.5000" },
    sql: `SELECT CAST(AVG(s.sales_amt / s.sales_qty) AS DECIMAL(18,4)) FROM sales s WHERE ${sold(21)}`,
  },
  "an impact of a day on which more came back than was sold": {
    // Saturday: -16 - -5 x -16 / -4 = 4, added to Friday's 4.
    ...{ column: "potential_low_stock_impact", where: week(12), right: "4.0000", wrong: "8.0000" },
    sql: `SELECT CAST(SUM(CASE WHEN i.inventory_on_hand_qty < s.qty THEN s.amt - i.inventory_on_hand_qty * s.amt / s.qty END) AS DECIMAL(18,4)) ${days} WHERE ${sold(12)}`,
  },
  "an impact that is rounded once a week": {
    ...{ column: "potential_low_stock_impact", where: week(17), right: "0.0026", wrong: "0.0025" },
    sql: `SELECT CAST(SUM(CAST(s.amt AS DECIMAL(38,10)) * (s.qty - i.inventory_on_hand_qty) / s.qty) AS DECIMAL(18,4)) ${days} WHERE ${sold(17)}`,
  },
  "rounding halves up also below 0": {
    // FLOOR(x + 0.5) of -12.5 ten-thousandths is -12.
    ...{ column: "avg_price", where: week(16), right: "-0.0013", wrong: "-0.0012" },
    sql: `SELECT CAST(FLOOR(SUM(s.sales_amt) * 10000 / SUM(s.sales_qty) + 0.5) / 10000 AS DECIMAL(18,4)) FROM sales s WHERE ${sold(16)}`,
  },
  "a price of what came back": {
    // -4.00 / -1.
    ...{ column: "avg_price", where: week(12), right: null, wrong: "4.0000" },
    sql: `SELECT CAST(SUM(s.sales_amt) / NULLIF(SUM(s.sales_qty), 0) AS DECIMAL(18,4)) FROM sales s WHERE ${sold(12)}`,
  },
  "endless supply where nothing is sold": {
    // -1 on hand / 0 sold.
    ...{ column: "weeks_of_supply", where: week(13), right: null, wrong: "-Infinity" },
    sql: `SELECT MAX_BY(i.inventory_on_hand_qty, i.cal_dt)::DOUBLE / SUM(COALESCE(s.qty, 0))::DOUBLE ${days} WHERE ${stock(13)}`,
  },
};

describe("faults of other implementations", () => {
  let engine: Engine;
  before(async () => {
    engine = await workedEngine();
    // A week of the same number, a year before.
    await engine.run(`INSERT INTO calendar BY NAME SELECT DATE '2017-01-03' AS cal_dt, 2 AS day_of_wk_num, 2017 AS yr_num, 1 AS wk_num, 201701 AS yr_wk_num;
      INSERT INTO sales BY NAME SELECT 1 AS trans_id, 11 AS prod_key, 1 AS store_key, DATE '2017-01-03' AS trans_dt, 4.00 AS sales_qty, 8.00 AS sales_amt`);
    await computeWorkedFact(engine);
  });
  after(() => engine.close());

  for (const [title, { column, where, right, wrong, sql }] of Object.entries(faults)) {
    it(title, async () => {
      const text = async (query: string) => {
        const value = await engine.value(query);
        return value === null ? null : String(value);
      };
      expect(await text(`SELECT ${column} FROM weekly_fact WHERE ${where}`), "the fact").to.equal(right);
      expect(await text(sql), "the wrong one").to.equal(wrong);
      expect(wrong).not.to.equal(right);
    });
  }
});
