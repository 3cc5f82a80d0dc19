import { dailyColumnsOf, explainMeasure, type Measure } from "@sales-etl/etl-core/measures";
import { retail } from "@sales-etl/etl-core/retail";
import { aggregateSql, briefSql, dailySql } from "@sales-etl/etl-core/sql";
import { expect } from "chai";
import type { Engine } from "../src/engine/duckdb.ts";
import { landText } from "./support/landing.ts";
import { factLines } from "./support/warehouse.ts";
import { workedCases, workedDates, workedFact, workedLanding } from "./support/worked.ts";
import { workedEngine } from "./support/worked-engine.ts";
import { FACT_HEADER, workspace } from "./support/workspace.ts";

const { fact } = retail;
const measure = (name: string): Measure => fact.measures.find((one) => one.name === name) as Measure;

describe("the measures, worked by hand", () => {
  const { landing, warehouse, run } = workspace();
  let lines: readonly string[];

  before(async () => {
    for (const [date, text] of Object.entries(workedLanding())) await landText(retail, landing, date, text);
    const { code, stderr } = await run("--from", workedDates[0], "--to", workedDates.at(-1) ?? "");
    expect(code, stderr).to.equal(0);
    lines = await factLines(warehouse);
  });

  for (const { title, store, product, fact: expected } of workedCases) {
    it(title, () => {
      const found = lines.filter((line) => line.split(",").slice(1, 3).join() === `${store},${product}`);
      expect(found).to.deep.equal(
        Object.entries(expected).map(([week, rest]) => `${week},${store},${product},${rest}`),
      );
    });
  }

  it("and no other row", () => expect(lines).to.deep.equal([FACT_HEADER, ...workedFact]));
});

