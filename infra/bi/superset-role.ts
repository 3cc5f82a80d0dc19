import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { accountOf } from "../common/account.ts";
import { readSecrets } from "../common/secrets.ts";
import { type HostProfileArgs, hostProfile } from "../host/host-profile.ts";
import { readWarehouse, type WarehouseReaderArgs } from "./warehouse-reader.ts";

export interface SupersetRoleArgs extends WarehouseReaderArgs, Omit<HostProfileArgs, "description"> {
  /** Superset's own secret, which its first boot gives a value. */
  readonly secretArn: pulumi.Input<string>;
  /** The name of the secret of the identity provider's client. @default none */
  readonly oidcSecretName?: string | undefined;
}

/** What the host of Superset may do, and the instance profile that gives it that. */
export class SupersetRole extends pulumi.ComponentResource {
  readonly instanceProfileName: pulumi.Output<string>;

  constructor(name: string, args: SupersetRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sales-etl:bi:SupersetRole", name, {}, opts);

    const statements = [...readWarehouse(args, accountOf(this)), ...this.#secrets(args)];
    const profile = hostProfile(name, { ...args, description: "What the host of Superset may do" }, statements, this);

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
    return oidcSecretName === undefined ? [own] : [own, readSecrets("SecretOfTheClient", [oidcSecretName], this)];
  }
}
