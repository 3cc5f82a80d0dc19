import { expect } from "chai";
import { arnOf, record } from "../testing/record.ts";
import { ManifestRule } from "./manifest-rule.ts";

describe("ManifestRule", () => {
  const target = {
    arn: "arn:aws:lambda:eu-central-1:123456789012:function:check",
    functionName: "check",
    deadLetterQueueArn: "arn:aws:sqs:eu-central-1:123456789012:dead",
  };
  const make = () =>
    record(() => {
      new ManifestRule("manifest", { landingBucketName: "landing", target });
    });

  it("listens on the default bus for manifests of the landing bucket", async () => {
    const { childrenOf, inputsOf } = await make();
    expect(childrenOf("manifest")).to.deep.equal([
      "aws:cloudwatch/eventRule:EventRule manifest-rule",
      "aws:cloudwatch/eventTarget:EventTarget manifest-target",
      "aws:lambda/permission:Permission manifest-permission",
    ]);
    const { eventPattern, ...rule } = inputsOf("manifest-rule");
    expect(rule).to.deep.equal({ description: "A manifest has landed" });
    expect(JSON.parse(eventPattern)).to.deep.equal({
      source: ["aws.s3"],
      "detail-type": ["Object Created"],
      detail: { bucket: { name: ["landing"] }, object: { key: [{ wildcard: "_manifest/*/manifest.json" }] } },
    });
  });

  it("calls the function, and keeps what could not be handed over", async () => {
    const { inputsOf } = await make();
    expect(inputsOf("manifest-permission")).to.deep.equal({
      action: "lambda:InvokeFunction",
      function: "check",
      principal: "events.amazonaws.com",
      sourceArn: arnOf("manifest-rule"),
    });
    expect(inputsOf("manifest-target")).to.deep.equal({
      rule: "manifest-rule",
      arn: target.arn,
      retryPolicy: { maximumRetryAttempts: 20, maximumEventAgeInSeconds: 3600 },
      deadLetterConfig: { arn: target.deadLetterQueueArn },
    });
  });
});
