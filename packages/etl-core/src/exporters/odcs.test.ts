import { expect } from "chai";
import { amount, defineTable, text } from "../contract/index.ts";
import { retail } from "../retail/index.ts";
import { odcsContract } from "./odcs.ts";
import { relationOf, relationsOf } from "./relation.ts";
import { jsonText } from "./text.ts";

// biome-ignore lint/suspicious/noExplicitAny: read as any tool would
const read = (contract: object): any => JSON.parse(jsonText(contract));
const contract = read(odcsContract(retail, relationsOf(retail)));
const tableNamed = (name: string) => contract.schema.find((one: { name: string }) => one.name === name);
const columnNamed = (table: string, name: string) =>
  tableNamed(table).properties.find((one: { name: string }) => one.name === name);

describe("the Open Data Contract", () => {
  it("has the tables and the fact, with keys in their order", () => {
    expect(contract).to.include({ kind: "DataContract", apiVersion: "v3.1.0", id: "urn:sales-etl:retail" });
    expect(contract.schema.map(({ name }: { name: string }) => name)).to.deep.equal([
      ...["sales", "inventory", "store", "product", "calendar", "weekly_fact"],
    ]);
    const keys = tableNamed("inventory").properties.filter(({ primaryKey }: { primaryKey?: boolean }) => primaryKey);
    expect(keys.map(({ name, primaryKeyPosition }: never) => [name, primaryKeyPosition])).to.deep.equal([
      ["cal_dt", 1],
      ["store_key", 2],
      ["prod_key", 3],
    ]);
  });

  it("has no key where repeats are data, and says how late a row may be", () => {
    expect(tableNamed("sales").quality).to.deep.equal([
      {
        type: "text",
        description: "trans_dt is the business date of the file or up to 7 days before.",
        dimension: "timeliness",
      },
    ]);
    expect(contract.slaProperties).to.deep.include({
      property: "latency",
      value: 7,
      unit: "d",
      element: "sales.trans_dt",
    });
  });

  it("has types, bounds and allowed values", () => {
    expect(columnNamed("sales", "sales_qty")).to.deep.include({
      logicalType: "number",
      physicalType: "decimal(18,2)",
      required: true,
      logicalTypeOptions: { minimum: -100000, maximum: 100000 },
      customProperties: [
        { property: "unit", value: "units" },
        { property: "sourceType", value: "numeric(38,2)" },
      ],
    });
    expect(columnNamed("inventory", "out_of_stock_flg").quality[0]).to.deep.include({
      metric: "invalidValues",
      arguments: { validValues: [0, 1] },
    });
    expect(columnNamed("weekly_fact", "yr_wk_num")).to.include({ partitioned: true, primaryKeyPosition: 1 });
  });

  it("has rules across columns as queries that count the rows that break them", () => {
    const [, ...rules] = tableNamed("calendar").quality;
    expect(rules.map(({ type, mustBe }: { type: string; mustBe: number }) => [type, mustBe])).to.deep.equal([
      ["sql", 0],
      ["sql", 0],
    ]);
    expect(rules[0]).to.deep.include({
      query: "SELECT COUNT(*) FROM calendar WHERE NOT (yr_num * 100 + wk_num = yr_wk_num)",
      description: "yr_num and wk_num are the parts of yr_wk_num",
    });
  });

  it("names the owner where all tables have the same one", () => {
    const notes = (name: string, owner?: string) =>
      defineTable({
        ...{ name, title: "Notes", description: "Notes", grain: "one row per note", load: "snapshot", tolerance: 0 },
        ...(owner === undefined ? {} : { owner }),
        columns: { note: text("Note").required(), paid: amount("Paid").between(undefined, "1.50") },
      });
    const owned = (...tables: ReturnType<typeof notes>[]) => {
      const dataset = { ...retail, tables: [...retail.tables, ...tables] };
      return read(
        odcsContract(
          dataset,
          tables.map(({ name }) => relationOf(dataset, name)),
        ),
      );
    };
    expect(owned(notes("a", "planning"), notes("b", "planning")).team).to.deep.equal({ name: "planning" });
    const mixed = owned(notes("a", "planning"), notes("b"));
    expect(mixed.team).to.equal(undefined);
    expect(mixed.schema[0].customProperties).to.deep.include({ property: "owner", value: "planning" });
    expect(mixed.schema[0].properties[1].logicalTypeOptions).to.deep.equal({ maximum: 1.5 });
  });
});
