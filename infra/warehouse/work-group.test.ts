import { lakeRelations, viewsOf } from "@sales-etl/etl-core/exporters";
import { retail } from "@sales-etl/etl-core/retail";
import { expect } from "chai";
import { bucketRef, kmsKeyArn } from "../testing/examples.ts";
import { record } from "../testing/record.ts";
import { namedQueries } from "./named-queries.ts";
import { WorkGroup } from "./work-group.ts";

describe("WorkGroup", () => {
  const make = () =>
    record(
      () =>
        new WorkGroup("own", { logs: bucketRef("logs"), databaseName: "sales", scanLimitGiB: 10, kmsKeyArn })
          .workGroupName,
    );

  it("enforces its place for answers, its key and its limit", async () => {
    const { inputsOf } = await make();
    expect(inputsOf("own-group")).to.deep.equal({
      name: "own",
      description: "Queries of the warehouse",
      configuration: {
        enforceWorkgroupConfiguration: true,
        publishCloudwatchMetricsEnabled: true,
        bytesScannedCutoffPerQuery: 10_737_418_240,
        engineVersion: { selectedEngineVersion: "Athena engine version 3" },
        resultConfiguration: {
          outputLocation: "s3://logs/athena/",
          encryptionConfiguration: { encryptionOption: "SSE_KMS", kmsKeyArn },
        },
      },
    });
  });

  it("holds the named queries, of columns that their tables have", async () => {
    const { childrenOf, inputsOf } = await make();
    expect(childrenOf("own").filter((child) => child.includes("NamedQuery"))).to.have.length(namedQueries.length);
    const relations = [...lakeRelations(retail), ...viewsOf(retail).map(({ relation }) => relation)];
    for (const { key, sql } of namedQueries) {
      expect(inputsOf(`own-${key}`)).to.deep.include({ database: "sales", workgroup: "own", query: sql });
      if (sql.includes("$snapshots")) continue;
      const words = new Set(sql.match(/\b[a-z]+(_[a-z]+)+\b/g) ?? []);
      words.delete("first_line");
      // One relation: what a person joins here could be of two publishes.
      const [read = "", ...others] = new Set([...sql.matchAll(/(?:FROM|JOIN) ([a-z_]+)/g)].map(([, name]) => name));
      expect(others, key).to.deep.equal([]);
      words.delete(read);
      const columns = relations.find(({ name }) => name === read)?.fields.map(({ name }) => name);
      expect(columns, key).to.include.members([...words]);
    }
  });
});
