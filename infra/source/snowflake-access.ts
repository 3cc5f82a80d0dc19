import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as snowflake from "@pulumi/snowflake";
import { accountOf } from "../common/account.ts";
import type { ResourceRef } from "../common/resource-ref.ts";
import { ExportRole } from "./export-role.ts";

export interface SnowflakeAccessArgs {
  readonly landing: ResourceRef;
  readonly kmsKeyArn: pulumi.Input<string>;
  /** Makes what lies in Snowflake. */
  readonly provider: snowflake.Provider;
}

/**
 * Lets a Snowflake account write to the landing without any key. Each side must name the other: the integration comes
 * first and names a role that is not there yet, by its ARN; the role then trusts whom the integration says it is.
 */
export class SnowflakeAccess extends pulumi.ComponentResource {
  /** The integration's name. Known once the role can be taken on. */
  readonly integrationName: pulumi.Output<string>;
  readonly roleArn: pulumi.Output<string>;

  constructor(name: string, args: SnowflakeAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sales-etl:source:SnowflakeAccess", name, {}, opts);

    const { landing, kmsKeyArn, provider } = args;
    const { id, partition } = accountOf(this);
    const roleName = `${name}-role`;
    const integration = new snowflake.StorageIntegration(
      `${name}-integration`,
      {
        name: identifier(name),
        comment: "The landing of sales-etl: exports are written there",
        type: "EXTERNAL_STAGE",
        enabled: true,
        storageProvider: "S3",
        storageAllowedLocations: [pulumi.interpolate`s3://${landing.name}/`],
        storageAwsRoleArn: pulumi.interpolate`arn:${partition}:iam::${id}:role/${roleName}`,
      },
      { parent: this, provider },
    );
    const role = new ExportRole(
      `${name}-export`,
      {
        roleName,
        description: "What Snowflake may do: put exports into the landing",
        landing,
        kmsKeyArn,
        principalArn: integration.storageAwsIamUserArn,
        externalId: integration.storageAwsExternalId,
        more: unload(landing),
      },
      { parent: this },
    );

    this.roleArn = role.arn;
    this.integrationName = pulumi.all([integration.name, role.arn]).apply(([integrationName]) => integrationName);
    this.registerOutputs({ integrationName: this.integrationName, roleArn: this.roleArn });
  }
}

/**
 * What Snowflake wants for COPY INTO besides putting. A deletion only hides: the bucket keeps the version.
 *
 * https://docs.snowflake.com/en/user-guide/data-load-s3-config-storage-integration
 */
const unload = (landing: ResourceRef): aws.iam.PolicyStatement[] => [
  { Sid: "LookForFiles", Effect: "Allow", Action: ["s3:ListBucket"], Resource: [landing.arn] },
  {
    Sid: "ReplaceItsFiles",
    Effect: "Allow",
    Action: ["s3:DeleteObject", "s3:GetObject"],
    Resource: [pulumi.interpolate`${landing.arn}/*/dt=*`],
  },
];

/** Snowflake's provider quotes names; SQL writes them without quotes, which Snowflake reads as capitals. */
export const identifier = (name: string): string => name.replaceAll("-", "_").toUpperCase();
