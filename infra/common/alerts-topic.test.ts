import { expect } from "chai";
import { arnOf, record, statementsOf } from "../testing/record.ts";
import { AlertsTopic } from "./alerts-topic.ts";

const kmsKeyArn = "arn:aws:kms:eu-central-1:123456789012:key/1";

describe("AlertsTopic", () => {
  it("is encrypted and takes alarms, events and budgets of this account only", async () => {
    const { childrenOf, inputsOf, result } = await record(() => new AlertsTopic("alerts", { kmsKeyArn }).arn);
    expect(childrenOf("alerts")).to.deep.equal([
      "aws:sns/topic:Topic alerts-topic",
      "aws:sns/topicPolicy:TopicPolicy alerts-policy",
    ]);
    expect(inputsOf("alerts-topic")).to.deep.equal({ kmsMasterKeyId: kmsKeyArn });
    expect(statementsOf(inputsOf("alerts-policy").policy)).to.deep.equal({
      AlarmsOfThisAccount: {
        Sid: "AlarmsOfThisAccount",
        Effect: "Allow",
        Principal: { Service: "cloudwatch.amazonaws.com" },
        Action: ["sns:Publish"],
        Resource: [arnOf("alerts-topic")],
        Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
      },
      EventRulesOfThisAccount: {
        Sid: "EventRulesOfThisAccount",
        Effect: "Allow",
        Principal: { Service: "events.amazonaws.com" },
        Action: ["sns:Publish"],
        Resource: [arnOf("alerts-topic")],
        Condition: { ArnLike: { "aws:SourceArn": "arn:aws:events:eu-central-1:123456789012:rule/*" } },
      },
      BudgetsOfThisAccount: {
        Sid: "BudgetsOfThisAccount",
        Effect: "Allow",
        Principal: { Service: "budgets.amazonaws.com" },
        Action: ["sns:Publish"],
        Resource: [arnOf("alerts-topic")],
        Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
      },
      DenyWithoutTls: {
        Sid: "DenyWithoutTls",
        Effect: "Deny",
        Principal: "*",
        Action: ["sns:Publish"],
        Resource: [arnOf("alerts-topic")],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    });
    expect(result).to.equal(arnOf("alerts-topic"));
  });

  it("writes to somebody who wants it", async () => {
    const { inputsOf } = await record(() => new AlertsTopic("alerts", { kmsKeyArn, email: "ops@example.com" }).arn);
    expect(inputsOf("alerts-email")).to.deep.equal({
      topic: arnOf("alerts-topic"),
      protocol: "email",
      endpoint: "ops@example.com",
    });
  });

  it("writes to a channel by its address: whole sentences, as to a person", async () => {
    const chat = "alerts-aaaa@acme.slack.com";
    const { childrenOf, inputsOf } = await record(() => new AlertsTopic("alerts", { kmsKeyArn, chat }).arn);
    expect(childrenOf("alerts")).to.include("aws:sns/topicSubscription:TopicSubscription alerts-chat");
    expect(inputsOf("alerts-chat")).to.deep.include({ protocol: "email", endpoint: chat });
  });
});
