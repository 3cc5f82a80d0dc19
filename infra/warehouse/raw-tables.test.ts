import { retail } from "@sales-etl/etl-core/retail";
import { expect } from "chai";
import { bucketRef, kmsKeyArn } from "../testing/examples.ts";
import { arnOf, record, statementsOf } from "../testing/record.ts";
import { RawTables } from "./raw-tables.ts";

describe("RawTables", () => {
  const make = () =>
    record(() => {
      const args = { dataset: retail, databaseName: "sales_raw", landing: bucketRef("landing"), kmsKeyArn };
      const { databaseName, crawlerName } = new RawTables("own", args);
      return { databaseName, crawlerName };
    });
  const names = ["sales", "inventory", "store", "product", "calendar"];

  it("is a database, a table for each that lands, and a crawler", async () => {
    const { childrenOf, result } = await make();
    expect(childrenOf("own")).to.have.members([
      "aws:glue/catalogDatabase:CatalogDatabase own-database",
      ...names.map((name) => `aws:glue/catalogTable:CatalogTable own-raw-${name}`),
      "sales-etl:warehouse:RawCrawler own-crawler",
    ]);
    expect(result).to.deep.equal({ databaseName: "sales_raw", crawlerName: "own-crawler-crawler" });
  });

  it("has all columns as text, by position, in folders of dates", async () => {
    const { inputsOf } = await make();
    const { storageDescriptor, partitionKeys, ...table } = inputsOf("own-raw-inventory");
    expect(table).to.deep.include({ databaseName: "sales_raw", name: "raw_inventory", tableType: "EXTERNAL_TABLE" });
    expect(partitionKeys).to.deep.equal([{ name: "dt", type: "string", comment: "Business date" }]);
    expect(storageDescriptor.location).to.equal("s3://landing/inventory/");
    const columns = storageDescriptor.columns.map(({ name, type }: { name: string; type: string }) => [name, type]);
    expect(columns).to.deep.equal(
      [
        ...["cal_dt", "store_key", "prod_key", "inventory_on_hand_qty", "inventory_on_order_qty"],
        ...["out_of_stock_flg", "waste_qty", "promotion_flg", "next_delivery_dt"],
      ].map((name) => [name, "string"]),
    );
    expect(storageDescriptor.serDeInfo.parameters).to.include({ separatorChar: ",", quoteChar: '"' });
  });

  it("lets the crawler look for dates of these tables, when it is told to", async () => {
    const { inputsOf } = await make();
    const { catalogTargets, schemaChangePolicy, recrawlPolicy, schedule, role } = inputsOf("own-crawler-crawler");
    expect(catalogTargets).to.deep.equal([{ databaseName: "sales_raw", tables: names.map((name) => `raw_${name}`) }]);
    expect(schemaChangePolicy).to.deep.equal({ deleteBehavior: "LOG", updateBehavior: "LOG" });
    expect(recrawlPolicy).to.deep.equal({ recrawlBehavior: "CRAWL_EVERYTHING" });
    expect(schedule).to.equal(undefined);
    expect(role).to.equal(arnOf("own-crawler-role"));
  });

  it("lets the crawler read what landed, and write partitions alone", async () => {
    const { inputsOf } = await make();
    const statements = statementsOf(inputsOf("own-crawler-policy").policy);
    expect(statements.ReadFiles?.Resource).to.deep.equal(["arn:aws:s3:::landing/*"]);
    expect(statements.AddPartitions?.Resource).to.deep.equal([
      "arn:aws:glue:eu-central-1:123456789012:catalog",
      "arn:aws:glue:eu-central-1:123456789012:database/sales_raw",
      "arn:aws:glue:eu-central-1:123456789012:table/sales_raw/*",
    ]);
    const actions = Object.values(statements).flatMap(({ Action }) => Action);
    expect(actions.filter((action) => /Delete|CreateTable|CreateDatabase|s3:Put/.test(action))).to.deep.equal([]);
  });
});
