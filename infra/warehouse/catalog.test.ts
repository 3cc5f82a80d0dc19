import { expect } from "chai";
import { record } from "../testing/record.ts";
import { Catalog } from "./catalog.ts";

describe("Catalog", () => {
  it("is a database at the warehouse's tables", async () => {
    const { childrenOf, inputsOf, result } = await record(
      () => new Catalog("catalog", { databaseName: "sales", locationUri: "s3://warehouse/tables" }).databaseName,
    );
    expect(childrenOf("catalog")).to.deep.equal(["aws:glue/catalogDatabase:CatalogDatabase catalog-database"]);
    expect(inputsOf("catalog-database")).to.deep.equal({
      name: "sales",
      description: "Sales and inventory by week",
      locationUri: "s3://warehouse/tables",
    });
    expect(result).to.equal("sales");
  });
});
