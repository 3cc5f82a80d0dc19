import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { alertsTopicArn } from "../testing/examples.ts";
import { record } from "../testing/record.ts";
import { HostAlarms } from "./host-alarms.ts";

const alarmType = "aws:cloudwatch/metricAlarm:MetricAlarm";

describe("HostAlarms", () => {
  const make = () =>
    record(() => {
      new HostAlarms("own", { instanceId: "i-1", hostName: "sales-etl-dev-airflow-host", alertsTopicArn });
    });

  it("tells a person of the host's health, what is full, what does not run and what does not beat", async () => {
    const { childrenOf, inputsOf } = await make();
    const names = ["airflow", "containers", "disk", "ill", "memory"];
    expect(childrenOf("own")).to.deep.equal(names.map((name) => `${alarmType} own-${name}`));
    const looked = names.map((name) => {
      const { namespace, metricName, statistic, threshold, evaluationPeriods } = inputsOf(`own-${name}`);
      return [name, namespace, metricName, statistic, threshold, evaluationPeriods];
    });
    expect(looked).to.deep.equal([
      ["airflow", "sales-etl", "AirflowUnhealthy", "Minimum", 0, 3],
      ["containers", "sales-etl", "ContainersDown", "Minimum", 0, 3],
      ["disk", "sales-etl", "DiskUsed", "Maximum", 85, 1],
      ["ill", "AWS/EC2", "StatusCheckFailed", "Maximum", 0, 2],
      ["memory", "sales-etl", "MemoryUsed", "Average", 90, 3],
    ]);
    for (const name of names) {
      // Off for 23 hours of a day: that is no alarm.
      expect(inputsOf(`own-${name}`)).to.deep.include({
        ...{ period: 300, treatMissingData: "notBreaching", alarmActions: [alertsTopicArn] },
        comparisonOperator: "GreaterThanThreshold",
        dimensions: name === "ill" ? { InstanceId: "i-1" } : { Host: "sales-etl-dev-airflow-host" },
      });
    }
  });

  it("looks at what the host tells, and at nothing else", async () => {
    const { resources } = await make();
    const script = readFileSync(path.resolve(import.meta.dirname, "../../airflow/host/watch.sh"), "utf8");
    const told = [...script.matchAll(/MetricName=(\w+),/g)].map(([, name]) => name);
    const own = resources.filter(({ type, inputs }) => type === alarmType && inputs.namespace === "sales-etl");
    expect(own.map(({ inputs }) => inputs.metricName)).to.have.members(told);
  });
});
