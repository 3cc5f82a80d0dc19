import * as pulumi from "@pulumi/pulumi";
import { alarmAbove } from "../common/alarm.ts";

/** Of the numbers that airflow/host/watch.sh tells every minute. */
export const metricsNamespace = "sales-etl";

export interface HostAlarmsArgs {
  readonly instanceId: pulumi.Input<string>;
  /** As `HOST_NAME` tells it to watch.sh. */
  readonly hostName: string;
  readonly alertsTopicArn: pulumi.Input<string>;
}

/** Tells a person that the host, or Airflow on it, is not well. A host that is off tells nothing, and that is fine. */
export class HostAlarms extends pulumi.ComponentResource {
  constructor(name: string, args: HostAlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sales-etl:host:HostAlarms", name, {}, opts);
    const { instanceId, hostName, alertsTopicArn } = args;
    const child = { parent: this };

    alarmAbove(
      `${name}-ill`,
      {
        description: "EC2's own checks of the host of Airflow fail: stop and start it.",
        namespace: "AWS/EC2",
        metricName: "StatusCheckFailed",
        dimensions: { InstanceId: instanceId },
        ...{ statistic: "Maximum", threshold: 0, periods: 2, alertsTopicArn },
      },
      child,
    );
    const own = (suffix: string, description: string, metricName: string, rest: Looked) =>
      alarmAbove(
        `${name}-${suffix}`,
        {
          ...{ description, namespace: metricsNamespace, metricName, dimensions: { Host: hostName } },
          ...{ ...rest, alertsTopicArn },
        },
        child,
      );
    own("disk", "The volume of the host of Airflow is nearly full.", "DiskUsed", {
      ...{ statistic: "Maximum", threshold: 85, periods: 1 },
    });
    own("memory", "The host of Airflow has no memory left.", "MemoryUsed", {
      ...{ statistic: "Average", threshold: 90, periods: 3 },
    });
    // A quarter of an hour without a good minute in five: a boot takes less.
    own("containers", "Containers of the host of Airflow do not run.", "ContainersDown", {
      ...{ statistic: "Minimum", threshold: 0, periods: 3 },
    });
    own(
      "airflow",
      "Parts of Airflow do not beat: scheduler, triggerer, DAG processor or database.",
      "AirflowUnhealthy",
      {
        ...{ statistic: "Minimum", threshold: 0, periods: 3 },
      },
    );
    this.registerOutputs();
  }
}

type Looked = Pick<Parameters<typeof alarmAbove>[1], "statistic" | "threshold" | "periods">;
