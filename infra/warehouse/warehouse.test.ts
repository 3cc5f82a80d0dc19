import { lakeRelations } from "@sales-etl/etl-core/exporters";
import { retail } from "@sales-etl/etl-core/retail";
import { expect } from "chai";
import { bucketRef, kmsKeyArn } from "../testing/examples.ts";
import { record } from "../testing/record.ts";
import { inputsOf } from "./iceberg-table.ts";
import { Warehouse } from "./warehouse.ts";

describe("Warehouse", () => {
  it("is a catalog, a work group and every table of the contract in them", async () => {
    const { childrenOf, inputsOf: recorded } = await record(
      () =>
        new Warehouse("own", {
          ...{ dataset: retail, databaseName: "sales", region: "eu-central-1", scanLimitGiB: 10, kmsKeyArn },
          buckets: {
            warehouse: bucketRef("warehouse"),
            quarantine: bucketRef("quarantine"),
            logs: bucketRef("logs"),
            landing: bucketRef("landing"),
          },
        }).databaseName,
    );
    const landed = ["sales", "inventory", "store", "product", "calendar"];
    const tables = [...landed, "weekly-fact", "store-dim", "product-dim", "calendar-dim", "receipts"];
    expect(childrenOf("own")).to.have.members([
      "sales-etl:warehouse:Catalog own-catalog",
      "sales-etl:warehouse:WorkGroup own-queries",
      "sales-etl:warehouse:RawTables own-raw",
      ...[...tables, "quarantine"].map((table) => `pulumi-nodejs:dynamic/sales-etl:IcebergTable own-${table}`),
    ]);
    expect(recorded("own-catalog-database").locationUri).to.equal("s3://warehouse/tables");
    for (const table of tables) {
      expect(recorded(`own-${table}`)).to.include({
        ...{ region: "eu-central-1", workGroup: "own-queries", database: "sales" },
        ...{ table: table.replaceAll("-", "_"), location: `s3://warehouse/tables/${table.replaceAll("-", "_")}` },
      });
    }
    expect(recorded("own-quarantine").location).to.equal("s3://quarantine/tables/quarantine");
  });

  it("replaces dimensions as a whole, and knows since when a row was so", async () => {
    const dimension = lakeRelations(retail).find(({ name }) => name === "store_dim");
    if (dimension === undefined) throw new Error("no store_dim");
    const names = { workGroup: "w", database: "sales", location: "s3://warehouse/tables" };
    const { columns, ddl, partition } = inputsOf({ dataset: retail, relation: dimension, region: "r" }, names);
    expect(partition).to.equal("");
    expect(ddl).to.include("CREATE TABLE sales.store_dim (").and.not.include("PARTITIONED BY");
    expect(columns).to.deep.include({
      valid_from: { type: "date", comment: "Business date of the first snapshot with this content" },
      is_current: { type: "boolean", comment: "The newest snapshot has it so" },
    });
  });
});
