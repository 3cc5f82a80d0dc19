import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { accountOf } from "./account.ts";
import type { FunctionTarget } from "./function-rule.ts";
import { policyDocument, trustPolicy, useKey } from "./policy.ts";

export interface FunctionScheduleArgs {
  readonly description: string;
  /** `cron(0 2 * * ? *)` */
  readonly expression: string;
  /** IANA zone of the expression. */
  readonly timeZone: string;
  /** What the function gets; `<aws.scheduler.scheduled-time>` in it is the time that was meant, however late the call. */
  readonly input: object;
  readonly target: Pick<FunctionTarget, "arn" | "deadLetterQueueArn">;
  /** The key of the dead letters. */
  readonly kmsKeyArn: pulumi.Input<string>;
}

/** Calls a function by the clock; what cannot be handed over within an hour is a dead letter. */
export class FunctionSchedule extends pulumi.ComponentResource {
  constructor(name: string, args: FunctionScheduleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sales-etl:common:FunctionSchedule", name, {}, opts);

    const group = new aws.scheduler.ScheduleGroup(`${name}-group`, {}, { parent: this });
    const { role, policy } = this.#role(name, args, group);
    new aws.scheduler.Schedule(
      `${name}-schedule`,
      {
        description: args.description,
        groupName: group.name,
        scheduleExpression: args.expression,
        scheduleExpressionTimezone: args.timeZone,
        flexibleTimeWindow: { mode: "OFF" },
        target: {
          arn: args.target.arn,
          roleArn: role.arn,
          input: JSON.stringify(args.input),
          retryPolicy: { maximumRetryAttempts: 20, maximumEventAgeInSeconds: 3600 },
          deadLetterConfig: { arn: args.target.deadLetterQueueArn },
        },
      },
      { parent: this, dependsOn: policy },
    );
    this.registerOutputs();
  }

  #role(name: string, { target, kmsKeyArn, description }: FunctionScheduleArgs, group: aws.scheduler.ScheduleGroup) {
    const role = new aws.iam.Role(
      `${name}-role`,
      {
        description: `May call its function: ${description}`,
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
