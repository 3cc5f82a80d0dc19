import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { accountOf } from "../common/account.ts";
import { policyDocument, trustPolicy, useKey } from "../common/policy.ts";

export interface NightlyScheduleArgs {
  /** Hour of the day in `timeZone`, 0 to 23. */
  readonly hour: number;
  /** IANA zone of `hour`. */
  readonly timeZone: string;
  readonly target: {
    /** A Lambda function; it gets `{"scheduledTime": "2017-07-01T02:00:00Z"}`. */
    readonly arn: pulumi.Input<string>;
    /** Where a night goes that could not be handed over. */
    readonly deadLetterQueueArn: pulumi.Input<string>;
  };
  /** The key of the dead letters. */
  readonly kmsKeyArn: pulumi.Input<string>;
}

/** Calls a function once a night. */
export class NightlySchedule extends pulumi.ComponentResource {
  constructor(name: string, args: NightlyScheduleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sales-etl:power:NightlySchedule", name, {}, opts);

    const group = new aws.scheduler.ScheduleGroup(`${name}-group`, {}, { parent: this });
    const { role, policy } = this.#role(name, args, group);
    new aws.scheduler.Schedule(
      `${name}-schedule`,
      {
        description: "Starts the night's work",
        groupName: group.name,
        scheduleExpression: `cron(0 ${args.hour} * * ? *)`,
        scheduleExpressionTimezone: args.timeZone,
        flexibleTimeWindow: { mode: "OFF" },
        target: {
          arn: args.target.arn,
          roleArn: role.arn,
          // The time that was meant, however late the call: a repeated one asks for the same night.
          input: JSON.stringify({ scheduledTime: "<aws.scheduler.scheduled-time>" }),
          retryPolicy: { maximumRetryAttempts: 20, maximumEventAgeInSeconds: 3600 },
          deadLetterConfig: { arn: args.target.deadLetterQueueArn },
        },
      },
      { parent: this, dependsOn: policy },
    );
    this.registerOutputs();
  }

  #role(name: string, { target, kmsKeyArn }: NightlyScheduleArgs, group: aws.scheduler.ScheduleGroup) {
    const role = new aws.iam.Role(
      `${name}-role`,
      {
        description: "What the nightly schedule may do",
        assumeRolePolicy: trustPolicy("scheduler.amazonaws.com", {
          StringEquals: { "aws:SourceAccount": accountOf(this).id, "aws:SourceArn": group.arn },
        }),
      },
      { parent: this },
    );
    const policy = new aws.iam.RolePolicy(
      `${name}-policy`,
      {
        role: role.id,
        policy: policyDocument(
          { Sid: "CallTheTarget", Effect: "Allow", Action: ["lambda:InvokeFunction"], Resource: [target.arn] },
          {
            Sid: "SendDeadLetters",
            Effect: "Allow",
            Action: ["sqs:SendMessage"],
            Resource: [target.deadLetterQueueArn],
          },
          useKey(kmsKeyArn),
        ),
      },
      { parent: this },
    );
    return { role, policy };
  }
}
