import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument } from "../common/policy.ts";
import type { ResourceRef } from "../common/resource-ref.ts";

export interface ExportRoleArgs {
  /** The role's own name: Snowflake must be told its ARN before it exists. */
  readonly roleName: string;
  readonly description: string;
  readonly landing: ResourceRef;
  readonly kmsKeyArn: pulumi.Input<string>;
  /** The user or role that takes it on. */
  readonly principalArn: pulumi.Input<string>;
  /** What the principal must say when it does. @default nothing: only for principals of this account */
  readonly externalId?: pulumi.Input<string> | undefined;
  /** What else it may do. @default nothing */
  readonly more?: readonly aws.iam.PolicyStatement[];
}

/**
 * What a source may do: put files into the landing, and no more. It can neither read what landed nor remove a version of
 * it. A put of a known key makes a new version, which the gate sees.
 */
export class ExportRole extends pulumi.ComponentResource {
  /** Known once the role may do what it is for. */
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: ExportRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sales-etl:source:ExportRole", name, {}, opts);

    const { landing, externalId } = args;
    const role = new aws.iam.Role(
      `${name}-role`,
      {
        name: args.roleName,
        description: args.description,
        assumeRolePolicy: policyDocument({
          Sid: "TakeOnThisRole",
          Effect: "Allow",
          Principal: { AWS: args.principalArn },
          Action: ["sts:AssumeRole"],
          ...(externalId === undefined ? {} : { Condition: { StringEquals: { "sts:ExternalId": externalId } } }),
        }),
      },
      { parent: this },
    );
    const policy = new aws.iam.RolePolicy(
      `${name}-policy`,
      {
        role: role.id,
        policy: policyDocument(
          {
            Sid: "PutFiles",
            Effect: "Allow",
            Action: ["s3:AbortMultipartUpload", "s3:PutObject"],
            Resource: [pulumi.interpolate`${landing.arn}/*/dt=*`],
          },
          {
            Sid: "FindTheBucket",
            Effect: "Allow",
            Action: ["s3:GetBucketLocation"],
            Resource: [landing.arn],
          },
          {
            // Parts of a large file are encrypted one by one: S3 decrypts the key that the first part was given.
            Sid: "UseKey",
            Effect: "Allow",
            Action: ["kms:Decrypt", "kms:GenerateDataKey"],
            Resource: [args.kmsKeyArn],
          },
          ...(args.more ?? []),
        ),
      },
      { parent: this },
    );

    this.arn = pulumi.all([role.arn, policy.id]).apply(([arn]) => arn);
    this.registerOutputs({ arn: this.arn });
  }
}
