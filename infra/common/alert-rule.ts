import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface AlertRuleArgs {
  readonly description: string;
  readonly pattern: object;
  readonly eventBusName: pulumi.Input<string>;
  /** Parts of the event by name, as JSON paths. */
  readonly paths: Readonly<Record<string, string>>;
  /** What a person reads, with `<name>` for each part. */
  readonly text: string;
  readonly alertsTopicArn: pulumi.Input<string>;
}

/** Tells a person of an event in words. */
export class AlertRule extends pulumi.ComponentResource {
  constructor(name: string, args: AlertRuleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sales-etl:common:AlertRule", name, {}, opts);

    const { description, pattern, eventBusName, paths, text, alertsTopicArn } = args;
    const rule = new aws.cloudwatch.EventRule(
      `${name}-rule`,
      { description, eventBusName, eventPattern: JSON.stringify(pattern) },
      { parent: this },
    );
    new aws.cloudwatch.EventTarget(
      `${name}-target`,
      {
        rule: rule.name,
        eventBusName,
        arn: alertsTopicArn,
        // A template of text stands between quotes.
        inputTransformer: { inputPaths: { ...paths }, inputTemplate: JSON.stringify(text) },
      },
      { parent: this },
    );
    this.registerOutputs();
  }
}
