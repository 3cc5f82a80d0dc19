import { expect } from "chai";
import { arnOf, record, statementsOf } from "../testing/record.ts";
import { FlowLogs } from "./flow-logs.ts";

describe("FlowLogs", () => {
  const kmsKeyArn = "arn:aws:kms:eu-central-1:123456789012:key/1";
  const make = () =>
    record(() => {
      new FlowLogs("flows", { vpcId: "vpc-1", kmsKeyArn, logRetentionDays: 14 });
    });

  it("keeps what was allowed and what was refused, encrypted, for its time", async () => {
    const { childrenOf, inputsOf } = await make();
    expect(childrenOf("flows")).to.deep.equal([
      "aws:cloudwatch/logGroup:LogGroup flows-logs",
      "aws:ec2/flowLog:FlowLog flows-flow-log",
      "aws:iam/role:Role flows-role",
      "aws:iam/rolePolicy:RolePolicy flows-policy",
    ]);
    expect(inputsOf("flows-logs")).to.deep.equal({
      name: "/aws/vpc/flows",
      kmsKeyId: kmsKeyArn,
      retentionInDays: 14,
    });
    expect(inputsOf("flows-flow-log")).to.deep.equal({
      vpcId: "vpc-1",
      trafficType: "ALL",
      logDestinationType: "cloud-watch-logs",
      logDestination: arnOf("flows-logs"),
      iamRoleArn: arnOf("flows-role"),
      maxAggregationInterval: 600,
    });
  });

  it("may write into this log group only", async () => {
    const { inputsOf } = await make();
    expect(statementsOf(inputsOf("flows-policy").policy)).to.deep.equal({
      WriteLogs: {
        Sid: "WriteLogs",
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
        Resource: [`${arnOf("flows-logs")}:*`],
      },
    });
    expect(statementsOf(inputsOf("flows-role").assumeRolePolicy).TakeOnThisRole?.Condition).to.deep.equal({
      StringEquals: { "aws:SourceAccount": "123456789012" },
      ArnLike: { "aws:SourceArn": "arn:aws:ec2:eu-central-1:123456789012:vpc-flow-log/*" },
    });
  });
});
