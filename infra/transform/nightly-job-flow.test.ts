import { exampleNightly, renderNightlyJobFlow } from "@sales-etl/etl-core/emr";
import { expect } from "chai";
import { record } from "../testing/record.ts";
import { NightlyJobFlow } from "./nightly-job-flow.ts";

describe("NightlyJobFlow", () => {
  it("is what etl-core renders, as a file", async () => {
    const { buckets, database, serviceRole, jobFlowRole, subnetIds = [], ...cluster } = exampleNightly;
    const securityGroups = { primary: "sg-1", core: "sg-2" };
    const { childrenOf, inputsOf, result } = await record(
      () =>
        new NightlyJobFlow("night", {
          cluster,
          programVersion: "0123456789abcdef",
          network: { subnetIds: [...subnetIds], securityGroups },
          buckets,
          databaseName: database,
          serviceRoleArn: serviceRole,
          instanceProfileArn: jobFlowRole,
          securityConfigurationName: "at-rest",
        }).uri,
    );
    expect(childrenOf("night")).to.deep.equal(["aws:s3/bucketObjectv2:BucketObjectv2 night-file"]);
    const { content, ...file } = inputsOf("night-file");
    expect(file).to.deep.equal({
      bucket: "sales-etl-example-artifacts",
      key: "airflow/job_flow.json",
      contentType: "application/json",
    });
    expect(JSON.parse(content)).to.deep.equal(
      renderNightlyJobFlow({
        ...{ ...exampleNightly, programVersion: "0123456789abcdef" },
        ...{ securityGroups, securityConfiguration: "at-rest" },
      }),
    );
    expect(result).to.equal("s3://sales-etl-example-artifacts/airflow/job_flow.json");
  });
});
