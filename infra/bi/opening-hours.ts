import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Account, accountOf } from "../common/account.ts";
import { DeadLetterQueue } from "../common/dead-letter-queue.ts";
import { policyDocument, trustPolicy, useKey } from "../common/policy.ts";

/** When a host is on. */
export interface Hours {
  /** Days of the week as EventBridge writes them: `MON-FRI`. */
  readonly days: string;
  /** Hours of the day, 0 to 23; off at the beginning of `to`. */
  readonly from: number;
  readonly to: number;
}

export interface OpeningHoursArgs {
  readonly instanceId: pulumi.Input<string>;
  readonly hours: Hours;
  /** IANA zone of the hours. */
  readonly timeZone: string;
  readonly kmsKeyArn: pulumi.Input<string>;
  readonly alertsTopicArn: pulumi.Input<string>;
}

/** Turns a host on and off by the clock, without any program: the scheduler itself calls EC2. */
export class OpeningHours extends pulumi.ComponentResource {
  constructor(name: string, args: OpeningHoursArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sales-etl:bi:OpeningHours", name, {}, opts);
    const child = { parent: this };
    const { instanceId, hours, timeZone, kmsKeyArn, alertsTopicArn } = args;

    const deadLetters = new DeadLetterQueue(`${name}-dead-letters`, { kmsKeyArn, alertsTopicArn }, child);
    const group = new aws.scheduler.ScheduleGroup(`${name}-group`, {}, child);
    const account = accountOf(this);
    const role = new aws.iam.Role(
      `${name}-role`,
      {
        description: "May turn the host of Superset on and off",
        assumeRolePolicy: trustPolicy("scheduler.amazonaws.com", {
          StringEquals: { "aws:SourceAccount": account.id, "aws:SourceArn": group.arn },
        }),
      },
      child,
    );
    const policy = new aws.iam.RolePolicy(
      `${name}-policy`,
      { role: role.id, policy: policyDocument(...statements(args, account), sendTo(deadLetters.arn)) },
      child,
    );
    const at = (suffix: string, description: string, hour: number, action: "startInstances" | "stopInstances") =>
      new aws.scheduler.Schedule(
        `${name}-${suffix}`,
        {
          description,
          groupName: group.name,
          scheduleExpression: `cron(0 ${hour} ? * ${hours.days} *)`,
          scheduleExpressionTimezone: timeZone,
          flexibleTimeWindow: { mode: "OFF" },
          target: {
            arn: pulumi.interpolate`arn:${account.partition}:scheduler:::aws-sdk:ec2:${action}`,
            roleArn: role.arn,
            input: pulumi.jsonStringify({ InstanceIds: [instanceId] }),
            // EC2 may have no capacity for a while.
            retryPolicy: { maximumRetryAttempts: 20, maximumEventAgeInSeconds: 3600 },
            deadLetterConfig: { arn: deadLetters.arn },
          },
        },
        { parent: this, dependsOn: policy },
      );
    at("opens", "Superset is on from now", hours.from, "startInstances");
    at("closes", "Superset is off from now", hours.to, "stopInstances");
    this.registerOutputs();
  }
}

const sendTo = (queueArn: pulumi.Input<string>): aws.iam.PolicyStatement => ({
  Sid: "SendDeadLetters",
  Effect: "Allow",
  Action: ["sqs:SendMessage"],
  Resource: [queueArn],
});

const statements = (
  { instanceId, kmsKeyArn }: OpeningHoursArgs,
  { id, region, partition }: Account,
): aws.iam.PolicyStatement[] => [
  {
    Sid: "SwitchTheHost",
    Effect: "Allow",
    Action: ["ec2:StartInstances", "ec2:StopInstances"],
    Resource: [pulumi.interpolate`arn:${partition}:ec2:${region}:${id}:instance/${instanceId}`],
  },
  {
    // Who starts a host must be able to hand EC2 the key of its volume.
    Sid: "OpenItsVolume",
    Effect: "Allow",
    Action: ["kms:CreateGrant"],
    Resource: [kmsKeyArn],
    Condition: {
      Bool: { "kms:GrantIsForAWSResource": "true" },
      StringEquals: { "kms:ViaService": pulumi.interpolate`ec2.${region}.amazonaws.com` },
    },
  },
  useKey(kmsKeyArn),
];
