import { expect } from "chai";
import { exampleNightly, renderNightlyJobFlow } from "./nightly.ts";

describe("renderNightlyJobFlow", () => {
  const rendered = renderNightlyJobFlow(exampleNightly);

  it("gives one Spark step with the placeholders of the DAG", () => {
    expect(rendered.steps).to.deep.equal([
      {
        Name: "weekly fact {{ business_date }}",
        ActionOnFailure: "CANCEL_AND_WAIT",
        HadoopJarStep: {
          Jar: "command-runner.jar",
          Args: [
            "spark-submit",
            "--deploy-mode",
            "cluster",
            "--py-files",
            "s3://sales-etl-example-artifacts/spark/sales_etl_spark.zip",
            "--conf",
            "spark.yarn.maxAppAttempts=1",
            "s3://sales-etl-example-artifacts/spark/main.py",
            "--contract",
            "s3://sales-etl-example-artifacts/spark/contract.json",
            "--warehouse",
            "s3://sales-etl-example-warehouse/tables",
            "--catalog",
            "glue_catalog",
            "--database",
            "sales_etl_example",
            "--control",
            "s3://sales-etl-example-control/spark",
            "--run-id",
            "{{ run_id }}",
            "--landing",
            "s3://sales-etl-example-landing",
            "--gaps",
            "s3://sales-etl-example-control",
            "--business-date",
            "{{ business_date }}",
            "--left-to-spark={{ left_to_spark }}",
          ],
        },
      },
    ]);
  });

  it("maintains the tables once a week, under a name of its own", () => {
    expect(rendered.weekly.weekday).to.equal("SUN");
    const args = rendered.weekly.step.HadoopJarStep?.Args?.join(" ");
    expect(args).to.include(
      "--control s3://sales-etl-example-control/spark --run-id maintain-{{ business_date }} --step",
    );
    expect(args?.endsWith("--step maintain --retention-days 30")).to.equal(true);
  });

  it("names cluster, logs, catalog and run", () => {
    const { jobFlow } = rendered;
    expect(jobFlow.Name).to.equal("sales-etl-example {{ business_date }}");
    expect(jobFlow.LogUri).to.equal("s3://sales-etl-example-logs/emr/");
    expect(jobFlow.Tags).to.deep.equal([
      { Key: "sales-etl:run-id", Value: "{{ run_id }}" },
      { Key: "project", Value: "sales-etl" },
      { Key: "environment", Value: "example" },
      { Key: "for-use-with-amazon-emr-managed-policies", Value: "true" },
    ]);
    expect(jobFlow.Configurations?.[1]?.Properties).to.include({
      "spark.sql.catalog.glue_catalog.warehouse": "s3://sales-etl-example-warehouse/tables",
      "spark.sql.catalog.glue_catalog.default-namespace": "sales_etl_example",
    });
    expect(jobFlow).not.to.have.property("Steps");
  });

  it("is plain JSON", () => {
    expect(JSON.parse(JSON.stringify(rendered))).to.deep.equal(rendered);
  });
});
