import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface FunctionTarget {
  readonly arn: pulumi.Input<string>;
  readonly functionName: pulumi.Input<string>;
  /** Where events go that could not be handed over. */
  readonly deadLetterQueueArn: pulumi.Input<string>;
}

export interface ManifestRuleArgs {
  readonly landingBucketName: pulumi.Input<string>;
  /** Gets S3's event as it is. */
  readonly target: FunctionTarget;
}

/** Calls a function for every manifest that lands. The manifest is the last file of an export. */
export class ManifestRule extends pulumi.ComponentResource {
  constructor(name: string, args: ManifestRuleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sales-etl:gate:ManifestRule", name, {}, opts);

    const rule = new aws.cloudwatch.EventRule(
      `${name}-rule`,
      {
        description: "A manifest has landed",
        // S3 sends to the account's default bus only.
        eventPattern: pulumi.jsonStringify({
          source: ["aws.s3"],
          "detail-type": ["Object Created"],
          detail: {
            bucket: { name: [args.landingBucketName] },
            // Not the report beside it: the function writes that one and would call itself.
            object: { key: [{ wildcard: "_manifest/*/manifest.json" }] },
          },
        }),
      },
      { parent: this },
    );
    new aws.lambda.Permission(
      `${name}-permission`,
      {
        action: "lambda:InvokeFunction",
        function: args.target.functionName,
        principal: "events.amazonaws.com",
        sourceArn: rule.arn,
      },
      { parent: this },
    );
    new aws.cloudwatch.EventTarget(
      `${name}-target`,
      {
        rule: rule.name,
        arn: args.target.arn,
        retryPolicy: { maximumRetryAttempts: 20, maximumEventAgeInSeconds: 3600 },
        deadLetterConfig: { arn: args.target.deadLetterQueueArn },
      },
      { parent: this },
    );
    this.registerOutputs();
  }
}
