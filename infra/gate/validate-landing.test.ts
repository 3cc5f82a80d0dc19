import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { arnOf, record, statementsOf } from "../testing/record.ts";
import { ValidateLanding } from "./validate-landing.ts";

describe("ValidateLanding", () => {
  const make = () =>
    record(() => {
      const { arn, functionName, deadLetterQueueArn } = new ValidateLanding("check", {
        code: new pulumi.asset.AssetArchive({ "index.mjs": new pulumi.asset.StringAsset("export {}") }),
        landing: { name: "landing", arn: "arn:aws:s3:::landing" },
        control: { name: "control", arn: "arn:aws:s3:::control" },
        eventBus: { name: "bus", arn: "arn:aws:events:eu-central-1:123456789012:event-bus/bus" },
        checks: {
          ...{
            timeZone: "America/New_York",
            lateness: { sales: 14 },
            lookBackDays: 14,
            largestTableMiB: 2048,
            volumeFactor: 3,
          },
          ...{ publishedByHour: 6, nightlyTimeZone: "UTC" },
        },
        kmsKeyArn: "arn:aws:kms:eu-central-1:123456789012:key/1",
        alertsTopicArn: "arn:aws:sns:eu-central-1:123456789012:alerts",
        logRetentionDays: 14,
      });
      return { arn, functionName, deadLetterQueueArn };
    });

  it("is one function, told where everything is", async () => {
    const { childrenOf, inputsOf, result } = await make();
    expect(childrenOf("check")).to.include("aws:lambda/function:Function check-function");
    expect(inputsOf("check-function")).to.deep.include({
      timeout: 900,
      memorySize: 1769,
      environment: {
        variables: {
          LANDING_BUCKET: "landing",
          CONTROL_BUCKET: "control",
          EVENT_BUS_NAME: "bus",
          TIME_ZONE: "America/New_York",
          ...{
            SOURCE_SETTINGS: '{"lateness":{"sales":14}}',
            LOOK_BACK_DAYS: "14",
            LARGEST_TABLE_MIB: "2048",
            VOLUME_FACTOR: "3",
          },
          ...{ PUBLISHED_BY_HOUR: "6", NIGHTLY_TIME_ZONE: "UTC" },
        },
      },
    });
    expect(result).to.deep.equal({
      arn: arnOf("check-function"),
      functionName: "check-function",
      deadLetterQueueArn: arnOf("check-dead-letters-queue"),
    });
  });

  it("reads the landing, writes reports and receipts, and tells others", async () => {
    const { inputsOf } = await make();
    const statements = statementsOf(inputsOf("check-policy").policy);
    const allowed = Object.entries(statements).map(([sid, { Action, Resource }]) => [sid, Action, Resource]);
    expect(allowed.slice(0, 5)).to.deep.equal([
      ["ListBuckets", ["s3:ListBucket"], ["arn:aws:s3:::landing", "arn:aws:s3:::control"]],
      ["ReadLanding", ["s3:GetObject"], ["arn:aws:s3:::landing/*"]],
      ["WriteReports", ["s3:PutObject"], ["arn:aws:s3:::landing/_manifest/dt=*/report.json"]],
      ["KeepReceipts", ["s3:GetObject", "s3:PutObject"], ["arn:aws:s3:::control/dt=*/*.json"]],
      ["TellOthers", ["events:PutEvents"], ["arn:aws:events:eu-central-1:123456789012:event-bus/bus"]],
    ]);
    expect(Object.keys(statements).slice(5)).to.deep.equal(["UseKey", "WriteLogs", "WriteTraces", "SendDeadLetters"]);
  });
});
