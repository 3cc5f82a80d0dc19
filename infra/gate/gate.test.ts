import { expect } from "chai";
import { alertsTopicArn, bucketRef, code, common, eventBus } from "../testing/examples.ts";
import { arnOf, record } from "../testing/record.ts";
import { Gate } from "./gate.ts";

describe("Gate", () => {
  const make = () =>
    record(
      () =>
        new Gate("own", {
          code: { validateLanding: code, triggerDag: code },
          buckets: { landing: bucketRef("landing"), control: bucketRef("control") },
          eventBus,
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
          host: { instanceId: "i-1", url: "http://10.20.0.7:8080" },
          network: { subnetIds: ["subnet-1"], securityGroupIds: ["sg-1"] },
          ...common,
        }).functionNames,
    );

  it("is two functions, what wakes them, and what tells a person", async () => {
    const { childrenOf, result } = await make();
    expect(childrenOf("own")).to.deep.equal([
      "sales-etl:common:AlertRule own-rejected",
      "sales-etl:common:FunctionRule own-accepted",
      "sales-etl:common:FunctionRule own-host-runs",
      "sales-etl:common:FunctionRule own-manifest",
      "sales-etl:common:FunctionRule own-requested",
      "sales-etl:gate:TriggerDag own-trigger-dag",
      "sales-etl:gate:ValidateLanding own-validate-landing",
    ]);
    expect(result).to.deep.equal({
      validateLanding: "own-validate-landing-function",
      triggerDag: "own-trigger-dag-function",
    });
  });

  it("checks what landed when a manifest comes, when the host starts, and when it ran already", async () => {
    const { inputsOf } = await make();
    const validate = arnOf("own-validate-landing-function");
    const rule = (name: string) => {
      const { eventPattern, eventBusName } = inputsOf(`own-${name}-rule`);
      expect(inputsOf(`own-${name}-target`)).to.deep.include({
        arn: validate,
        deadLetterConfig: { arn: arnOf("own-validate-landing-dead-letters-queue") },
      });
      return { pattern: JSON.parse(eventPattern), eventBusName };
    };
    expect(rule("manifest")).to.deep.equal({
      pattern: {
        source: ["aws.s3"],
        "detail-type": ["Object Created"],
        detail: { bucket: { name: ["landing"] }, object: { key: [{ wildcard: "_manifest/*/manifest.json" }] } },
      },
      eventBusName: undefined,
    });
    expect(rule("host-runs")).to.deep.equal({
      pattern: {
        source: ["aws.ec2"],
        "detail-type": ["EC2 Instance State-change Notification"],
        detail: { "instance-id": ["i-1"], state: ["running"] },
      },
      eventBusName: undefined,
    });
    expect(rule("requested")).to.deep.equal({
      pattern: { source: ["sales-etl"], "detail-type": ["GateRequested"] },
      eventBusName: "bus",
    });
  });

  it("begins the run of what was accepted, and tells a person of what was rejected", async () => {
    const { inputsOf } = await make();
    expect(JSON.parse(inputsOf("own-accepted-rule").eventPattern)["detail-type"]).to.deep.equal(["LandingAccepted"]);
    expect(inputsOf("own-accepted-target").arn).to.equal(arnOf("own-trigger-dag-function"));
    expect(JSON.parse(inputsOf("own-rejected-rule").eventPattern)["detail-type"]).to.deep.equal(["LandingRejected"]);
    const { arn, inputTransformer } = inputsOf("own-rejected-target");
    expect(arn).to.equal(alertsTopicArn);
    const used = [...inputTransformer.inputTemplate.matchAll(/<(\w+)>/g)].map(([, name]) => name);
    expect(used).to.have.members(Object.keys(inputTransformer.inputPaths));
  });
});
