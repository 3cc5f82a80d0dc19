import { expect } from "chai";
import { InvalidPropertiesError } from "../errors.ts";
import { type MaintainStepArgs, maintainStep } from "./maintain-step.ts";

const smallest: MaintainStepArgs = {
  runId: "maintain-2017-07-02",
  program: "s3://my-artifacts/spark/1a2b3c/",
  warehouse: "s3://my-warehouse/tables",
  control: "s3://my-control/spark",
  database: "sales",
};

describe("maintainStep", () => {
  it("is one Spark step, whose failure does not end what else the cluster does", () => {
    expect(maintainStep(smallest)).to.deep.equal({
      Name: "maintain the tables",
      ActionOnFailure: "CONTINUE",
      HadoopJarStep: {
        Jar: "command-runner.jar",
        Args: [
          ...["spark-submit", "--deploy-mode", "cluster"],
          ...["--py-files", "s3://my-artifacts/spark/1a2b3c/sales_etl_spark.zip"],
          ...["--conf", "spark.yarn.maxAppAttempts=1"],
          "s3://my-artifacts/spark/1a2b3c/main.py",
          ...["--contract", "s3://my-artifacts/spark/1a2b3c/contract.json"],
          ...["--warehouse", "s3://my-warehouse/tables"],
          ...["--catalog", "glue_catalog"],
          ...["--database", "sales"],
          ...["--control", "s3://my-control/spark"],
          ...["--run-id", "maintain-2017-07-02"],
          ...["--step", "maintain"],
        ],
      },
    });
  });

  it("passes on what is set", () => {
    const step = maintainStep({ ...smallest, retentionDays: 60, waitSeconds: 0, actionOnFailure: "TERMINATE_CLUSTER" });
    expect(step.ActionOnFailure).to.equal("TERMINATE_CLUSTER");
    const args = step.HadoopJarStep?.Args?.join(" ");
    expect(args?.endsWith("--step maintain --retention-days 60 --wait-seconds 0")).to.equal(true);
  });

  it("names every mistake at once", () => {
    expect(() => maintainStep({ ...smallest, runId: " ", warehouse: "s3://my-warehouse/", retentionDays: 0 }))
      .to.throw(InvalidPropertiesError)
      .that.has.property("problems")
      .deep.equal([
        { path: "runId", message: "has 1 characters; it takes 1 to 256" },
        { path: "warehouse", message: "s3://my-warehouse/ ends in /; the job appends it by itself" },
        { path: "retentionDays", message: "0 is no whole number of days from 1 to 36500" },
      ]);
  });
});
