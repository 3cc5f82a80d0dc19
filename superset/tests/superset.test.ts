/** Superset really started: the bundle, and its numbers against the fact that was worked out by hand. */
import { readdirSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import type { Json, Superset } from "./superset.ts";
import { expected, sums, tinySuperset } from "./tiny.ts";

const root = path.resolve(import.meta.dirname, "../..");

/** JSON's numbers are binary: to the cent. */
const rounded = (values: ReadonlyMap<number, number>) =>
  Object.fromEntries([...values].map(([week, value]) => [week, value.toFixed(2)]));

describe("Superset over a warehouse", function () {
  // Alone on a machine it takes two minutes; beside others several times as long.
  this.timeout("600s");
  let superset: Superset;
  /** By name. */
  let datasetIds: Record<string, number>;

  before(async () => {
    superset = await tinySuperset();
    const { result } = (await superset.api("/api/v1/dataset/")).json;
    datasetIds = Object.fromEntries(result.map(({ table_name, id }: Json) => [table_name, id]));
  });

  const data = async (query: object, dataset = "weekly_fact"): Promise<readonly Json[]> => {
    const { status, json } = await superset.api("/api/v1/chart/data", {
      datasource: { id: datasetIds[dataset], type: "table" },
      queries: [{ row_limit: 10_000, ...query }],
    });
    expect(status, JSON.stringify(json)).to.equal(200);
    return json.result[0].data;
  };
  const byWeek = async (metric: string) =>
    new Map(
      (await data({ columns: ["yr_wk_num"], metrics: [metric] })).map((row) => [row.yr_wk_num, Number(row[metric])]),
    );

  it("asks who it is", async () => {
    for (const route of ["/api/v1/dashboard/", "/api/v1/dataset/"]) {
      expect((await fetch(`${superset.url}${route}`)).status, route).to.be.oneOf([401, 403]);
    }
    expect((await fetch(`${superset.url}/superset/dashboard/weekly/`, { redirect: "manual" })).status).to.equal(302);
  });

  const chartsOf = async (dashboard: string): Promise<readonly Json[]> =>
    (await superset.api(`/api/v1/dashboard/${dashboard}/charts`)).json.result;

  const dashboards = { weekly: "weekly_fact", loads: "loads" } as const;
  for (const [dashboard, dataset] of Object.entries(dashboards)) {
    it(`has the dashboard ${dashboard} with its charts, each over columns and metrics that there are`, async () => {
      const charts = await chartsOf(dashboard);
      expect(charts).not.to.have.length(0);
      const { columns: all, metrics: known } = (await superset.api(`/api/v1/dataset/${datasetIds[dataset]}`)).json
        .result;
      const columns = all.map((one: Json) => one.column_name);
      const metrics = known.map((one: Json) => one.metric_name);
      for (const { slice_name: name, form_data: form } of charts) {
        const named = [form.metric, ...(form.metrics ?? []), form.timeseries_limit_metric].filter(Boolean);
        const wanted = [...new Set(named)];
        const groups = [form.x_axis, ...(form.groupby ?? []), ...(form.all_columns ?? [])].filter(Boolean);
        expect(metrics, name).to.include.members(wanted);
        expect(columns, name).to.include.members(groups);
        expect(await data({ columns: groups, metrics: wanted }, dataset), name).not.to.have.length(0);
      }
      const { json_metadata: metadata } = (await superset.api(`/api/v1/dashboard/${dashboard}`)).json.result;
      for (const { targets } of JSON.parse(metadata).native_filter_configuration) {
        expect(columns).to.include(targets[0].column.name);
      }
    });
  }

  it("has every chart of the bundle on a dashboard", async () => {
    const shown = await Promise.all(Object.keys(dashboards).map(chartsOf));
    expect(shown.flat()).to.have.length(readdirSync(path.join(root, "superset/bundle/charts")).length);
  });

  it("shows rows, rejects and restated weeks of each load", async () => {
    const metrics = ["m_rows_accepted", "m_rows_rejected", "m_periods_restated_count"];
    const rows = await data({ columns: ["business_date"], metrics }, "loads");
    const day = (value: unknown) => new Date(value as string | number).toISOString().slice(0, 10);
    const found = rows.map((row) => [day(row.business_date), ...metrics.map((name) => Number(row[name]))].join(" "));
    // By hand, from the fixture's files: rows of its five tables; what is rejected, and the weeks of the rows' days.
    expect(found.sort()).to.deep.equal([
      "2017-06-30 34 0 2",
      "2017-07-01 133 2 1",
      "2017-07-02 34 0 2",
      "2017-07-03 34 0 2",
      "2017-07-04 29 0 1",
    ]);
  });

  it("shows the sums of the fact, week by week", async () => {
    for (const measure of ["sales_qty", "sales_amt", "out_of_stock_days", "no_stock_impact", "stock_on_hand_eow"]) {
      expect(rounded(await byWeek(`m_${measure}`)), measure).to.deep.equal(rounded(sums(measure)));
    }
    const impact = await byWeek("m_potential_low_stock_impact");
    expect(impact).to.deep.equal(
      new Map([
        [201725, 0],
        [201726, 12],
        [201727, 3.5],
      ]),
    );
  });

  it("shows ratios of sums, over the rows that know both", async () => {
    // 201726: 26.32 of sales over 113.30 units; 2 of 8 tracked days out; 0 + 12.5 + 10 + 4 + 900 on hand, over the
    // 6 + 0 - 1 + 8 + 100 units of the rows that know their stock (store 1, product 30 does not).
    const [amount, quantity] = [sums("sales_amt").get(201726) ?? 0, sums("sales_qty").get(201726) ?? 0];
    expect([amount, quantity].map((sum) => Math.round(sum * 100))).to.deep.equal([2632, 11_330]);
    expect((await byWeek("m_avg_price")).get(201726)).to.be.closeTo(26.32 / 113.3, 1e-12);
    expect((await byWeek("m_pct_in_stock")).get(201726)).to.be.closeTo(1 - 2 / 8, 1e-12);
    expect((await byWeek("m_weeks_of_supply")).get(201726)).to.be.closeTo(926.5 / 113, 1e-12);
  });

  it("names stores and products as they are now, once", async () => {
    const rows = await data({ columns: ["store_key", "store_desc"], metrics: ["m_sales_qty"] });
    expect(rows).to.have.length(2);
    // Another name of store 1 from 2017-07-02 on: all its weeks are under the new one.
    const [header = [], ...lines] = expected;
    const own = lines.filter((line) => line[header.indexOf("store_key")] === "1");
    const total = own.reduce((sum, line) => sum + Number(line[header.indexOf("sales_qty")]), 0);
    expect(Number(rows.find(({ store_key }) => store_key === 1).m_sales_qty)).to.be.closeTo(total, 1e-9);
  });

  it("reads the warehouse and no file beside it", async () => {
    const database = (await superset.api("/api/v1/database/")).json.result[0].id;
    const sql = (text: string) =>
      superset.api("/api/v1/sqllab/execute/", { database_id: database, sql: text, runAsync: false });
    const counted = await sql("SELECT count(*) AS n FROM weekly_fact");
    expect(counted.json.data, JSON.stringify(counted)).to.deep.equal([{ n: expected.length - 1 }]);
    const refused = await sql("SELECT * FROM read_text('/etc/hostname')");
    expect(refused.status).to.be.at.least(400);
    expect(JSON.stringify(refused.json)).to.match(/disabled|not allowed|Permission/i);
    expect((await sql("DELETE FROM weekly_fact")).status).to.be.at.least(400);
  });

  it("is the same after the next boot", async () => {
    const charts = readdirSync(path.join(root, "superset/bundle/charts")).length;
    superset.prepare();
    expect(await chartsOf("weekly")).not.to.have.length(0);
    for (const [kind, count] of Object.entries({ dashboard: 2, dataset: 2, database: 1, chart: charts })) {
      expect((await superset.api(`/api/v1/${kind}/`)).json.count, kind).to.equal(count);
    }
  });
});
