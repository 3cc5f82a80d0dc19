import { expect } from "chai";
import { rideData } from "../../../cli/test/support/rides.ts";
import { type Dataset, type StoredType, tableOf } from "../contract/index.ts";
import { retail } from "../retail/index.ts";
import { exportContract, exportFormats } from "./exporters.ts";

const retailWords =
  /\b(sales|inventory|store|product|calendar|weekly_fact|store_key|prod_key|trans_dt|cal_dt|yr_wk_num)\b/;

describe("the exporters", () => {
  for (const format of exportFormats) {
    it(`${format}: a second data set goes through under its own names`, () => {
      const files = exportContract(rideData, format);
      expect(files.size).to.be.greaterThan(0);
      const text = [...files].flat().join("\n");
      // Superset shows the fact: no column of what lands.
      const names = format === "superset" ? ["monthly_rides_with_dimensions", "m_"] : ["ride_count", "days"];
      for (const name of names) expect(text).to.contain(name);
      expect(text.replaceAll(/sales-etl|sales_etl/g, "")).not.to.match(retailWords);
    });

    it(`${format}: gives the same text twice`, () => {
      expect([...exportContract(retail, format)]).to.deep.equal([...exportContract(retail, format)]);
    });

    it(`${format}: refuses a type that it does not know`, () => {
      const sales = tableOf(retail, "sales");
      const price = { ...sales.columns.sales_price, type: "money" as StoredType } as (typeof sales.columns)[string];
      const tables = [{ ...sales, columns: { ...sales.columns, sales_price: price } }, ...retail.tables.slice(1)];
      const dataset: Dataset = { ...retail, tables };
      expect(() => exportContract(dataset, format)).to.throw('unknown column type "money"');
    });
  }

  it("export one table or the fact, where the format can", () => {
    expect([...exportContract(retail, "json-schema", "weekly_fact").keys()]).to.deep.equal(["weekly_fact.schema.json"]);
    expect([...exportContract(retail, "glue", "sales").keys()]).to.deep.equal(["raw_sales.json"]);
    expect(() => exportContract(retail, "glue", "weekly_fact")).to.throw("weekly_fact is computed: sales, inventory");
    expect(() => exportContract(retail, "snowflake", "sales")).to.throw("leave the table out");
  });

  it("name what exists when a table is asked for that does not", () => {
    expect(() => exportContract(retail, "odcs", "shops"))
      .to.throw("there is no table shops in retail: sales, inventory, store, product, calendar, weekly_fact")
      .with.property("code", "CONTRACT_NO_TABLE");
  });
});
