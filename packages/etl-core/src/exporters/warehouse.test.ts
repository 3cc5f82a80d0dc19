import { expect } from "chai";
import { defineTable, text } from "../contract/index.ts";
import { retail } from "../retail/index.ts";
import { exportContract } from "./exporters.ts";
import { rawTableInput } from "./glue.ts";
import { athenaDdl, sparkDdl } from "./iceberg.ts";
import { relationOf } from "./relation.ts";
import { structType } from "./spark.ts";

const sales = relationOf(retail, "sales");
const fact = relationOf(retail, "weekly_fact");

describe("Iceberg DDL", () => {
  it("keeps rows by the date of their file, the fact by its week", () => {
    for (const ddl of [athenaDdl(retail, sales), sparkDdl(retail, sales)]) {
      expect(ddl).to.contain("PARTITIONED BY (load_dt)").and.to.contain("  source_file ");
    }
    for (const ddl of [athenaDdl(retail, fact), sparkDdl(retail, fact)]) {
      expect(ddl).to.contain("PARTITIONED BY (yr_wk_num)").and.not.to.contain("load_dt");
    }
  });

  it("has NOT NULL for Spark and not for Athena, which has no such word", () => {
    expect(sparkDdl(retail, sales))
      .to.contain("trans_id BIGINT NOT NULL COMMENT 'Basket'")
      .and.to.contain("  discount DECIMAL(18,2) COMMENT");
    expect(athenaDdl(retail, sales)).to.contain("  trans_id bigint COMMENT 'Basket'").and.not.to.contain("NOT NULL");
  });

  it("takes database, catalog and location of the deployment", () => {
    const settings = { database: "shop", location: "s3://x/tables", catalog: "lake" };
    expect(athenaDdl(retail, fact, settings))
      .to.contain("TABLE shop.weekly_fact")
      .and.to.contain("LOCATION 's3://x/tables/weekly_fact'");
    expect(sparkDdl(retail, fact, settings)).to.contain("TABLE lake.shop.weekly_fact");
  });

  it("writes quotes and backslashes as both engines read them", () => {
    const table = defineTable({
      ...{
        name: "notes",
        title: "Notes",
        description: "Notes",
        grain: "one row per note",
        load: "snapshot",
        tolerance: 0,
      },
      columns: { note: text("The store's \\ note") },
    });
    const dataset = { ...retail, tables: [...retail.tables, table] };
    expect(athenaDdl(dataset, relationOf(dataset, "notes"))).to.contain(
      "note string COMMENT 'The store\\'s \\\\ note'",
    );
  });
});

describe("Spark's StructType", () => {
  it("has Spark's own words for the types, and where the row came from", () => {
    const { fields } = structType(sales) as { fields: { name: string; type: string; nullable: boolean }[] };
    const types = Object.fromEntries(fields.map(({ name, type, nullable }) => [name, `${type}${nullable ? "?" : ""}`]));
    expect(types).to.include({
      trans_id: "long",
      prod_key: "integer",
      trans_dt: "date",
      sales_amt: "decimal(18,2)",
      discount: "decimal(18,2)?",
    });
    expect(Object.keys(types).slice(-2)).to.deep.equal(["source_file", "load_dt"]);
    expect(structType(fact)).to.have.property("fields").with.length(23);
  });
});

describe("raw tables for Glue", () => {
  it("have every column as text, in the order of the contract, a partition a date", () => {
    const [, inventory] = retail.tables;
    if (inventory === undefined) throw new Error("no inventory");
    const input = rawTableInput(inventory, { landing: "s3://x" });
    expect(input).to.include({ Name: "raw_inventory" });
    expect(input.PartitionKeys.map(({ Name }) => Name)).to.deep.equal(["dt"]);
    expect(input.StorageDescriptor.Location).to.equal("s3://x/inventory/");
    expect(input.StorageDescriptor.Columns.map(({ Name }) => Name)).to.deep.equal(inventory.columnNames);
    expect(new Set(input.StorageDescriptor.Columns.map(({ Type }) => Type))).to.deep.equal(new Set(["string"]));
    expect(input.StorageDescriptor.Columns[3]?.Comment).to.equal("On hand (decimal(18,2))");
  });

  it("are of what lands only", () => {
    expect([...exportContract(retail, "glue").keys()]).to.deep.equal([
      ...["raw_sales.json", "raw_inventory.json", "raw_store.json", "raw_product.json", "raw_calendar.json"],
    ]);
  });
});
