import type * as pulumi from "@pulumi/pulumi";
import * as snowflake from "@pulumi/snowflake";

/** Who deploys to which Snowflake account. Its key is in Secrets Manager, see docs/deploy.md. */
export interface SnowflakeSettings {
  readonly organization: string;
  readonly account: string;
  /** A user of type SERVICE with a public key. */
  readonly user: string;
  /** Owns the export; may create integrations and use the tables. */
  readonly role: string;
  readonly warehouse: string;
}

/**
 * Snowflake for these settings. The private key comes from the variable SNOWFLAKE_PRIVATE_KEY of whoever deploys, which the
 * provider itself reads: as an argument it would lie in the state.
 */
export const snowflakeProvider = (
  name: string,
  { organization, account, user, role, warehouse }: SnowflakeSettings,
  opts?: pulumi.ResourceOptions,
): snowflake.Provider =>
  new snowflake.Provider(
    name,
    {
      organizationName: organization,
      accountName: account,
      user,
      role,
      warehouse,
      authenticator: "SNOWFLAKE_JWT",
      // What the provider does not promise to keep as it is; all is pinned.
      previewFeaturesEnabled: [
        "snowflake_file_format_resource",
        "snowflake_procedure_javascript_resource",
        "snowflake_stage_resource",
        "snowflake_storage_integration_resource",
      ],
    },
    opts,
  );
