import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { controlPrefix } from "@sales-etl/etl-core/emr";
import { accountOf } from "../common/account.ts";
import { NodeFunction } from "../common/node-function.ts";
import { keepReceipts, tellOthers } from "../common/policy.ts";
import type { ResourceRef } from "../common/resource-ref.ts";

export interface HostPowerArgs {
  readonly code: pulumi.asset.Archive;
  readonly instanceId: pulumi.Input<string>;
  readonly control: ResourceRef;
  readonly eventBus: ResourceRef;
  /** IANA zone in which a business date ends. */
  readonly timeZone: string;
  /** How many days back it looks for days that are not published. */
  readonly lookBackDays: number;
  /** The tag `environment` of the clusters that it may end. */
  readonly environment: string;
  /** Minutes for which the host stays up after a run: 0 to 10. */
  readonly graceMinutes: number;
  /** Hours for which an unfinished date keeps the host up. */
  readonly maxHours: number;
  /** Hours after which a cluster is ended. */
  readonly maxClusterHours: number;
  /** `public`: the host has an address to pay for while it is on. */
  readonly networkKind: "public" | "private";
  readonly kmsKeyArn: pulumi.Input<string>;
  readonly alertsTopicArn: pulumi.Input<string>;
  readonly logRetentionDays: number;
}

/** The Lambda that turns the host of Airflow on and off. */
export class HostPower extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly functionName: pulumi.Output<string>;
  readonly deadLetterQueueArn: pulumi.Output<string>;

  constructor(name: string, args: HostPowerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sales-etl:power:HostPower", name, {}, opts);

    const { code, kmsKeyArn, alertsTopicArn, logRetentionDays } = args;
    const lambda = new NodeFunction(
      name,
      {
        description: "Turns the host of Airflow on for the night's work, and off afterwards",
        code,
        kmsKeyArn,
        alertsTopicArn,
        logRetentionDays,
        // It waits: for a host that stops or starts, for capacity, for the grace after a run.
        timeoutSeconds: 900,
        memoryMiB: 256,
        environment: {
          INSTANCE_ID: args.instanceId,
          CONTROL_BUCKET: args.control.name,
          EVENT_BUS_NAME: args.eventBus.name,
          TIME_ZONE: args.timeZone,
          LOOK_BACK_DAYS: String(args.lookBackDays),
          ENVIRONMENT: args.environment,
          GRACE_MINUTES: String(args.graceMinutes),
          MAX_HOURS: String(args.maxHours),
          MAX_CLUSTER_HOURS: String(args.maxClusterHours),
          NETWORK: args.networkKind,
        },
        statements: [...this.#host(args), ...this.#clusters(args), ...control(args)],
      },
      { parent: this },
    );

    this.arn = lambda.arn;
    this.functionName = lambda.functionName;
    this.deadLetterQueueArn = lambda.deadLetterQueueArn;
    this.registerOutputs({
      arn: this.arn,
      functionName: this.functionName,
      deadLetterQueueArn: this.deadLetterQueueArn,
    });
  }

  #host({ instanceId, kmsKeyArn }: HostPowerArgs): aws.iam.PolicyStatement[] {
    const { id, region, partition } = accountOf(this);
    return [
      {
        Sid: "SwitchTheHost",
        Effect: "Allow",
        Action: ["ec2:StartInstances", "ec2:StopInstances"],
        Resource: [pulumi.interpolate`arn:${partition}:ec2:${region}:${id}:instance/${instanceId}`],
      },
      // EC2 has no resources for Describe calls.
      { Sid: "LookAtTheHost", Effect: "Allow", Action: ["ec2:DescribeInstances"], Resource: ["*"] },
      {
        // Who starts a host must be able to hand EC2 the key of its volume.
        Sid: "OpenItsVolume",
        Effect: "Allow",
        Action: ["kms:CreateGrant"],
        Resource: [kmsKeyArn],
        Condition: {
          Bool: { "kms:GrantIsForAWSResource": "true" },
          StringEquals: { "kms:ViaService": pulumi.interpolate`ec2.${region}.amazonaws.com` },
        },
      },
    ];
  }

  #clusters({ environment }: HostPowerArgs): aws.iam.PolicyStatement[] {
    const { id, region, partition } = accountOf(this);
    const clusters = pulumi.interpolate`arn:${partition}:elasticmapreduce:${region}:${id}:cluster/*`;
    return [
      // EMR has no resources for the list.
      { Sid: "FindClusters", Effect: "Allow", Action: ["elasticmapreduce:ListClusters"], Resource: ["*"] },
      {
        Sid: "ReadTheirTagsAndHours",
        Effect: "Allow",
        Action: ["elasticmapreduce:DescribeCluster", "elasticmapreduce:ListInstances"],
        Resource: [clusters],
      },
      {
        Sid: "EndOurClusters",
        Effect: "Allow",
        Action: ["elasticmapreduce:TerminateJobFlows"],
        Resource: [clusters],
        Condition: {
          StringEquals: {
            "elasticmapreduce:ResourceTag/project": "sales-etl",
            "elasticmapreduce:ResourceTag/environment": environment,
          },
        },
      },
    ];
  }
}

const control = ({ control: bucket, eventBus }: HostPowerArgs): aws.iam.PolicyStatement[] => [
  { Sid: "ListReceipts", Effect: "Allow", Action: ["s3:ListBucket"], Resource: [bucket.arn] },
  keepReceipts(bucket),
  {
    Sid: "ReadWhatTheJobPublished",
    Effect: "Allow",
    Action: ["s3:GetObject"],
    Resource: [pulumi.interpolate`${bucket.arn}/${controlPrefix}dt=*/published-*.json`],
  },
  tellOthers(eventBus),
];
