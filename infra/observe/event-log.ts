import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument } from "../common/policy.ts";
import type { ResourceRef } from "../common/resource-ref.ts";

export interface EventLogArgs {
  readonly eventBus: ResourceRef;
  readonly kmsKeyArn: pulumi.Input<string>;
  readonly logRetentionDays: number;
}

/** EventBridge writes only to groups that are called so. */
export const eventLogGroup = (name: string): string => `/aws/events/${name}`;

/** All that the pipeline tells, as lines of a log: what the dashboard and people ask about the last nights. */
export class EventLog extends pulumi.ComponentResource {
  constructor(name: string, args: EventLogArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sales-etl:observe:EventLog", name, {}, opts);
    const child = { parent: this };
    const { eventBus, kmsKeyArn, logRetentionDays } = args;

    const group = new aws.cloudwatch.LogGroup(
      `${name}-group`,
      { name: eventLogGroup(name), kmsKeyId: kmsKeyArn, retentionInDays: logRetentionDays },
      child,
    );
    const rule = new aws.cloudwatch.EventRule(
      `${name}-rule`,
      {
        description: "All events of the pipeline are logged",
        eventBusName: eventBus.name,
        eventPattern: JSON.stringify({ source: ["sales-etl"] }),
      },
      child,
    );
    const policy = new aws.cloudwatch.LogResourcePolicy(
      `${name}-policy`,
      {
        policyName: name,
        policyDocument: policyDocument({
          Sid: "EventsOfThisRule",
          Effect: "Allow",
          Principal: { Service: ["delivery.logs.amazonaws.com", "events.amazonaws.com"] },
          Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
          Resource: [pulumi.interpolate`${group.arn}:*`],
          Condition: { ArnEquals: { "aws:SourceArn": rule.arn } },
        }),
      },
      child,
    );
    new aws.cloudwatch.EventTarget(
      `${name}-target`,
      { rule: rule.name, eventBusName: eventBus.name, arn: group.arn },
      { parent: this, dependsOn: policy },
    );
    this.registerOutputs();
  }
}
