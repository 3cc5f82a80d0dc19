import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Account, accountOf } from "./account.ts";
import { policyDocument } from "./policy.ts";

export interface EncryptionKeyArgs {
  /** What it protects, for people who find it in the console. */
  readonly description: string;
  /** Days between the order to delete the key and its end, 7 to 30. @default 30 */
  readonly deletionWindowDays?: number;
}

/** The customer managed key of an environment: all that is stored or queued is encrypted with it. */
export class EncryptionKey extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: EncryptionKeyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sales-etl:common:EncryptionKey", name, {}, opts);

    const key = new aws.kms.Key(
      `${name}-key`,
      {
        description: args.description,
        enableKeyRotation: true,
        deletionWindowInDays: args.deletionWindowDays ?? 30,
        policy: keyPolicy(accountOf(this)),
      },
      { parent: this },
    );
    new aws.kms.Alias(`${name}-alias`, { name: `alias/${name}`, targetKeyId: key.keyId }, { parent: this });

    this.arn = key.arn;
    this.registerOutputs({ arn: this.arn });
  }
}

/** All that the account's administrators do to a key, spelled out: `kms:*` would also allow what AWS adds tomorrow. */
const administration = [
  "kms:CancelKeyDeletion",
  "kms:CreateAlias",
  "kms:DeleteAlias",
  "kms:DescribeKey",
  "kms:DisableKey",
  "kms:DisableKeyRotation",
  "kms:EnableKey",
  "kms:EnableKeyRotation",
  "kms:GetKeyPolicy",
  "kms:GetKeyRotationStatus",
  "kms:ListAliases",
  "kms:ListGrants",
  "kms:ListKeyPolicies",
  "kms:ListKeyRotations",
  "kms:ListResourceTags",
  "kms:PutKeyPolicy",
  "kms:RevokeGrant",
  "kms:RotateKeyOnDemand",
  "kms:ScheduleKeyDeletion",
  "kms:TagResource",
  "kms:UntagResource",
  "kms:UpdateAlias",
  "kms:UpdateKeyDescription",
];

/** Uses that IAM policies of this account may grant. */
const use = [
  "kms:CreateGrant",
  "kms:Decrypt",
  "kms:Encrypt",
  "kms:GenerateDataKey",
  "kms:GenerateDataKeyWithoutPlaintext",
  "kms:ReEncryptFrom",
  "kms:ReEncryptTo",
];

// In a key policy the resource "*" is the key itself.
const thisKey = "*";

function keyPolicy({ id, region, partition }: Account): pulumi.Output<string> {
  /** A service writes into something encrypted; the encryption context ties it to things of this account. */
  const service = (Sid: string, host: pulumi.Input<string>, context: string, resources: pulumi.Input<string>) => ({
    Sid,
    Effect: "Allow" as const,
    Principal: { Service: host },
    Action: ["kms:Decrypt", "kms:GenerateDataKey"],
    Resource: thisKey,
    Condition: { ArnLike: { [`kms:EncryptionContext:${context}`]: resources } },
  });
  return policyDocument(
    {
      Sid: "AccountDecidesByIam",
      Effect: "Allow",
      Principal: { AWS: pulumi.interpolate`arn:${partition}:iam::${id}:root` },
      Action: [...administration, ...use],
      Resource: thisKey,
    },
    {
      Sid: "LogGroups",
      Effect: "Allow",
      Principal: { Service: pulumi.interpolate`logs.${region}.amazonaws.com` },
      Action: [
        "kms:Decrypt",
        "kms:DescribeKey",
        "kms:Encrypt",
        "kms:GenerateDataKey",
        "kms:ReEncryptFrom",
        "kms:ReEncryptTo",
      ],
      Resource: thisKey,
      Condition: {
        ArnLike: {
          "kms:EncryptionContext:aws:logs:arn": pulumi.interpolate`arn:${partition}:logs:${region}:${id}:log-group:*`,
        },
      },
    },
    service(
      "AlarmsToTopics",
      "cloudwatch.amazonaws.com",
      "aws:sns:topicArn",
      pulumi.interpolate`arn:${partition}:sns:${region}:${id}:*`,
    ),
    service(
      "EventsToTopics",
      "events.amazonaws.com",
      "aws:sns:topicArn",
      pulumi.interpolate`arn:${partition}:sns:${region}:${id}:*`,
    ),
    service(
      "BudgetsToTopics",
      "budgets.amazonaws.com",
      "aws:sns:topicArn",
      pulumi.interpolate`arn:${partition}:sns:${region}:${id}:*`,
    ),
    service(
      "EventsToQueues",
      "events.amazonaws.com",
      "aws:sqs:arn",
      pulumi.interpolate`arn:${partition}:sqs:${region}:${id}:*`,
    ),
  );
}
