import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

export interface AlarmArgs {
  /** What happened and what to do; docs/operate.md has a runbook of the alarm's name. */
  readonly description: string;
  /** Of the metric: `AWS/SQS`. */
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, pulumi.Input<string>>>;
  /** @default "Sum" */
  readonly statistic?: "Sum" | "Maximum";
  readonly alertsTopicArn: pulumi.Input<string>;
}

/** Tells a person as soon as a number is above zero. What reports nothing is fine: most things never happen. */
export const alarmAboveZero = (name: string, args: AlarmArgs, opts: pulumi.CustomResourceOptions) =>
  new aws.cloudwatch.MetricAlarm(
    name,
    {
      alarmDescription: args.description,
      namespace: args.namespace,
      metricName: args.metricName,
      dimensions: { ...args.dimensions },
      statistic: args.statistic ?? "Sum",
      period: 300,
      evaluationPeriods: 1,
      threshold: 0,
      comparisonOperator: "GreaterThanThreshold",
      treatMissingData: "notBreaching",
      alarmActions: [args.alertsTopicArn],
    },
    opts,
  );
