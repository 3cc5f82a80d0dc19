import { expect } from "chai";
import { InvalidPropertiesError } from "../errors.ts";
import { sparkStep } from "./spark-step.ts";

describe("sparkStep", () => {
  it("submits a program in cluster mode", () => {
    expect(sparkStep({ name: "count", entryPoint: "s3://my-artifacts/spark/main.py" })).to.deep.equal({
      Name: "count",
      ActionOnFailure: "CANCEL_AND_WAIT",
      HadoopJarStep: {
        Jar: "command-runner.jar",
        Args: ["spark-submit", "--deploy-mode", "cluster", "s3://my-artifacts/spark/main.py"],
      },
    });
  });

  it("puts options before the entry point and arguments after it", () => {
    const step = sparkStep({
      name: "count",
      entryPoint: "s3://my-artifacts/spark/main.py",
      pyFiles: ["s3://my-artifacts/a.zip", "s3://my-artifacts/b.py"],
      sparkConf: { "spark.executor.memory": "4g", "spark.executor.cores": "2" },
      args: ["--business-date", "2017-06-30"],
      actionOnFailure: "TERMINATE_CLUSTER",
    });
    expect(step.ActionOnFailure).to.equal("TERMINATE_CLUSTER");
    expect(step.HadoopJarStep?.Args).to.deep.equal([
      "spark-submit",
      "--deploy-mode",
      "cluster",
      "--py-files",
      "s3://my-artifacts/a.zip,s3://my-artifacts/b.py",
      "--conf",
      "spark.executor.memory=4g",
      "--conf",
      "spark.executor.cores=2",
      "s3://my-artifacts/spark/main.py",
      "--business-date",
      "2017-06-30",
    ]);
  });

  it("names every mistake at once", () => {
    const wrong = () =>
      sparkStep({
        name: "",
        entryPoint: "main.py",
        pyFiles: ["s3://my-artifacts/a.zip", "s3://my-artifacts/a.tar.gz"],
        sparkConf: { "executor.memory": "4g" },
        args: ["x".repeat(10_281)],
      });
    expect(wrong)
      .to.throw(InvalidPropertiesError)
      .that.has.property("problems")
      .deep.equal([
        { path: "name", message: "has 0 characters; EMR takes 1 to 256" },
        { path: "entryPoint", message: "main.py is no s3:// URI" },
        {
          path: "pyFiles[1]",
          message: "s3://my-artifacts/a.tar.gz is no s3:// URI of a .zip, .egg or .py file",
        },
        { path: 'sparkConf["executor.memory"]', message: 'Spark reads only keys that begin with "spark."' },
        { path: "args[0]", message: "is longer than the 10280 characters that EMR takes" },
      ]);
  });
});
