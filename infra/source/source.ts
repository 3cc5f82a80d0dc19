import * as pulumi from "@pulumi/pulumi";
import type { Dataset } from "@sales-etl/etl-core/contract";
import type { ResourceRef } from "../common/resource-ref.ts";
import type { Settings } from "../settings.schema.ts";
import { ExportRole } from "./export-role.ts";
import { SnowflakeAccess } from "./snowflake-access.ts";
import { SnowflakeExport } from "./snowflake-export.ts";
import { snowflakeProvider } from "./snowflake-provider.ts";

export interface SourceArgs {
  /** Where the files come from. @default nothing is made: somebody of this account writes them */
  readonly source: Settings["source"];
  readonly dataset: Dataset;
  readonly landing: ResourceRef;
  readonly kmsKeyArn: pulumi.Input<string>;
  /** IANA: the business date is the day that ended there. */
  readonly timeZone: string;
}

/** Where the pipeline's files come from: a Snowflake account that exports, or whoever drops files. */
export class Source extends pulumi.ComponentResource {
  /** Of the role that writes to the landing; undefined where none was made. */
  readonly roleArn: pulumi.Output<string> | undefined;
  /** Of the task in Snowflake. */
  readonly taskName: pulumi.Output<string> | undefined;

  constructor(name: string, args: SourceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sales-etl:source:Source", name, {}, opts);
    const { source, dataset, landing, kmsKeyArn, timeZone } = args;
    const child = { parent: this };

    if (source?.snowflake !== undefined) {
      const { database, schema, warehouse, cron } = source.snowflake;
      const provider = snowflakeProvider(`${name}-snowflake`, source.snowflake, child);
      const access = new SnowflakeAccess(`${name}-snowflake`, { landing, kmsKeyArn, provider }, child);
      const { integrationName } = access;
      const place = { database, schema, warehouse, cron, timeZone, landingBucketName: landing.name };
      const nightly = new SnowflakeExport(`${name}-export`, { dataset, integrationName, ...place, provider }, child);
      this.roleArn = access.roleArn;
      this.taskName = nightly.taskName;
    }
    if (source?.writer !== undefined) {
      const { principalArn, externalId } = source.writer;
      const description = "What the source may do: put files into the landing";
      const trusted = { principalArn, externalId };
      const names = { roleName: `${name}-writer`, description };
      this.roleArn = new ExportRole(`${name}-writer`, { ...names, ...trusted, landing, kmsKeyArn }, child).arn;
    }
    this.registerOutputs({ roleArn: this.roleArn, taskName: this.taskName });
  }
}
