import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { accountOf } from "./account.ts";
import { policyDocument } from "./policy.ts";
import { readSecrets } from "./secrets.ts";

export interface DeployRoleArgs {
  /** On GitHub: `owner/name`. */
  readonly repository: string;
  /** The environment of that repository whose jobs may take on the role; its reviewers decide who deploys. */
  readonly environment: string;
  /** What a deployment may do: policies that the account's administrators have chosen. */
  readonly policyArns: readonly string[];
  /** Names of the secrets that a deployment itself reads. @default none */
  readonly secretNames?: readonly string[];
}

const issuer = "token.actions.githubusercontent.com";

/**
 * Lets the jobs of one environment of one repository deploy, without a stored key. The account must know GitHub as an
 * identity provider, once for all environments: docs/deploy.md.
 *
 * https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws
 */
export class DeployRole extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: DeployRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sales-etl:common:DeployRole", name, {}, opts);

    const { id, partition } = accountOf(this);
    const role = new aws.iam.Role(
      `${name}-role`,
      {
        name,
        description: `Deploys from ${args.repository}`,
        maxSessionDuration: 3600,
        assumeRolePolicy: policyDocument({
          Sid: "TakeOnThisRole",
          Effect: "Allow",
          Principal: { Federated: pulumi.interpolate`arn:${partition}:iam::${id}:oidc-provider/${issuer}` },
          Action: ["sts:AssumeRoleWithWebIdentity"],
          Condition: {
            StringEquals: {
              [`${issuer}:aud`]: "sts.amazonaws.com",
              [`${issuer}:sub`]: `repo:${args.repository}:environment:${args.environment}`,
            },
          },
        }),
      },
      { parent: this },
    );
    for (const [index, policyArn] of args.policyArns.entries()) {
      new aws.iam.RolePolicyAttachment(`${name}-policy-${index}`, { role: role.name, policyArn }, { parent: this });
    }

    if (args.secretNames !== undefined && args.secretNames.length > 0) {
      new aws.iam.RolePolicy(
        `${name}-secrets`,
        { role: role.name, policy: policyDocument(readSecrets("ReadTheSecretsOfADeployment", args.secretNames, this)) },
        { parent: this },
      );
    }

    this.arn = role.arn;
    this.registerOutputs({ arn: this.arn });
  }
}
