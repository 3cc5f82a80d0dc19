import { expect } from "chai";
import { arnOf, record, statementsOf } from "../testing/record.ts";
import { DeadLetterQueue } from "./dead-letter-queue.ts";

const args = {
  kmsKeyArn: "arn:aws:kms:eu-central-1:123456789012:key/1",
  alertsTopicArn: "arn:aws:sns:eu-central-1:123456789012:alerts",
};

describe("DeadLetterQueue", () => {
  it("keeps messages for 14 days, encrypted, and alarms about the first one", async () => {
    const { childrenOf, inputsOf, result } = await record(() => new DeadLetterQueue("dead", args).arn);
    expect(childrenOf("dead")).to.deep.equal([
      "aws:cloudwatch/metricAlarm:MetricAlarm dead-alarm",
      "aws:sqs/queue:Queue dead-queue",
      "aws:sqs/queuePolicy:QueuePolicy dead-policy",
    ]);
    expect(inputsOf("dead-queue")).to.deep.equal({
      kmsMasterKeyId: args.kmsKeyArn,
      messageRetentionSeconds: 1_209_600,
    });
    expect(inputsOf("dead-alarm")).to.deep.include({
      namespace: "AWS/SQS",
      metricName: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: "dead-queue" },
      threshold: 0,
      comparisonOperator: "GreaterThanThreshold",
      treatMissingData: "notBreaching",
      alarmActions: [args.alertsTopicArn],
    });
    expect(result).to.equal(arnOf("dead-queue"));
  });

  it("takes messages of this account's rules, over TLS", async () => {
    const { inputsOf } = await record(() => new DeadLetterQueue("dead", args).arn);
    const { EventRulesOfThisAccount, DenyWithoutTls } = statementsOf(inputsOf("dead-policy").policy);
    expect(EventRulesOfThisAccount).to.deep.equal({
      Sid: "EventRulesOfThisAccount",
      Effect: "Allow",
      Principal: { Service: "events.amazonaws.com" },
      Action: ["sqs:SendMessage"],
      Resource: [arnOf("dead-queue")],
      Condition: { ArnLike: { "aws:SourceArn": "arn:aws:events:eu-central-1:123456789012:rule/*" } },
    });
    expect(DenyWithoutTls?.Resource).to.deep.equal([arnOf("dead-queue")]);
  });
});
