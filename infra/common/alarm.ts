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
  readonly statistic?: "Average" | "Maximum" | "Minimum" | "Sum";
  readonly alertsTopicArn: pulumi.Input<string>;
}

export interface ThresholdArgs extends AlarmArgs {
  readonly threshold: number;
  /** Of five minutes, all of which must be above it. */
  readonly periods: number;
}

type Rule = Pick<
  aws.cloudwatch.MetricAlarmArgs,
  "statistic" | "period" | "evaluationPeriods" | "threshold" | "comparisonOperator" | "treatMissingData"
>;

const metricAlarm = (
  name: string,
  { description, namespace, metricName, dimensions, alertsTopicArn }: Omit<AlarmArgs, "statistic">,
  rule: Rule,
  opts: pulumi.CustomResourceOptions,
) =>
  new aws.cloudwatch.MetricAlarm(
    name,
    {
      ...{ alarmDescription: description, namespace, metricName, dimensions: { ...dimensions } },
      ...rule,
      alarmActions: [alertsTopicArn],
    },
    opts,
  );

/** Tells a person when a number is above a threshold. What reports nothing is fine. */
export const alarmAbove = (name: string, args: ThresholdArgs, opts: pulumi.CustomResourceOptions) =>
  metricAlarm(
    name,
    args,
    {
      ...{ statistic: args.statistic ?? "Sum", period: 300, evaluationPeriods: args.periods },
      ...{ threshold: args.threshold, comparisonOperator: "GreaterThanThreshold", treatMissingData: "notBreaching" },
    },
    opts,
  );

/** As soon as a number is above zero: most things never happen. */
export const alarmAboveZero = (name: string, args: AlarmArgs, opts: pulumi.CustomResourceOptions) =>
  alarmAbove(name, { ...args, threshold: 0, periods: 1 }, opts);

/** Tells a person when what happens every hour has not happened for `hours`. */
export const alarmSilent = (
  name: string,
  args: Omit<AlarmArgs, "statistic"> & { readonly hours: number },
  opts: pulumi.CustomResourceOptions,
) =>
  metricAlarm(
    name,
    args,
    {
      ...{ statistic: "Sum", period: 3600, evaluationPeriods: args.hours },
      ...{ threshold: 1, comparisonOperator: "LessThanThreshold", treatMissingData: "breaching" },
    },
    opts,
  );
