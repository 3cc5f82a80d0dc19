import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { accountOf } from "../common/account.ts";
import { alarmAboveZero } from "../common/alarm.ts";
import { type HostSettings, hostInstance } from "../host/host-instance.ts";
import type { NetworkKind, NetworkRef } from "../network/network.ts";
import { SupersetAccess } from "./superset-access.ts";
import { SupersetRole } from "./superset-role.ts";
import { type OidcSettings, supersetUserData } from "./superset-user-data.ts";
import type { WarehouseReaderArgs } from "./warehouse-reader.ts";

/** The balancer's security group, and the client of the identity provider; its secret by the name that it has in Secrets Manager. */
export interface SignIn {
  readonly securityGroupId: string;
  readonly oidc: OidcSettings;
}

export interface SupersetHostArgs extends WarehouseReaderArgs {
  readonly settings: HostSettings;
  /** Superset's image by digest. */
  readonly image: pulumi.Input<string>;
  readonly repositoryArn: pulumi.Input<string>;
  readonly network: NetworkRef;
  readonly networkKind: NetworkKind;
  /** @default people come through Session Manager, as `admin` */
  readonly signIn?: SignIn | undefined;
  readonly kmsKeyArn: pulumi.Input<string>;
  readonly alertsTopicArn: pulumi.Input<string>;
  readonly logRetentionDays: number;
}

/** The instance that runs Superset and its database. Its dashboards come with the image; what people made is on its volume. */
export class SupersetHost extends pulumi.ComponentResource {
  readonly instanceId: pulumi.Output<string>;
  /** Of the secret with the administrator's password. */
  readonly secretName: pulumi.Output<string>;

  constructor(name: string, args: SupersetHostArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sales-etl:bi:SupersetHost", name, {}, opts);
    const child = { parent: this };
    const { settings, network, networkKind, signIn, kmsKeyArn } = args;

    const logGroup = new aws.cloudwatch.LogGroup(
      `${name}-logs`,
      { name: `/sales-etl/${name}`, kmsKeyId: kmsKeyArn, retentionInDays: args.logRetentionDays },
      child,
    );
    // Without a value: the host makes one, so that no deployment ever sees it.
    const secret = new aws.secretsmanager.Secret(
      `${name}-secret`,
      { description: "Superset's secret key, and the password of admin", kmsKeyId: kmsKeyArn, recoveryWindowInDays: 7 },
      child,
    );
    const role = new SupersetRole(
      `${name}-host`,
      { ...args, logGroupArn: logGroup.arn, secretArn: secret.arn, oidcSecretName: signIn?.oidc.clientSecret },
      child,
    );
    const access = new SupersetAccess(
      `${name}-access`,
      { vpcId: network.vpcId, balancerGroupId: signIn?.securityGroupId },
      child,
    );
    const who = { securityGroupId: access.hostGroupId, instanceProfileName: role.instanceProfileName };
    const userData = this.#userData(args, logGroup, secret);
    const instance = hostInstance(name, { settings, network, networkKind, ...who, userData, kmsKeyArn }, this);
    alarmAboveZero(
      `${name}-ill`,
      {
        description: "The host of Superset does not answer: restart it, then read its log group.",
        namespace: "AWS/EC2",
        metricName: "StatusCheckFailed",
        dimensions: { InstanceId: instance.id },
        statistic: "Maximum",
        alertsTopicArn: args.alertsTopicArn,
      },
      child,
    );

    this.instanceId = instance.id;
    this.secretName = secret.name;
    this.registerOutputs({ instanceId: this.instanceId, secretName: this.secretName });
  }

  #userData(args: SupersetHostArgs, logGroup: aws.cloudwatch.LogGroup, secret: aws.secretsmanager.Secret) {
    const { region } = accountOf(this);
    return pulumi
      .all([region, args.image, logGroup.name, secret.arn, args.workGroupName, args.databaseName])
      .apply(([regionName, supersetImage, group, secretId, workGroup, database]) =>
        supersetUserData({
          ...{ region: regionName, supersetImage, logGroup: group, secretId, workGroup, database },
          oidc: args.signIn?.oidc,
        }),
      );
  }
}
