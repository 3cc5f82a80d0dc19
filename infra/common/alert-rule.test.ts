import { expect } from "chai";
import { record } from "../testing/record.ts";
import { AlertRule } from "./alert-rule.ts";

describe("AlertRule", () => {
  it("tells a person in words", async () => {
    const alertsTopicArn = "arn:aws:sns:eu-central-1:123456789012:alerts";
    const { childrenOf, inputsOf } = await record(() => {
      new AlertRule("late", {
        description: "Something is late",
        pattern: { source: ["sales-etl"], "detail-type": ["AttentionNeeded"] },
        eventBusName: "the-bus",
        paths: { code: "$.detail.code" },
        text: "Look at <code>",
        alertsTopicArn,
      });
    });
    expect(childrenOf("late")).to.deep.equal([
      "aws:cloudwatch/eventRule:EventRule late-rule",
      "aws:cloudwatch/eventTarget:EventTarget late-target",
    ]);
    expect(inputsOf("late-rule")).to.deep.equal({
      description: "Something is late",
      eventBusName: "the-bus",
      eventPattern: '{"source":["sales-etl"],"detail-type":["AttentionNeeded"]}',
    });
    expect(inputsOf("late-target")).to.deep.equal({
      rule: "late-rule",
      eventBusName: "the-bus",
      arn: alertsTopicArn,
      inputTransformer: { inputPaths: { code: "$.detail.code" }, inputTemplate: '"Look at <code>"' },
    });
  });
});
