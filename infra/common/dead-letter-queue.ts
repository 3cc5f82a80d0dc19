import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { accountOf } from "./account.ts";
import { alarmAboveZero } from "./alarm.ts";
import { denyWithoutTls, policyDocument } from "./policy.ts";

export interface DeadLetterQueueArgs {
  readonly kmsKeyArn: pulumi.Input<string>;
  /** Told as soon as something lies in the queue. */
  readonly alertsTopicArn: pulumi.Input<string>;
}

const day = 24 * 60 * 60;

/** Keeps what could not be delivered or handled for 14 days, the most that SQS offers, and tells a person. */
export class DeadLetterQueue extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly url: pulumi.Output<string>;

  constructor(name: string, args: DeadLetterQueueArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sales-etl:common:DeadLetterQueue", name, {}, opts);

    const queue = new aws.sqs.Queue(
      `${name}-queue`,
      { kmsMasterKeyId: args.kmsKeyArn, messageRetentionSeconds: 14 * day },
      { parent: this },
    );
    this.#allowEventRules(name, queue);
    alarmAboveZero(
      `${name}-alarm`,
      {
        description: "Something could not be delivered or handled: read the messages of the queue.",
        namespace: "AWS/SQS",
        metricName: "ApproximateNumberOfMessagesVisible",
        dimensions: { QueueName: queue.name },
        statistic: "Maximum",
        alertsTopicArn: args.alertsTopicArn,
      },
      { parent: this },
    );

    this.arn = queue.arn;
    this.url = queue.url;
    this.registerOutputs({ arn: this.arn, url: this.url });
  }

  /** Lambda and the scheduler send with their own roles; rules of EventBridge have none and need this. */
  #allowEventRules(name: string, { arn, url }: aws.sqs.Queue) {
    const { id, region, partition } = accountOf(this);
    new aws.sqs.QueuePolicy(
      `${name}-policy`,
      {
        queueUrl: url,
        policy: policyDocument(
          {
            Sid: "EventRulesOfThisAccount",
            Effect: "Allow",
            Principal: { Service: "events.amazonaws.com" },
            Action: ["sqs:SendMessage"],
            Resource: [arn],
            Condition: {
              ArnLike: { "aws:SourceArn": pulumi.interpolate`arn:${partition}:events:${region}:${id}:rule/*` },
            },
          },
          denyWithoutTls("sqs:*", [arn]),
        ),
      },
      { parent: this },
    );
  }
}
