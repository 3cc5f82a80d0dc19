import { expect } from "chai";
import { arnOf, record, statementsOf } from "../testing/record.ts";
import { FunctionSchedule } from "./function-schedule.ts";

describe("FunctionSchedule", () => {
  const target = {
    arn: "arn:aws:lambda:eu-central-1:123456789012:function:check",
    deadLetterQueueArn: "arn:aws:sqs:eu-central-1:123456789012:dead",
  };
  const kmsKeyArn = "arn:aws:kms:eu-central-1:123456789012:key/1";
  const make = () =>
    record(() => {
      new FunctionSchedule("nightly", {
        description: "The night begins",
        expression: "cron(0 2 * * ? *)",
        timeZone: "Europe/Berlin",
        input: { scheduledTime: "<aws.scheduler.scheduled-time>" },
        target,
        kmsKeyArn,
      });
    });

  it("calls the function at its hour with the time that was meant", async () => {
    const { childrenOf, inputsOf } = await make();
    expect(childrenOf("nightly")).to.deep.equal([
      "aws:iam/role:Role nightly-role",
      "aws:iam/rolePolicy:RolePolicy nightly-policy",
      "aws:scheduler/schedule:Schedule nightly-schedule",
      "aws:scheduler/scheduleGroup:ScheduleGroup nightly-group",
    ]);
    expect(inputsOf("nightly-schedule")).to.deep.equal({
      description: "The night begins",
      groupName: "nightly-group",
      scheduleExpression: "cron(0 2 * * ? *)",
      scheduleExpressionTimezone: "Europe/Berlin",
      flexibleTimeWindow: { mode: "OFF" },
      target: {
        arn: target.arn,
        roleArn: arnOf("nightly-role"),
        input: '{"scheduledTime":"<aws.scheduler.scheduled-time>"}',
        retryPolicy: { maximumRetryAttempts: 20, maximumEventAgeInSeconds: 3600 },
        deadLetterConfig: { arn: target.deadLetterQueueArn },
      },
    });
  });

  it("has a role for this and nothing else", async () => {
    const { inputsOf } = await make();
    expect(statementsOf(inputsOf("nightly-role").assumeRolePolicy)).to.deep.equal({
      TakeOnThisRole: {
        Sid: "TakeOnThisRole",
        Effect: "Allow",
        Principal: { Service: "scheduler.amazonaws.com" },
        Action: ["sts:AssumeRole"],
        Condition: {
          StringEquals: { "aws:SourceAccount": "123456789012", "aws:SourceArn": arnOf("nightly-group") },
        },
      },
    });
    const statements = Object.values(statementsOf(inputsOf("nightly-policy").policy));
    expect(statements.map(({ Action, Resource }) => [Action, Resource])).to.deep.equal([
      [["lambda:InvokeFunction"], [target.arn]],
      [["sqs:SendMessage"], [target.deadLetterQueueArn]],
      [["kms:Decrypt", "kms:GenerateDataKey"], [kmsKeyArn]],
    ]);
  });
});
