import { expect } from "chai";
import { arnOf, record } from "../testing/record.ts";
import { FunctionRule } from "./function-rule.ts";

const target = {
  arn: "arn:aws:lambda:eu-central-1:123456789012:function:check",
  functionName: "check",
  deadLetterQueueArn: "arn:aws:sqs:eu-central-1:123456789012:dead",
};
const pattern = { source: ["sales-etl"], "detail-type": ["RunEnded"] };

describe("FunctionRule", () => {
  const make = (eventBusName?: string) =>
    record(() => {
      const bus = eventBusName === undefined ? {} : { eventBusName };
      new FunctionRule("ended", { description: "A run has ended", pattern, target, ...bus });
    });

  it("hands events over, again for an hour, and keeps what cannot be handed over", async () => {
    const { childrenOf, inputsOf } = await make("the-bus");
    expect(childrenOf("ended")).to.deep.equal([
      "aws:cloudwatch/eventRule:EventRule ended-rule",
      "aws:cloudwatch/eventTarget:EventTarget ended-target",
      "aws:lambda/permission:Permission ended-permission",
    ]);
    const { eventPattern, ...rule } = inputsOf("ended-rule");
    expect(rule).to.deep.equal({ description: "A run has ended", eventBusName: "the-bus" });
    expect(JSON.parse(eventPattern)).to.deep.equal(pattern);
    expect(inputsOf("ended-target")).to.deep.equal({
      rule: "ended-rule",
      eventBusName: "the-bus",
      arn: target.arn,
      retryPolicy: { maximumRetryAttempts: 20, maximumEventAgeInSeconds: 3600 },
      deadLetterConfig: { arn: target.deadLetterQueueArn },
    });
    expect(inputsOf("ended-permission")).to.deep.equal({
      action: "lambda:InvokeFunction",
      function: "check",
      principal: "events.amazonaws.com",
      sourceArn: arnOf("ended-rule"),
    });
  });

  it("listens to the account's own bus, if to no other", async () => {
    const { inputsOf } = await make();
    expect(inputsOf("ended-rule")).not.to.have.property("eventBusName");
    expect(inputsOf("ended-target")).not.to.have.property("eventBusName");
  });
});
