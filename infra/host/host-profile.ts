import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { policyDocument, trustPolicy, useKey } from "../common/policy.ts";
import { pullImage, sessions, writeLogs } from "./host-statements.ts";

export interface HostProfileArgs {
  /** What the role is for, in a few words. */
  readonly description: string;
  /** Of the host's image. */
  readonly repositoryArn: pulumi.Input<string>;
  readonly logGroupArn: pulumi.Input<string>;
  readonly kmsKeyArn: pulumi.Input<string>;
}

/**
 * The instance profile of a host: what every host may do, and `statements`. `<name>-role`, `<name>-policy` and
 * `<name>-profile`, children of `parent`.
 */
export function hostProfile(
  name: string,
  { description, repositoryArn, logGroupArn, kmsKeyArn }: HostProfileArgs,
  statements: readonly aws.iam.PolicyStatement[],
  parent: pulumi.Resource,
): aws.iam.InstanceProfile {
  const role = new aws.iam.Role(
    `${name}-role`,
    { description, assumeRolePolicy: trustPolicy("ec2.amazonaws.com") },
    { parent },
  );
  const policy = new aws.iam.RolePolicy(
    `${name}-policy`,
    {
      role: role.id,
      policy: policyDocument(
        ...sessions(),
        ...pullImage(repositoryArn),
        ...statements,
        writeLogs(logGroupArn),
        useKey(kmsKeyArn),
      ),
    },
    { parent },
  );
  return new aws.iam.InstanceProfile(`${name}-profile`, { role: role.name }, { parent, dependsOn: policy });
}
