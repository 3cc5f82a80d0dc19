import { expect } from "chai";
import { arnOf, record, statementsOf } from "../testing/record.ts";
import { EncryptionKey } from "./encryption-key.ts";

describe("EncryptionKey", () => {
  it("rotates and has a name", async () => {
    const { childrenOf, inputsOf, result } = await record(() => new EncryptionKey("test", { description: "All" }).arn);
    expect(childrenOf("test")).to.deep.equal(["aws:kms/alias:Alias test-alias", "aws:kms/key:Key test-key"]);
    const { policy: _, ...key } = inputsOf("test-key");
    expect(key).to.deep.equal({ description: "All", enableKeyRotation: true, deletionWindowInDays: 30 });
    expect(inputsOf("test-alias").name).to.equal("alias/test");
    expect(result).to.equal(arnOf("test-key"));
  });

  it("lets the account's IAM decide, and services into things of this account", async () => {
    const { inputsOf } = await record(() => new EncryptionKey("test", { description: "All" }).arn);
    const { AccountDecidesByIam, LogGroups, AlarmsToTopics, EventsToQueues, ...others } = statementsOf(
      inputsOf("test-key").policy,
    );
    expect(Object.keys(others)).to.deep.equal(["EventsToTopics", "BudgetsToTopics"]);
    const { EventsToTopics, BudgetsToTopics } = others;
    expect([EventsToTopics?.Principal, BudgetsToTopics?.Principal]).to.deep.equal([
      { Service: "events.amazonaws.com" },
      { Service: "budgets.amazonaws.com" },
    ]);
    expect(EventsToTopics?.Condition).to.deep.equal(AlarmsToTopics?.Condition);
    expect(BudgetsToTopics?.Condition).to.deep.equal(AlarmsToTopics?.Condition);
    expect(AccountDecidesByIam?.Principal).to.deep.equal({ AWS: "arn:aws:iam::123456789012:root" });
    // Without these two nobody could ever change the key's policy, or end the key.
    expect(AccountDecidesByIam?.Action).to.include.members(["kms:PutKeyPolicy", "kms:ScheduleKeyDeletion"]);
    expect(LogGroups).to.deep.include({
      Principal: { Service: "logs.eu-central-1.amazonaws.com" },
      Condition: {
        ArnLike: {
          "kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:eu-central-1:123456789012:log-group:*",
        },
      },
    });
    expect(AlarmsToTopics).to.deep.equal({
      Sid: "AlarmsToTopics",
      Effect: "Allow",
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: "*",
      Condition: {
        ArnLike: { "kms:EncryptionContext:aws:sns:topicArn": "arn:aws:sns:eu-central-1:123456789012:*" },
      },
    });
    expect(EventsToQueues).to.deep.include({
      Principal: { Service: "events.amazonaws.com" },
      Condition: { ArnLike: { "kms:EncryptionContext:aws:sqs:arn": "arn:aws:sqs:eu-central-1:123456789012:*" } },
    });
  });
});
