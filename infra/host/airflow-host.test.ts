import { expect } from "chai";
import { bucketRef, common, eventBus, kmsKeyArn, network } from "../testing/examples.ts";
import { record } from "../testing/record.ts";
import { AirflowHost } from "./airflow-host.ts";

describe("AirflowHost", () => {
  const make = (networkKind: "public" | "private" = "public") =>
    record(() => {
      const { url, callerGroupId } = new AirflowHost("own", {
        settings: { instanceType: "t4g.medium", volumeGiB: 30 },
        image: "123456789012.dkr.ecr.eu-central-1.amazonaws.com/airflow@sha256:0a",
        jobFlowUri: "s3://artifacts/airflow/job_flow.json",
        buckets: { control: bucketRef("control"), artifacts: bucketRef("artifacts"), logs: bucketRef("logs") },
        ...{ eventBus, crawlerName: "raw", network, networkKind, environment: "dev" },
        repositoryArn: "arn:aws:ecr:eu-central-1:123456789012:repository/airflow",
        emr: {
          serviceRoleArn: "arn:aws:iam::123456789012:role/a",
          instanceRoleArn: "arn:aws:iam::123456789012:role/b",
        },
        ...common,
      });
      return { url, callerGroupId };
    });

  it("is an instance with its role, its access and its logs", async () => {
    const { childrenOf, inputsOf, result } = await make();
    expect(childrenOf("own")).to.deep.equal([
      "aws:cloudwatch/logGroup:LogGroup own-logs",
      "aws:ec2/instance:Instance own-instance",
      "sales-etl:host:HostAccess own-access",
      "sales-etl:host:HostAlarms own-alarms",
      "sales-etl:host:HostRole own-host",
    ]);
    const { userData, ami, ...instance } = inputsOf("own-instance");
    expect(instance).to.deep.equal({
      instanceType: "t4g.medium",
      subnetId: "subnet-1",
      associatePublicIpAddress: true,
      vpcSecurityGroupIds: ["own-access-host-id"],
      iamInstanceProfile: "own-host-profile",
      metadataOptions: { httpTokens: "required", httpEndpoint: "enabled", httpPutResponseHopLimit: 1 },
      rootBlockDevice: {
        volumeType: "gp3",
        volumeSize: 30,
        encrypted: true,
        kmsKeyId: kmsKeyArn,
        deleteOnTermination: true,
      },
      creditSpecification: { cpuCredits: "standard" },
      instanceInitiatedShutdownBehavior: "stop",
      userDataReplaceOnChange: true,
      tags: { Name: "own" },
      volumeTags: { Name: "own" },
    });
    expect(ami).to.equal("ami-of-al2023-ami-kernel-default-arm64");
    expect(userData).to.include("CONTROL_BUCKET=control\n").and.to.include("SALES_ETL_EVENT_BUS=bus\n");
    // The name by which its numbers are looked for.
    expect(userData).to.include("HOST_NAME=own\n");
    expect(inputsOf("own-alarms-disk").dimensions).to.deep.equal({ Host: "own" });
    expect(result.callerGroupId).to.equal("own-access-caller-id");
    expect(result.url).to.equal("http://10.20.0.7:8080");
  });

  it("has no public address in a private network", async () => {
    expect((await make("private")).inputsOf("own-instance").associatePublicIpAddress).to.equal(false);
  });
});
