import { retail } from "@sales-etl/etl-core/retail";
import { expect } from "chai";
import { bucketRef, kmsKeyArn } from "../testing/examples.ts";
import { record } from "../testing/record.ts";
import { Warehouse } from "./warehouse.ts";

describe("Warehouse", () => {
  it("is a catalog, a work group and every table of the contract in them", async () => {
    const { childrenOf, inputsOf } = await record(
      () =>
        new Warehouse("own", {
          ...{ dataset: retail, databaseName: "sales", region: "eu-central-1", scanLimitGiB: 10, kmsKeyArn },
          buckets: { warehouse: bucketRef("warehouse"), logs: bucketRef("logs") },
        }).databaseName,
    );
    const tables = ["sales", "inventory", "store", "product", "calendar", "weekly-fact"];
    expect(childrenOf("own")).to.have.members([
      "sales-etl:warehouse:Catalog own-catalog",
      "sales-etl:warehouse:WorkGroup own-queries",
      ...tables.map((table) => `pulumi-nodejs:dynamic/sales-etl:IcebergTable own-${table}`),
    ]);
    expect(inputsOf("own-catalog-database").locationUri).to.equal("s3://warehouse/tables");
    for (const table of tables) {
      expect(inputsOf(`own-${table}`)).to.include({
        ...{ region: "eu-central-1", workGroup: "own-queries", database: "sales" },
        ...{ table: table.replaceAll("-", "_"), location: `s3://warehouse/tables/${table.replaceAll("-", "_")}` },
      });
    }
  });
});
