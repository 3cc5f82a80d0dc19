import { expect } from "chai";
import { alertsTopicArn, bucketRef, code, common, eventBus } from "../testing/examples.ts";
import { arnOf, record } from "../testing/record.ts";
import { Power } from "./power.ts";

describe("Power", () => {
  const make = () =>
    record(
      () =>
        new Power("own", {
          ...{
            code,
            instanceId: "i-1",
            control: bucketRef("control"),
            eventBus,
            environment: "dev",
            timeZone: "UTC",
            lookBackDays: 14,
          },
          ...{ graceMinutes: 10, maxHours: 6, maxClusterHours: 6, networkKind: "public" as const, ...common },
          ...{ nightlyHour: 3, publishedByHour: 7, nightlyTimeZone: "Europe/Berlin" },
        }).functionName,
    );

  it("is one switch with three clocks, two events, two messages to a person, and is watched itself", async () => {
    const { childrenOf, inputsOf } = await make();
    expect(inputsOf("own-host-power-silent")).to.deep.include({
      ...{ namespace: "AWS/Lambda", metricName: "Invocations", statistic: "Sum", period: 3600, evaluationPeriods: 3 },
      ...{ comparisonOperator: "LessThanThreshold", threshold: 1, treatMissingData: "breaching" },
      ...{ dimensions: { FunctionName: "own-host-power-function" }, alarmActions: [alertsTopicArn] },
    });
    expect(childrenOf("own")).to.deep.equal([
      "aws:cloudwatch/metricAlarm:MetricAlarm own-host-power-silent",
      "sales-etl:common:AlertRule own-attention",
      "sales-etl:common:AlertRule own-failed",
      "sales-etl:common:FunctionRule own-accepted",
      "sales-etl:common:FunctionRule own-ended",
      "sales-etl:common:FunctionSchedule own-dead-man",
      "sales-etl:common:FunctionSchedule own-freshness",
      "sales-etl:common:FunctionSchedule own-nightly",
      "sales-etl:power:HostPower own-host-power",
    ]);
  });

  it("turns on at its hour, and looks once an hour for what runs without need", async () => {
    const { inputsOf } = await make();
    const schedule = (name: string) => {
      const { scheduleExpression, scheduleExpressionTimezone, target } = inputsOf(`own-${name}-schedule`);
      expect(target.arn).to.equal(arnOf("own-host-power-function"));
      return [scheduleExpression, scheduleExpressionTimezone, JSON.parse(target.input)];
    };
    expect(schedule("nightly")).to.deep.equal([
      "cron(0 3 * * ? *)",
      "Europe/Berlin",
      { action: "ensure-running", scheduledTime: "<aws.scheduler.scheduled-time>" },
    ]);
    expect(schedule("dead-man")).to.deep.equal(["cron(50 * * * ? *)", "Europe/Berlin", { action: "dead-man" }]);
    expect(schedule("freshness")).to.deep.equal([
      "cron(0 7 * * ? *)",
      "Europe/Berlin",
      { action: "check-freshness", scheduledTime: "<aws.scheduler.scheduled-time>" },
    ]);
  });

  it("listens to the pipeline's events", async () => {
    const { inputsOf } = await make();
    for (const [name, type] of [
      ["accepted", "LandingAccepted"],
      ["ended", "RunEnded"],
    ]) {
      expect(inputsOf(`own-${name}-rule`).eventBusName).to.equal("bus");
      const pattern = JSON.parse(inputsOf(`own-${name}-rule`).eventPattern);
      expect(pattern).to.deep.equal({ source: ["sales-etl"], "detail-type": [type] });
      expect(inputsOf(`own-${name}-target`).arn).to.equal(arnOf("own-host-power-function"));
    }
  });

  it("tells a person of failed runs and of what it had to end", async () => {
    const { inputsOf } = await make();
    expect(JSON.parse(inputsOf("own-failed-rule").eventPattern)).to.deep.equal({
      source: ["sales-etl"],
      "detail-type": ["RunEnded"],
      detail: { result: ["failed"] },
    });
    expect(JSON.parse(inputsOf("own-attention-rule").eventPattern)["detail-type"]).to.deep.equal(["AttentionNeeded"]);
    expect(inputsOf("own-attention-target").arn).to.equal(alertsTopicArn);
  });
});
