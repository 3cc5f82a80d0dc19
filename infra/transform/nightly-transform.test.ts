import { exampleNightly } from "@sales-etl/etl-core/emr";
import { expect } from "chai";
import { arnOf, record, statementsOf } from "../testing/record.ts";
import { NightlyTransform } from "./nightly-transform.ts";

describe("NightlyTransform", () => {
  const { buckets: _, database, serviceRole: _role, jobFlowRole: _profile, ...cluster } = exampleNightly;
  const bucket = (name: string) => ({ name, arn: `arn:aws:s3:::${name}` });
  const buckets = {
    landing: bucket("the-landing"),
    warehouse: bucket("the-warehouse"),
    quarantine: bucket("the-quarantine"),
    control: bucket("the-control"),
    artifacts: bucket("the-artifacts"),
    logs: bucket("the-logs"),
  };
  const make = () =>
    record(
      () =>
        new NightlyTransform("night", {
          cluster,
          network: { vpcId: "vpc-1", subnetIds: ["subnet-12345678"], s3PrefixListId: "pl-1" },
          networkKind: "public",
          region: "eu-central-1",
          buckets,
          databaseName: database,
          contract: import.meta.filename,
          kmsKeyArn: "arn:aws:kms:eu-central-1:123456789012:key/1",
        }).jobFlowUri,
    );

  it("is a program, a release, two roles, security groups and configuration, and a job flow", async () => {
    const { childrenOf, result } = await make();
    expect(childrenOf("night")).to.deep.equal([
      "pulumi-nodejs:dynamic/sales-etl:EmrRelease night-release",
      "sales-etl:transform:EmrInstanceRole night-nodes",
      "sales-etl:transform:EmrSecurityGroups night-emr-groups",
      "sales-etl:transform:EmrServiceRole night-emr",
      "sales-etl:transform:NightlyJobFlow night-job-flow",
      "sales-etl:transform:SecurityConfiguration night-security",
      "sales-etl:transform:SparkProgram night-program",
    ]);
    expect(result).to.equal("s3://the-artifacts/airflow/job_flow.json");
  });

  it("creates clusters with these roles in these buckets", async () => {
    const { inputsOf } = await make();
    const { jobFlow, steps } = JSON.parse(inputsOf("night-job-flow-file").content);
    expect(jobFlow).to.include({
      ServiceRole: arnOf("night-emr-role"),
      JobFlowRole: arnOf("night-nodes-profile"),
      LogUri: "s3://the-logs/emr/",
      SecurityConfiguration: "night-security-configuration",
    });
    expect(jobFlow.Instances).to.deep.include({
      Ec2SubnetIds: ["subnet-12345678"],
      EmrManagedMasterSecurityGroup: "night-emr-groups-primary-group-id",
      EmrManagedSlaveSecurityGroup: "night-emr-groups-core-group-id",
    });
    expect(steps[0].HadoopJarStep.Args).to.include.members([
      ...["s3://the-landing", "s3://the-warehouse/tables", "s3://the-control/spark"],
    ]);
  });

  it("lets the nodes read what the job flow names", async () => {
    const { inputsOf } = await make();
    const { steps } = JSON.parse(inputsOf("night-job-flow-file").content);
    const { ReadLandingAndProgram } = statementsOf(inputsOf("night-nodes-policy").policy);
    const program = (ReadLandingAndProgram?.Resource[1] ?? "").replace("arn:aws:s3:::", "s3://").replace(/\*$/, "");
    expect(program).to.equal("s3://the-artifacts/spark/");
    const files = (steps[0].HadoopJarStep.Args as string[]).filter((argument) => argument.includes("the-artifacts"));
    expect(files).to.have.length(3);
    expect(files.every((file) => file.startsWith(program))).to.equal(true);
    const { bucket, prefix, version, files: uploaded } = inputsOf("night-program-files");
    expect(files).to.have.members(Object.keys(uploaded).map((name) => `s3://${bucket}/${prefix}${version}/${name}`));
  });

  it("names a program only once all of it is there", async () => {
    const { resources } = await make();
    const jobFlow = resources.find(({ name }) => name === "night-job-flow-file");
    expect(jobFlow?.dependsOn).to.include("night-program-files");
  });
});
