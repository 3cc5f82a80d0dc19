import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { accountOf } from "../common/account.ts";
import { policyDocument, trustPolicy } from "../common/policy.ts";

export interface FlowLogsArgs {
  readonly vpcId: pulumi.Input<string>;
  readonly kmsKeyArn: pulumi.Input<string>;
  readonly logRetentionDays: number;
}

/** Who talked to whom in a network, and who was refused: a log group. */
export class FlowLogs extends pulumi.ComponentResource {
  constructor(name: string, args: FlowLogsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sales-etl:network:FlowLogs", name, {}, opts);

    const logGroup = new aws.cloudwatch.LogGroup(
      `${name}-logs`,
      { name: `/aws/vpc/${name}`, kmsKeyId: args.kmsKeyArn, retentionInDays: args.logRetentionDays },
      { parent: this },
    );
    const { role, policy } = this.#role(name, logGroup);
    new aws.ec2.FlowLog(
      `${name}-flow-log`,
      {
        vpcId: args.vpcId,
        trafficType: "ALL",
        logDestinationType: "cloud-watch-logs",
        logDestination: logGroup.arn,
        iamRoleArn: role.arn,
        maxAggregationInterval: 600,
      },
      { parent: this, dependsOn: policy },
    );
    this.registerOutputs();
  }

  #role(name: string, logGroup: aws.cloudwatch.LogGroup) {
    const { id, region, partition } = accountOf(this);
    const role = new aws.iam.Role(
      `${name}-role`,
      {
        description: "What the network's flow logs may do",
        assumeRolePolicy: trustPolicy("vpc-flow-logs.amazonaws.com", {
          StringEquals: { "aws:SourceAccount": id },
          ArnLike: { "aws:SourceArn": pulumi.interpolate`arn:${partition}:ec2:${region}:${id}:vpc-flow-log/*` },
        }),
      },
      { parent: this },
    );
    const policy = new aws.iam.RolePolicy(
      `${name}-policy`,
      {
        role: role.id,
        policy: policyDocument({
          Sid: "WriteLogs",
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
          Resource: [pulumi.interpolate`${logGroup.arn}:*`],
        }),
      },
      { parent: this },
    );
    return { role, policy };
  }
}
