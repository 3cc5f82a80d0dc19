import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Account, accountOf } from "../common/account.ts";
import { policyDocument, trustPolicy } from "../common/policy.ts";
import { emrServiceStatements } from "./emr-service-policy.ts";

export interface EmrServiceRoleArgs {
  /** The role of the nodes, which EMR hands to EC2. */
  readonly instanceRoleArn: pulumi.Input<string>;
  /** Of the nodes' disks. */
  readonly kmsKeyArn: pulumi.Input<string>;
}

/** What EMR itself may do: start and end the instances of clusters. */
export class EmrServiceRole extends pulumi.ComponentResource {
  readonly roleArn: pulumi.Output<string>;

  constructor(name: string, args: EmrServiceRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sales-etl:transform:EmrServiceRole", name, {}, opts);

    const account = accountOf(this);
    const { id, region, partition } = account;
    const role = new aws.iam.Role(
      `${name}-role`,
      {
        description: "What EMR may do to run clusters",
        assumeRolePolicy: trustPolicy("elasticmapreduce.amazonaws.com", {
          StringEquals: { "aws:SourceAccount": id },
          ArnLike: { "aws:SourceArn": pulumi.interpolate`arn:${partition}:elasticmapreduce:${region}:${id}:*` },
        }),
      },
      { parent: this },
    );
    new aws.iam.RolePolicy(
      `${name}-policy`,
      {
        role: role.id,
        policy: policyDocument(
          ...emrServiceStatements(account, args.instanceRoleArn),
          ...diskKey(account, args.kmsKeyArn),
        ),
      },
      { parent: this },
    );

    this.roleArn = role.arn;
    this.registerOutputs({ roleArn: this.roleArn });
  }
}

/** EMR launches nodes with encrypted disks: it hands their key to EC2. */
const diskKey = ({ region }: Account, keyArn: pulumi.Input<string>): aws.iam.PolicyStatement[] => [
  {
    Sid: "UseTheDisksKey",
    Effect: "Allow",
    Action: [
      "kms:Decrypt",
      "kms:DescribeKey",
      "kms:Encrypt",
      "kms:GenerateDataKey",
      "kms:GenerateDataKeyWithoutPlaintext",
      "kms:ReEncryptFrom",
      "kms:ReEncryptTo",
    ],
    Resource: [keyArn],
  },
  {
    Sid: "GiveDisksTheirKey",
    Effect: "Allow",
    Action: ["kms:CreateGrant"],
    Resource: [keyArn],
    Condition: {
      Bool: { "kms:GrantIsForAWSResource": "true" },
      StringEquals: { "kms:ViaService": pulumi.interpolate`ec2.${region}.amazonaws.com` },
    },
  },
];
