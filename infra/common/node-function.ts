import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { accountOf } from "./account.ts";
import { alarmAboveZero } from "./alarm.ts";
import { DeadLetterQueue } from "./dead-letter-queue.ts";
import { policyDocument, trustPolicy, useKey } from "./policy.ts";

export interface FunctionNetwork {
  readonly subnetIds: pulumi.Input<string[]>;
  readonly securityGroupIds: pulumi.Input<string>[];
}

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
  /** Where it runs; there, it reaches AWS only through endpoints. @default no network of ours */
  readonly network?: FunctionNetwork;
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
    alarmAboveZero(
      `${name}-errors`,
      {
        description: `The Lambda ${name} failed: read its log group /aws/lambda/${name}.`,
        namespace: "AWS/Lambda",
        metricName: "Errors",
        dimensions: { FunctionName: lambda.name },
        alertsTopicArn,
      },
      { parent: this },
    );

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
          ...(args.network === undefined ? [] : this.#attach()),
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

  /**
   * Lambda puts the function into its network with the function's role. It wants these for all resources; the code of the
   * function itself may not use them.
   *
   * https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
   */
  #attach(): aws.iam.PolicyStatement[] {
    const { id, region, partition } = accountOf(this);
    const actions = [
      "ec2:AssignPrivateIpAddresses",
      "ec2:CreateNetworkInterface",
      "ec2:DeleteNetworkInterface",
      "ec2:DescribeNetworkInterfaces",
      "ec2:DescribeSubnets",
      "ec2:UnassignPrivateIpAddresses",
    ];
    const functions = pulumi.interpolate`arn:${partition}:lambda:${region}:${id}:function:*`;
    return [
      { Sid: "AttachToNetwork", Effect: "Allow", Action: actions, Resource: ["*"] },
      {
        Sid: "NotByItsCode",
        Effect: "Deny",
        Action: actions,
        Resource: ["*"],
        Condition: { ArnLike: { "lambda:SourceFunctionArn": functions } },
      },
    ];
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
        ...(args.network === undefined
          ? {}
          : { vpcConfig: { subnetIds: args.network.subnetIds, securityGroupIds: args.network.securityGroupIds } }),
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
}
