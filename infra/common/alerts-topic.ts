import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { accountOf } from "./account.ts";
import { denyWithoutTls, policyDocument } from "./policy.ts";

export interface AlertsTopicArgs {
  readonly kmsKeyArn: pulumi.Input<string>;
  /** Who gets the alerts by e-mail; AWS asks them to confirm first. @default nobody */
  readonly email?: string | undefined;
  /** The e-mail address of a chat channel (Slack and Teams give one to each). @default none */
  readonly chat?: string | undefined;
}

/** Where alarms, events and budgets tell a person. */
export class AlertsTopic extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: AlertsTopicArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sales-etl:common:AlertsTopic", name, {}, opts);

    const topic = new aws.sns.Topic(`${name}-topic`, { kmsMasterKeyId: args.kmsKeyArn }, { parent: this });
    this.#allowSenders(name, topic);
    for (const [kind, endpoint] of Object.entries({ email: args.email, chat: args.chat })) {
      if (endpoint === undefined) continue;
      new aws.sns.TopicSubscription(
        `${name}-${kind}`,
        { topic: topic.arn, protocol: "email", endpoint },
        { parent: this },
      );
    }

    this.arn = topic.arn;
    this.registerOutputs({ arn: this.arn });
  }

  #allowSenders(name: string, { arn }: aws.sns.Topic) {
    const { id, region, partition } = accountOf(this);
    new aws.sns.TopicPolicy(
      `${name}-policy`,
      {
        arn,
        policy: policyDocument(
          {
            Sid: "AlarmsOfThisAccount",
            Effect: "Allow",
            Principal: { Service: "cloudwatch.amazonaws.com" },
            Action: ["sns:Publish"],
            Resource: [arn],
            Condition: { StringEquals: { "aws:SourceAccount": id } },
          },
          {
            Sid: "EventRulesOfThisAccount",
            Effect: "Allow",
            Principal: { Service: "events.amazonaws.com" },
            Action: ["sns:Publish"],
            Resource: [arn],
            Condition: {
              ArnLike: { "aws:SourceArn": pulumi.interpolate`arn:${partition}:events:${region}:${id}:rule/*` },
            },
          },
          {
            Sid: "BudgetsOfThisAccount",
            Effect: "Allow",
            Principal: { Service: "budgets.amazonaws.com" },
            Action: ["sns:Publish"],
            Resource: [arn],
            Condition: { StringEquals: { "aws:SourceAccount": id } },
          },
          denyWithoutTls("sns:Publish", [arn]),
        ),
      },
      { parent: this },
    );
  }
}