describe("what is made of the fact", () => {
  let engine: Engine;
  before(async () => {
    engine = await workedEngine();
  });
  after(() => engine.close());

  /** Rows as lines of CSV. */
  const linesOf = async (sql: string) => (await engine.rows(sql)).map((row) => Object.values(row).join(","));

  it("stands beside the literal wording", async () => {
    const sql = `SELECT prod_key, pct_in_stock, brief_pct_in_stock, potential_low_stock_impact, brief_potential_low_stock_impact
      FROM (${briefSql(retail)}) WHERE yr_wk_num = 201752 AND store_key = 1 AND prod_key IN (10, 12, 14, 18) ORDER BY 1`;
    expect(await linesOf(sql)).to.deep.equal([
      // 0 / 7; 15.50 - 3.
      "10,1.0000,0.0000,7.7500,12.50",
      // 1 / 7 = 0.142857..; (12 - 2) + (-16 - -5) = 10 - 11: two days are low.
      "12,0.5000,0.1429,4.0000,-1.00",
      // No day is tracked, and the literal wording says never out of stock.
      "14,,0.0000,0.0000,0.00",
      "18,0.0000,0.1429,4.6667,6.00",
    ]);
  });

  it("has every row of the fact, and its columns first", async () => {
    const [row] = await engine.rows(briefSql(retail) ?? "");
    expect(Object.keys(row ?? {})).to.deep.equal([
      ...FACT_HEADER.split(","),
      "brief_pct_in_stock",
      "brief_potential_low_stock_impact",
    ]);
    expect(await engine.value(`SELECT COUNT(*) FROM (${briefSql(retail)})`)).to.equal(String(workedFact.length));
  });

  it("is read under other names", async () => {
    await engine.run("CREATE VIEW calendar_dim AS FROM calendar; CREATE VIEW all_weeks AS FROM touched_periods");
    await engine.run("CREATE VIEW published AS FROM weekly_fact");
    const names = {
      periods: "all_weeks",
      fact: "published",
      relation: (table: string) => (table === "calendar" ? "calendar_dim" : table),
    };
    expect(await linesOf(`${briefSql(retail, names)} ORDER BY 1, 2, 3`)).to.deep.equal(
      await linesOf(`${briefSql(retail)} ORDER BY 1, 2, 3`),
    );
    expect(dailySql(retail, names)).to.contain("FROM calendar_dim c").and.not.to.contain("touched_periods");
  });

  describe("over groups of rows", () => {
    const some = "(SELECT * FROM weekly_fact WHERE store_key = 2 OR prod_key IN (10, 11, 15))";

    it("by week: sums are added, ratios computed again, stocks of one week added", async () => {
      const columns = "yr_wk_num, sales_qty, sales_amt, sales_cost, avg_price, stock_on_hand_eow, stock_on_order_eow";
      const more = "days_tracked, out_of_stock_days, pct_in_stock, potential_low_stock_impact, weeks_of_supply";
      const sql = `SELECT ${columns}, ${more} FROM (${aggregateSql(fact, some, ["yr_wk_num"])}) ORDER BY 1`;
      expect(await linesOf(sql)).to.deep.equal([
        // Products 10, 11, 15 and the other store's 10: 7 + 1 sold for 18.50 + 2.00, 20.50 / 8 = 2.5625; 8 + 10 + 0 + 5
        // on hand, 0 + 6 + 1 on order and one unknown; 2 + 1 + 2 + 1 days, 1 out: 5 / 6 = 0.83333..; 23 / 8 = 2.875.
        "201752,8.00,20.50,10.50,2.5625,23.00,7.00,6,1,0.8333,7.7500,2.8750",
        "201801,3.00,7.50,,2.5000,9.00,4.00,1,0,1.0000,0.0000,3.0000",
      ]);
    });

    it("over several weeks: the stocks of two weeks are not added", async () => {
      const [row] = await engine.rows(aggregateSql(fact, some, []));
      expect(row).to.include({ sales_qty: "11.00", sales_amt: "28.00", days_tracked: "7" });
      // 28 / 11 = 2.54545..; 6 / 7 = 0.857142..
      expect(row).to.include({ avg_price: "2.5455", pct_in_stock: "0.8571" });
      expect(row).not.to.have.any.keys("stock_on_hand_eow", "stock_on_order_eow", "weeks_of_supply", "stock_as_of_dt");
    });

    it("of one week by another column, where that is said", async () => {
      const week = "(SELECT * FROM weekly_fact WHERE yr_wk_num = 201752 AND prod_key = 10)";
      const sql = aggregateSql(fact, week, ["prod_key"], { onePeriod: true });
      // 8 + 5 = 13; 13 / 7 = 1.857142..
      expect((await engine.rows(sql))[0]).to.include({
        prod_key: 10,
        stock_on_hand_eow: "13.00",
        weeks_of_supply: "1.8571",
      });
    });
  });

  describe("is explained", () => {
    const explained = async (name: string, product: number, week = 201752) => {
      const where = `WHERE yr_wk_num = ${week} AND store_key = 1 AND prod_key = ${product}`;
      const [row = {}] = await engine.rows(`SELECT * FROM weekly_fact ${where}`);
      const days = await engine.rows(`SELECT * FROM (${dailySql(retail)}) ${where} ORDER BY day`);
      return explainMeasure(fact, measure(name), row, days);
    };

    it("a ratio with its parts", async () => {
      expect(await explained("avg_price", 10)).to.deep.equal({
        formula: measure("avg_price").formula,
        days: [],
        total: "18.50 / 7.00 = 2.6429",
      });
      expect((await explained("pct_in_stock", 12)).total).to.equal("(2 - 1) / 2 = 0.5000");
      expect((await explained("weeks_of_supply", 14)).total).to.equal("unknown / 3.00 = unknown");
    });

    it("an impact day by day, and why a day has none", async () => {
      const { days, total } = await explained("potential_low_stock_impact", 12);
      expect(days).to.deep.equal([
        { day: "2017-12-29", text: "12.00 - 2.00 x 12.00 / 3.00 = 4.0000" },
        { day: "2017-12-30", text: "0.0000: -4.00 is not above 0" },
      ]);
      expect(total).to.equal("sum of the days = 4.0000");
      expect((await explained("potential_low_stock_units", 10)).days).to.deep.equal([
        { day: "2017-12-29", text: "6.00 - 3.00 = 3.00" },
        { day: "2017-12-30", text: "0.00: low_stock_flg is 0" },
      ]);
    });

    it("flags, also where the stock is unknown", async () => {
      expect((await explained("low_stock_instances", 14)).days.map(({ text }) => text)).to.deep.equal([
        "0: the stock is unknown",
      ]);
      expect((await explained("total_low_stock_impact", 18)).days.map(({ text }) => text)).to.deep.equal([
        "out_of_stock_flg 1; low_stock_flg 1: 1.00 is below 3.00",
      ]);
    });

    it("every measure of every row", async () => {
      const rows = await engine.rows("SELECT * FROM weekly_fact");
      const days = await engine.rows(dailySql(retail));
      for (const row of rows) {
        const own = days.filter((day) => ["yr_wk_num", "store_key", "prod_key"].every((key) => day[key] === row[key]));
        for (const one of fact.measures) {
          const { total } = explainMeasure(fact, one, row, own);
          expect(total.endsWith(`= ${row[one.name] ?? "unknown"}`), total).to.equal(true);
        }
      }
      for (const one of fact.measures)
        expect(Object.keys(days[0] ?? {})).to.include.members([...dailyColumnsOf(fact, one)]);
    });
  });
});
