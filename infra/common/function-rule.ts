import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface FunctionTarget {
  readonly arn: pulumi.Input<string>;
  readonly functionName: pulumi.Input<string>;
  /** Where events go that could not be handed over. */
  readonly deadLetterQueueArn: pulumi.Input<string>;
}

export interface FunctionRuleArgs {
  readonly description: string;
  /** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html */
  readonly pattern: pulumi.Input<object>;
  /** @default the account's own bus, which AWS' services send to */
  readonly eventBusName?: pulumi.Input<string>;
  /** Gets the event as it is. */
  readonly target: FunctionTarget;
}

/** Calls a function for every event of a kind; what cannot be handed over within an hour is a dead letter. */
export class FunctionRule extends pulumi.ComponentResource {
  constructor(name: string, args: FunctionRuleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sales-etl:common:FunctionRule", name, {}, opts);

    const { description, pattern, eventBusName, target } = args;
    const bus = eventBusName === undefined ? {} : { eventBusName };
    const rule = new aws.cloudwatch.EventRule(
      `${name}-rule`,
      { description, eventPattern: pulumi.jsonStringify(pattern), ...bus },
      { parent: this },
    );
    const permission = new aws.lambda.Permission(
      `${name}-permission`,
      {
        action: "lambda:InvokeFunction",
        function: target.functionName,
        principal: "events.amazonaws.com",
        sourceArn: rule.arn,
      },
      { parent: this },
    );
    new aws.cloudwatch.EventTarget(
      `${name}-target`,
      {
        rule: rule.name,
        ...bus,
        arn: target.arn,
        retryPolicy: { maximumRetryAttempts: 20, maximumEventAgeInSeconds: 3600 },
        deadLetterConfig: { arn: target.deadLetterQueueArn },
      },
      { parent: this, dependsOn: permission },
    );
    this.registerOutputs();
  }
}
