import { expect } from "chai";
import { InvalidPropertiesError } from "../errors.ts";
import { type DailyStepArgs, dailyStep, placeholders } from "./daily-step.ts";

const smallest: DailyStepArgs = {
  businessDate: "2017-06-30",
  runId: "by-hand-1",
  program: "s3://my-artifacts/spark/1a2b3c",
  landing: "s3://my-landing",
  warehouse: "s3://my-warehouse/tables",
  control: "s3://my-control/sales",
  database: "sales",
};

describe("dailyStep", () => {
  it("is one Spark step that loads the date", () => {
    expect(dailyStep(smallest)).to.deep.equal({
      Name: "weekly fact 2017-06-30",
      ActionOnFailure: "CANCEL_AND_WAIT",
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
          ...["--control", "s3://my-control/sales"],
          ...["--run-id", "by-hand-1"],
          ...["--landing", "s3://my-landing"],
          ...["--business-date", "2017-06-30"],
        ],
      },
    });
  });

  it("passes on what is set, and takes the folder of the program with and without a slash", () => {
    const step = dailyStep({
      ...smallest,
      program: `${smallest.program}/`,
      control: "s3://my-control/spark",
      catalog: "lake",
      contractVersion: "0a1b2c",
      waitSeconds: 0,
      leaseSeconds: 60,
      leftToSpark: ["sales", "inventory"],
      sparkConf: { "spark.executor.memory": "4g", "spark.yarn.maxAppAttempts": "2" },
      actionOnFailure: "TERMINATE_CLUSTER",
    });
    expect(step.ActionOnFailure).to.equal("TERMINATE_CLUSTER");
    const args = step.HadoopJarStep?.Args?.join(" ");
    expect(args).to.include("--conf spark.yarn.maxAppAttempts=2 --conf spark.executor.memory=4g s3://my-artifacts");
    expect(args).to.include("spark/1a2b3c/main.py --contract");
    expect(args).to.include("--catalog lake --database sales --control s3://my-control/spark --run-id");
    expect(args).to.include("--left-to-spark=sales,inventory --contract-version");
    expect(args?.endsWith("--contract-version 0a1b2c --wait-seconds 0 --lease-seconds 60")).to.equal(true);
  });

  it("takes the placeholders of the DAG for the date and the run", () => {
    const step = dailyStep({ ...smallest, ...placeholders });
    expect(step.Name).to.equal("weekly fact {{ business_date }}");
    expect(step.HadoopJarStep?.Args).to.include("--left-to-spark={{ left_to_spark }}");
    // Read by the gate to the last file: nothing is left.
    const none = dailyStep({ ...smallest, leftToSpark: [] });
    expect(none.HadoopJarStep?.Args).to.include("--left-to-spark=");
  });

  it("has no control of its own: two writers that name different ones do not see each other's lease", () => {
    const { control: _, ...without } = smallest;
    expect(() => dailyStep(without as DailyStepArgs))
      .to.throw(InvalidPropertiesError)
      .that.has.property("problems")
      .deep.equal([{ path: "control", message: "is missing" }]);
  });

  it("names every mistake at once", () => {
    const wrong = () =>
      dailyStep({
        businessDate: "2017-06-31",
        runId: "",
        program: "my-artifacts/spark",
        landing: "s3://my-landing/",
        warehouse: "/tables",
        database: "Sales",
        control: "s3://x",
        catalog: "glue-catalog",
        contractVersion: "",
        waitSeconds: -1,
        leaseSeconds: 0.5,
        sparkConf: { "executor.memory": "4g" },
        leftToSpark: ["sales", "no table"],
      });
    expect(wrong)
      .to.throw(InvalidPropertiesError)
      .that.has.property("problems")
      .deep.equal([
        { path: "businessDate", message: "2017-06-31 is no day of the calendar written YYYY-MM-DD" },
        { path: "runId", message: "has 0 characters; it takes 1 to 256" },
        { path: "program", message: "my-artifacts/spark is no s3:// URI" },
        { path: "warehouse", message: "/tables is no s3:// URI" },
        { path: "control", message: "s3://x is no s3:// URI" },
        { path: "landing", message: "s3://my-landing/ ends in /; the job appends it by itself" },
        { path: "database", message: "Sales is no name of a-z, 0-9, _" },
        { path: "catalog", message: "glue-catalog is no name of a catalog of Spark's" },
        { path: "contractVersion", message: "is empty; leave it out to take any" },
        { path: "waitSeconds", message: "-1 is no whole number of seconds from 0 to 86400" },
        { path: "leaseSeconds", message: "0.5 is no whole number of seconds from 1 to 86400" },
        { path: "leftToSpark", message: "no table is no name of a table" },
        { path: 'sparkConf["executor.memory"]', message: 'Spark reads only keys that begin with "spark."' },
      ]);
  });
});
