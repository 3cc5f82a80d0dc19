import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { accountOf } from "../common/account.ts";
import { policyDocument, trustPolicy, useKey } from "../common/policy.ts";
import { pullImage, sessions, writeLogs } from "../host/host-statements.ts";
import { readWarehouse, type WarehouseReaderArgs } from "./warehouse-reader.ts";

export interface SupersetRoleArgs extends WarehouseReaderArgs {
  /** Of Superset's image. */
  readonly repositoryArn: pulumi.Input<string>;
  readonly logGroupArn: pulumi.Input<string>;
  /** Superset's own secret, which its first boot gives a value. */
  readonly secretArn: pulumi.Input<string>;
  /** The name of the secret of the identity provider's client. @default none */
  readonly oidcSecretName?: string | undefined;
  readonly kmsKeyArn: pulumi.Input<string>;
}

/** What the host of Superset may do, and the instance profile that gives it that. */
export class SupersetRole extends pulumi.ComponentResource {
  readonly instanceProfileName: pulumi.Output<string>;

  constructor(name: string, args: SupersetRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sales-etl:bi:SupersetRole", name, {}, opts);

    const role = new aws.iam.Role(
      `${name}-role`,
      { description: "What the host of Superset may do", assumeRolePolicy: trustPolicy("ec2.amazonaws.com") },
      { parent: this },
    );
    const policy = new aws.iam.RolePolicy(
      `${name}-policy`,
      {
        role: role.id,
        policy: policyDocument(
          ...sessions(),
          ...pullImage(args.repositoryArn),
          ...readWarehouse(args, accountOf(this)),
          ...this.#secrets(args),
          writeLogs(args.logGroupArn),
          useKey(args.kmsKeyArn),
        ),
      },
      { parent: this },
    );
    const profile = new aws.iam.InstanceProfile(
      `${name}-profile`,
      { role: role.name },
      { parent: this, dependsOn: policy },
    );

    this.instanceProfileName = profile.name;
    this.registerOutputs({ instanceProfileName: this.instanceProfileName });
  }

  #secrets({ secretArn, oidcSecretName }: SupersetRoleArgs): aws.iam.PolicyStatement[] {
    const own: aws.iam.PolicyStatement = {
      Sid: "ItsSecret",
      Effect: "Allow",
      Action: ["secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"],
      Resource: [secretArn],
    };
    if (oidcSecretName === undefined) return [own];
    const { id, region, partition } = accountOf(this);
    return [
      own,
      {
        Sid: "SecretOfTheClient",
        Effect: "Allow",
        Action: ["secretsmanager:GetSecretValue"],
        // Secrets Manager ends the ARN with six characters of its own.
        Resource: [pulumi.interpolate`arn:${partition}:secretsmanager:${region}:${id}:secret:${oidcSecretName}-??????`],
      },
    ];
  }
}
