import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { DeadLetterQueue } from "./dead-letter-queue.ts";
import { policyDocument, trustPolicy, useKey } from "./policy.ts";

export interface NodeFunctionArgs {
  /** What the function is for, in one sentence. */
  readonly description: string;
  /** A folder with `index.mjs`, which exports `handler`. */
  readonly code: pulumi.asset.Archive;
  readonly environment: Readonly<Record<string, pulumi.Input<string>>>;
  /** What the function may do, besides its logs, traces, dead letters and the key. */
  readonly statements: pulumi.Input<aws.iam.PolicyStatement>[];
  /** Seconds, 1 to 900. @default 60 */
  readonly timeoutSeconds?: number;
  /** MiB; 1769 are one whole CPU. @default 512 */
  readonly memoryMiB?: number;
  readonly kmsKeyArn: pulumi.Input<string>;
  readonly alertsTopicArn: pulumi.Input<string>;
  /** One of the periods that CloudWatch Logs offers. */
  readonly logRetentionDays: number;
}

/** A Node function on arm64: its log group, role, failure queue and alarm. */
export class NodeFunction extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly functionName: pulumi.Output<string>;
  /** Where events that the function failed on end up, for other senders to the function, too. */
  readonly deadLetterQueueArn: pulumi.Output<string>;

  constructor(name: string, args: NodeFunctionArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sales-etl:common:NodeFunction", name, {}, opts);

    const { kmsKeyArn, alertsTopicArn } = args;
    const deadLetters = new DeadLetterQueue(`${name}-dead-letters`, { kmsKeyArn, alertsTopicArn }, { parent: this });
    const logGroup = this.#logGroup(name, args);
    const { role, policy } = this.#role(name, args, logGroup, deadLetters);
    const lambda = this.#lambda(name, args, role, [policy, logGroup]);
    this.#retries(name, lambda, deadLetters);
    this.#alarm(name, lambda, alertsTopicArn);

    this.arn = lambda.arn;
    this.functionName = lambda.name;
    this.deadLetterQueueArn = deadLetters.arn;
    this.registerOutputs({
      arn: this.arn,
      functionName: this.functionName,
      deadLetterQueueArn: this.deadLetterQueueArn,
    });
  }

  #logGroup(name: string, { kmsKeyArn, logRetentionDays }: NodeFunctionArgs) {
    // Made here, as the one that Lambda makes by itself is kept for ever and not encrypted with our key.
    return new aws.cloudwatch.LogGroup(
      `${name}-logs`,
      { name: `/aws/lambda/${name}`, kmsKeyId: kmsKeyArn, retentionInDays: logRetentionDays },
      { parent: this },
    );
  }

  #role(name: string, args: NodeFunctionArgs, logGroup: aws.cloudwatch.LogGroup, deadLetters: DeadLetterQueue) {
    const role = new aws.iam.Role(
      `${name}-role`,
      { description: args.description, assumeRolePolicy: trustPolicy("lambda.amazonaws.com") },
      { parent: this },
    );
    const policy = new aws.iam.RolePolicy(
      `${name}-policy`,
      {
        role: role.id,
        policy: policyDocument(
          ...args.statements,
          useKey(args.kmsKeyArn),
          {
            Sid: "WriteLogs",
            Effect: "Allow",
            Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
            Resource: [pulumi.interpolate`${logGroup.arn}:*`],
          },
          {
            Sid: "WriteTraces",
            Effect: "Allow",
            Action: ["xray:PutTelemetryRecords", "xray:PutTraceSegments"],
            // X-Ray has no resources for these two.
            Resource: ["*"],
          },
          { Sid: "SendDeadLetters", Effect: "Allow", Action: ["sqs:SendMessage"], Resource: [deadLetters.arn] },
        ),
      },
      { parent: this },
    );
    return { role, policy };
  }

  #lambda(name: string, args: NodeFunctionArgs, role: aws.iam.Role, dependsOn: pulumi.Resource[]) {
    return new aws.lambda.Function(
      `${name}-function`,
      {
        description: args.description,
        runtime: aws.lambda.Runtime.NodeJS24dX,
        architectures: ["arm64"],
        handler: "index.handler",
        code: args.code,
        role: role.arn,
        timeout: args.timeoutSeconds ?? 60,
        memorySize: args.memoryMiB ?? 512,
        kmsKeyArn: args.kmsKeyArn,
        environment: { variables: { ...args.environment } },
        tracingConfig: { mode: "Active" },
        loggingConfig: { logFormat: "JSON", logGroup: `/aws/lambda/${name}` },
      },
      { parent: this, dependsOn },
    );
  }

  /** Events come without anybody waiting for an answer; one that fails three times is kept for a person. */
  #retries(name: string, lambda: aws.lambda.Function, deadLetters: DeadLetterQueue) {
    new aws.lambda.FunctionEventInvokeConfig(
      `${name}-retries`,
      {
        functionName: lambda.name,
        maximumRetryAttempts: 2,
        maximumEventAgeInSeconds: 3600,
        destinationConfig: { onFailure: { destination: deadLetters.arn } },
      },
      { parent: this },
    );
  }

  #alarm(name: string, lambda: aws.lambda.Function, alertsTopicArn: pulumi.Input<string>) {
    new aws.cloudwatch.MetricAlarm(
      `${name}-errors`,
      {
        alarmDescription: `The Lambda ${name} failed: read its log group /aws/lambda/${name}.`,
        namespace: "AWS/Lambda",
        metricName: "Errors",
        dimensions: { FunctionName: lambda.name },
        statistic: "Sum",
        period: 300,
        evaluationPeriods: 1,
        threshold: 0,
        comparisonOperator: "GreaterThanThreshold",
        treatMissingData: "notBreaching",
        alarmActions: [alertsTopicArn],
      },
      { parent: this },
    );
  }
}
