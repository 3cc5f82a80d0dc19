import { expect } from "chai";
import { type Dataset, defineTable, int, type Table, text } from "../contract/index.ts";
import { retail } from "../retail/index.ts";
import { exampleDataset } from "../validate/examples/dataset.ts";
import { viewsOf } from "./views.ts";

const columnsOf = (dataset: Dataset, index = 0) => viewsOf(dataset)[index]?.relation.fields.map(({ name }) => name);

describe("views for readers", () => {
  it("are the fact with its dimensions, and the brief's wording where there is one", () => {
    const [wide, brief, ...others] = viewsOf(retail);
    expect(others).to.deep.equal([]);
    expect([wide.relation.name, brief?.relation.name]).to.deep.equal([
      "weekly_fact_with_dimensions",
      "weekly_fact_brief",
    ]);
    expect(wide.reads).to.have.members(["weekly_fact", "calendar_dim", "store_dim", "product_dim"]);
    expect(brief?.reads).to.have.members(["weekly_fact", "calendar_dim", "sales", "inventory"]);
    expect(columnsOf(retail)).to.include.members(["week_start_dt", "yr_wk_num", "store_desc", "prod_name"]);
    expect(columnsOf(retail, 1)?.slice(-2)).to.deep.equal(["brief_pct_in_stock", "brief_potential_low_stock_impact"]);
    expect(viewsOf(exampleDataset).map(({ relation }) => relation.name)).to.deep.equal([
      "monthly_visits_with_dimensions",
    ]);
  });

  it("read nothing but the tables that they name", () => {
    for (const { reads, sql, relation } of [...viewsOf(retail), ...viewsOf(exampleDataset)]) {
      const own = [...sql.matchAll(/^([a-z_]+) AS \(/gm), ...sql.matchAll(/WITH ([a-z_]+) AS \(/g)].map(
        ([, one]) => one,
      );
      const read = [...sql.matchAll(/(?:FROM|JOIN) ([a-z_]+)/g)].map(([, one]) => one);
      expect(new Set(read.filter((one) => !own.includes(one))), relation.name).to.deep.equal(new Set(reads));
    }
  });

  it("say what may be unknown: an attribute of a key that its dimension lacks", () => {
    const fields = new Map(viewsOf(retail)[0].relation.fields.map((field) => [field.name, field]));
    expect(fields.get("store_num")?.nullable).to.equal(true);
    expect(fields.get("week_start_dt")).to.deep.include({ nullable: false, type: "date" });
    expect(fields.get("prod_key")?.nullable).to.equal(false);
  });

  it("take what is current of a dimension with history, the calendar's too, and give each column a name of its own", () => {
    const sites = defineTable({
      ...{ name: "sites", title: "Sites", description: "Sites", grain: "one row per site", load: "snapshot" },
      ...{ key: ["site"], history: "type-2", tolerance: 0 },
      columns: { site: int("Site").required(), people: int("People who work there"), region: text("Region") },
    });
    const tables = exampleDataset.tables.map(
      (table): Table => (table.name === "days" ? { ...table, history: "type-2" } : table),
    );
    const dataset = { ...exampleDataset, tables: [...tables, sites] };
    expect(columnsOf(dataset)).to.deep.equal([
      ...["period_start_dt", "month_num", "site", "people"],
      ...["sites_people", "region"],
    ]);
    const [{ sql }] = viewsOf(dataset);
    expect(sql).to.contain("sites.people AS sites_people");
    expect(sql).to.contain("ON sites.site = f.site AND sites.is_current");
    expect(sql).to.contain("WHERE d.day IS NOT NULL AND d.is_current");
  });
});
