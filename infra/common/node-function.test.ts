import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { arnOf, record, statementsOf } from "../testing/record.ts";
import { NodeFunction, type NodeFunctionArgs } from "./node-function.ts";

const args: NodeFunctionArgs = {
  description: "Does things",
  code: new pulumi.asset.AssetArchive({ "index.mjs": new pulumi.asset.StringAsset("export {}") }),
  environment: { A_BUCKET: "a" },
  statements: [{ Sid: "Own", Effect: "Allow", Action: ["s3:GetObject"], Resource: ["arn:aws:s3:::a/*"] }],
  kmsKeyArn: "arn:aws:kms:eu-central-1:123456789012:key/1",
  alertsTopicArn: "arn:aws:sns:eu-central-1:123456789012:alerts",
  logRetentionDays: 14,
};

describe("NodeFunction", () => {
  const make = () =>
    record(() => {
      const { arn, functionName, deadLetterQueueArn } = new NodeFunction("fn", args);
      return { arn, functionName, deadLetterQueueArn };
    });

  it("is a function with logs, role, dead letters, retries and an alarm", async () => {
    const { childrenOf, result } = await make();
    expect(childrenOf("fn")).to.deep.equal([
      "aws:cloudwatch/logGroup:LogGroup fn-logs",
      "aws:cloudwatch/metricAlarm:MetricAlarm fn-errors",
      "aws:iam/role:Role fn-role",
      "aws:iam/rolePolicy:RolePolicy fn-policy",
      "aws:lambda/function:Function fn-function",
      "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig fn-retries",
      "sales-etl:common:DeadLetterQueue fn-dead-letters",
    ]);
    expect(result).to.deep.equal({
      arn: arnOf("fn-function"),
      functionName: "fn-function",
      deadLetterQueueArn: arnOf("fn-dead-letters-queue"),
    });
  });

  it("runs Node 24 on arm64, traced, with its own log group", async () => {
    const { inputsOf } = await make();
    const { code: _, ...lambda } = inputsOf("fn-function");
    expect(lambda).to.deep.equal({
      description: "Does things",
      runtime: "nodejs24.x",
      architectures: ["arm64"],
      handler: "index.handler",
      role: arnOf("fn-role"),
      timeout: 60,
      memorySize: 512,
      kmsKeyArn: args.kmsKeyArn,
      environment: { variables: { A_BUCKET: "a" } },
      tracingConfig: { mode: "Active" },
      loggingConfig: { logFormat: "JSON", logGroup: "/aws/lambda/fn" },
    });
    expect(inputsOf("fn-logs")).to.deep.equal({
      name: "/aws/lambda/fn",
      kmsKeyId: args.kmsKeyArn,
      retentionInDays: 14,
    });
  });

  it("may do what it was given and what every function needs", async () => {
    const { inputsOf } = await make();
    expect(statementsOf(inputsOf("fn-policy").policy)).to.deep.equal({
      Own: { Sid: "Own", Effect: "Allow", Action: ["s3:GetObject"], Resource: ["arn:aws:s3:::a/*"] },
      UseKey: {
        Sid: "UseKey",
        Effect: "Allow",
        Action: ["kms:Decrypt", "kms:GenerateDataKey"],
        Resource: [args.kmsKeyArn],
      },
      WriteLogs: {
        Sid: "WriteLogs",
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: [`${arnOf("fn-logs")}:*`],
      },
      WriteTraces: {
        Sid: "WriteTraces",
        Effect: "Allow",
        Action: ["xray:PutTelemetryRecords", "xray:PutTraceSegments"],
        Resource: ["*"],
      },
      SendDeadLetters: {
        Sid: "SendDeadLetters",
        Effect: "Allow",
        Action: ["sqs:SendMessage"],
        Resource: [arnOf("fn-dead-letters-queue")],
      },
    });
  });

  it("runs in a network, and its code may not touch that", async () => {
    const { inputsOf } = await record(() => {
      new NodeFunction("fn", { ...args, network: { subnetIds: ["subnet-1", "subnet-2"], securityGroupIds: ["sg-1"] } });
    });
    expect(inputsOf("fn-function").vpcConfig).to.deep.equal({
      subnetIds: ["subnet-1", "subnet-2"],
      securityGroupIds: ["sg-1"],
    });
    const { AttachToNetwork, NotByItsCode } = statementsOf(inputsOf("fn-policy").policy);
    expect(NotByItsCode).to.deep.include({ Effect: "Deny", Action: AttachToNetwork?.Action, Resource: ["*"] });
    expect(NotByItsCode?.Condition).to.deep.equal({
      ArnLike: { "lambda:SourceFunctionArn": "arn:aws:lambda:eu-central-1:123456789012:function:*" },
    });
  });

  it("keeps what fails three times and tells a person", async () => {
    const { inputsOf } = await make();
    expect(inputsOf("fn-retries")).to.deep.equal({
      functionName: "fn-function",
      maximumRetryAttempts: 2,
      maximumEventAgeInSeconds: 3600,
      destinationConfig: { onFailure: { destination: arnOf("fn-dead-letters-queue") } },
    });
    expect(inputsOf("fn-errors")).to.deep.include({
      namespace: "AWS/Lambda",
      metricName: "Errors",
      dimensions: { FunctionName: "fn-function" },
      statistic: "Sum",
      alarmActions: [args.alertsTopicArn],
    });
  });
});
