import { expect } from "chai";
import { boolean, defineTable, int, numeric, text } from "../contract/index.ts";
import { retail } from "../retail/index.ts";
import { exportContract } from "./exporters.ts";

const schemaOf = (table: string) => {
  const file = exportContract(retail, "json-schema", table).get(`${table}.schema.json`) ?? "";
  return { file, schema: JSON.parse(file) };
};

describe("JSON Schema of a row", () => {
  it("has 64 bits digit by digit", () => {
    expect(schemaOf("sales").file).to.contain('"minimum": -9223372036854775808,\n      "maximum": 9223372036854775807');
  });

  it("has decimals as text with their digits, bounds beside", () => {
    const { sales_qty, discount } = schemaOf("sales").schema.properties;
    expect(sales_qty).to.include({
      type: "string",
      pattern: "^-?[0-9]{1,16}([.][0-9]{1,2})?$",
      "x-minimum": "-100000.00",
    });
    expect(discount.type).to.deep.equal(["string", "null"]);
  });

  it("has every column required, none besides, and values of the column's type", () => {
    const { schema } = schemaOf("inventory");
    expect(schema.required).to.have.length(9);
    expect(schema.additionalProperties).to.equal(false);
    expect(schema.properties.out_of_stock_flg.enum).to.deep.equal([0, 1]);
    expect(schema.properties.next_delivery_dt).to.deep.include({ type: ["string", "null"], format: "date" });
  });

  it("has what is unknown in the fact as null, what is counted not", () => {
    const { properties } = schemaOf("weekly_fact").schema;
    expect(properties.avg_price.type).to.deep.equal(["string", "null"]);
    expect(properties.stock_as_of_dt.type).to.deep.equal(["string", "null"]);
    expect(properties.days_tracked.type).to.equal("integer");
    expect(properties.sales_qty.type).to.equal("string");
  });

  it("allows other columns only where the contract keeps them, and null among the values of a nullable column", () => {
    const table = defineTable({
      ...{
        name: "sites",
        title: "Sites",
        description: "Sites",
        grain: "one row per site",
        load: "snapshot",
        tolerance: 0,
      },
      drift: "keep",
      columns: {
        kind: text("Kind").oneOf("a", "b"),
        open: boolean("Open"),
        level: int("Level").oneOf(1),
        area: numeric(0)("Area"),
        code: text("Code").required().matching("[A-Z]{2}"),
      },
    });
    const dataset = { ...retail, tables: [...retail.tables, table] };
    const schema = JSON.parse(exportContract(dataset, "json-schema", "sites").get("sites.schema.json") ?? "");
    expect(schema.additionalProperties).to.equal(true);
    expect(schema.properties.kind.enum).to.deep.equal(["a", "b", null]);
    expect(schema.properties.level.enum).to.deep.equal([1, null]);
    expect(schema.properties.code).to.include({ pattern: "^(?:[A-Z]{2})$", minLength: 1 });
    expect(schema.properties.area.pattern).to.equal("^-?[0-9]{1,18}$");
  });
});
