import { expect } from "chai";
import { bucketRef, code, common, eventBus, kmsKeyArn } from "../testing/examples.ts";
import { record, statementsOf } from "../testing/record.ts";
import { HostPower } from "./host-power.ts";

const account = "eu-central-1:123456789012";

describe("HostPower", () => {
  const make = () =>
    record(
      () =>
        new HostPower("power", {
          ...{
            code,
            instanceId: "i-0a1b2c3d4e5f60718",
            control: bucketRef("control"),
            eventBus,
            environment: "dev",
            timeZone: "UTC",
            lookBackDays: 14,
          },
          ...{ graceMinutes: 10, maxHours: 6, maxClusterHours: 5, networkKind: "private" as const, ...common },
        }).functionName,
    );

  it("is a function with time to wait for the host", async () => {
    const { inputsOf } = await make();
    expect(inputsOf("power-function")).to.deep.include({
      timeout: 900,
      environment: {
        variables: {
          INSTANCE_ID: "i-0a1b2c3d4e5f60718",
          CONTROL_BUCKET: "control",
          EVENT_BUS_NAME: "bus",
          TIME_ZONE: "UTC",
          LOOK_BACK_DAYS: "14",
          ENVIRONMENT: "dev",
          GRACE_MINUTES: "10",
          MAX_HOURS: "6",
          MAX_CLUSTER_HOURS: "5",
          NETWORK: "private",
        },
      },
    });
  });

  it("switches this host, opens its volume for EC2 only, and ends clusters of its environment", async () => {
    const { inputsOf } = await make();
    const { SwitchTheHost, OpenItsVolume, EndOurClusters, ...others } = statementsOf(inputsOf("power-policy").policy);
    expect(SwitchTheHost).to.deep.include({
      Action: ["ec2:StartInstances", "ec2:StopInstances"],
      Resource: [`arn:aws:ec2:${account}:instance/i-0a1b2c3d4e5f60718`],
    });
    expect(OpenItsVolume).to.deep.include({
      Action: ["kms:CreateGrant"],
      Resource: [kmsKeyArn],
      Condition: {
        Bool: { "kms:GrantIsForAWSResource": "true" },
        StringEquals: { "kms:ViaService": "ec2.eu-central-1.amazonaws.com" },
      },
    });
    expect(EndOurClusters).to.deep.include({
      Action: ["elasticmapreduce:TerminateJobFlows"],
      Resource: [`arn:aws:elasticmapreduce:${account}:cluster/*`],
      Condition: {
        StringEquals: {
          "elasticmapreduce:ResourceTag/project": "sales-etl",
          "elasticmapreduce:ResourceTag/environment": "dev",
        },
      },
    });
    expect(Object.keys(others)).to.have.members([
      ...["LookAtTheHost", "FindClusters", "ReadTheirTagsAndHours", "ListReceipts", "KeepReceipts", "TellOthers"],
      "ReadWhatTheJobPublished",
      ...["UseKey", "WriteLogs", "WriteTraces", "SendDeadLetters"],
    ]);
  });
});
