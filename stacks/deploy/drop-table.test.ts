/** With the SDK's own clients against a Glue and an Athena that know one table. */
import { expect } from "chai";
import { awsStandIn } from "../../infra/testing/aws-stand-in.ts";
import { dropTable } from "./drop-table.ts";

const outputs = {
  databaseName: "sales_etl_dev",
  workGroupName: "sales-etl-dev-queries",
  kmsKeyArn: "arn:aws:kms:eu-central-1:123456789012:key/1",
};

describe("deploy: drop-table", () => {
  const asked: object[] = [];
  awsStandIn({
    GetTable: ({ DatabaseName, Name }) =>
      DatabaseName === "sales_etl_dev" && ["old_fact", "sales"].includes(Name ?? "")
        ? {
            Table: {
              Name,
              Parameters: { table_type: "ICEBERG" },
              StorageDescriptor: { Location: `s3://warehouse/tables/${Name}`, Columns: [] },
            },
          }
        : { __type: "EntityNotFoundException", message: "no" },
    StartQueryExecution: ({ QueryString, WorkGroup, QueryExecutionContext }) => {
      asked.push({ QueryString, WorkGroup, QueryExecutionContext });
      return { QueryExecutionId: "q" };
    },
    GetQueryExecution: () => ({ QueryExecution: { Status: { State: "SUCCEEDED" } } }),
  });
  beforeEach(() => {
    asked.length = 0;
  });

  const refused = (table: string, of: object = outputs) =>
    dropTable({ table, outputs: { ...of } }).then(
      () => "dropped",
      (error: { code: string }) => error.code,
    );

  it("drops a table that the program has forgotten, through the warehouse's work group", async () => {
    expect(await dropTable({ table: "old_fact", outputs })).to.equal("s3://warehouse/tables/old_fact");
    expect(asked).to.deep.equal([
      {
        QueryString: "DROP TABLE `old_fact`",
        WorkGroup: "sales-etl-dev-queries",
        QueryExecutionContext: { Database: "sales_etl_dev" },
      },
    ]);
  });

  it("drops none that is declared, or not there, or before there is a database", async () => {
    expect(await refused("sales")).to.equal("TABLE_DECLARED");
    expect(await refused("receipts")).to.equal("TABLE_DECLARED");
    expect(await refused("older_fact")).to.equal("TABLE_MISSING");
    expect(await refused("old_fact", {})).to.equal("NOT_DEPLOYED");
    expect(asked).to.deep.equal([]);
  });
});
