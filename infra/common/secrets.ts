import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { accountOf } from "./account.ts";

/** Reads secrets of this account and region by their names. */
export function readSecrets(Sid: string, names: readonly string[], parent: pulumi.Resource): aws.iam.PolicyStatement {
  const { id, region, partition } = accountOf(parent);
  return {
    Sid,
    Effect: "Allow",
    Action: ["secretsmanager:GetSecretValue"],
    // Secrets Manager ends an ARN with six characters of its own.
    Resource: names.map(
      (name) => pulumi.interpolate`arn:${partition}:secretsmanager:${region}:${id}:secret:${name}-??????`,
    ),
  };
}
