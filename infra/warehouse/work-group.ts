import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ResourceRef } from "../common/resource-ref.ts";
import { namedQueries } from "./named-queries.ts";

export interface WorkGroupArgs {
  /** Where answers are kept, in `athena/`. */
  readonly logs: ResourceRef;
  readonly databaseName: pulumi.Input<string>;
  /** A query that reads more is ended: at most what it may cost. */
  readonly scanLimitGiB: number;
  readonly kmsKeyArn: pulumi.Input<string>;
}

/** The folder of the logs bucket for answers. */
export const answersPrefix = "athena/";

/** Where people and dashboards query the warehouse: nobody can choose another place, key or limit. */
export class WorkGroup extends pulumi.ComponentResource {
  readonly workGroupName: pulumi.Output<string>;

  constructor(name: string, args: WorkGroupArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sales-etl:warehouse:WorkGroup", name, {}, opts);

    const { logs, databaseName, scanLimitGiB, kmsKeyArn } = args;
    const group = new aws.athena.Workgroup(
      `${name}-group`,
      {
        name,
        description: "Queries of the warehouse",
        configuration: {
          enforceWorkgroupConfiguration: true,
          publishCloudwatchMetricsEnabled: true,
          bytesScannedCutoffPerQuery: scanLimitGiB * 1024 ** 3,
          engineVersion: { selectedEngineVersion: "Athena engine version 3" },
          resultConfiguration: {
            outputLocation: pulumi.interpolate`s3://${logs.name}/${answersPrefix}`,
            encryptionConfiguration: { encryptionOption: "SSE_KMS", kmsKeyArn },
          },
        },
      },
      { parent: this },
    );
    for (const { key, title, description, sql } of namedQueries) {
      new aws.athena.NamedQuery(
        `${name}-${key}`,
        { name: title, description, database: databaseName, workgroup: group.name, query: sql },
        { parent: this },
      );
    }

    this.workGroupName = group.name;
    this.registerOutputs({ workGroupName: this.workGroupName });
  }
}
