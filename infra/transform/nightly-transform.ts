import * as pulumi from "@pulumi/pulumi";
import { controlPrefix, defaultRelease, logsPrefix, programPrefix, warehousePrefix } from "@sales-etl/etl-core/emr";
import type { ResourceRef } from "../common/resource-ref.ts";
import type { NetworkKind, NetworkRef } from "../network/network.ts";
import { EmrInstanceRole } from "./emr-instance-role.ts";
import { EmrRelease } from "./emr-release.ts";
import { EmrSecurityGroups } from "./emr-security-groups.ts";
import { EmrServiceRole } from "./emr-service-role.ts";
import { NightlyJobFlow, type NightlyJobFlowArgs } from "./nightly-job-flow.ts";
import { SecurityConfiguration } from "./security-configuration.ts";
import { SparkProgram } from "./spark-program.ts";

export interface NightlyTransformArgs {
  readonly region: string;
  readonly cluster: NightlyJobFlowArgs["cluster"];
  readonly network: NetworkRef;
  readonly networkKind: NetworkKind;
  readonly buckets: { readonly [bucket in keyof NightlyJobFlowArgs["buckets"] | "quarantine"]: ResourceRef };
  /** The Glue database of the tables. */
  readonly databaseName: pulumi.Input<string>;
  /** The contract of the data set, as the Spark job reads it: JSON. */
  readonly contract: string;
  readonly kmsKeyArn: pulumi.Input<string>;
}

/** All that must be there before the night's cluster can be: its program, its roles, its description. */
export class NightlyTransform extends pulumi.ComponentResource {
  /** The file from which a cluster is created: `s3://...` */
  readonly jobFlowUri: pulumi.Output<string>;
  /** What who creates the cluster hands over. */
  readonly roles: { readonly serviceRoleArn: pulumi.Output<string>; readonly instanceRoleArn: pulumi.Output<string> };

  constructor(name: string, args: NightlyTransformArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sales-etl:transform:NightlyTransform", name, {}, opts);
    const child = { parent: this };
    const { cluster, network, networkKind, buckets, databaseName, contract, kmsKeyArn } = args;

    const uploaded = { region: args.region, artifactsBucketName: buckets.artifacts.name, kmsKeyArn, contract };
    const { version: programVersion } = new SparkProgram(`${name}-program`, uploaded, child);
    const nodes = new EmrInstanceRole(`${name}-nodes`, { ...folders(buckets), databaseName, kmsKeyArn }, child);
    const service = new EmrServiceRole(`${name}-emr`, { instanceRoleArn: nodes.roleArn, kmsKeyArn }, child);
    const { release = defaultRelease, instances } = cluster;
    new EmrRelease(`${name}-release`, { region: args.region, release, instances }, child);
    const groups = new EmrSecurityGroups(
      `${name}-emr-groups`,
      { vpcId: network.vpcId, privateSubnets: networkKind === "private" },
      child,
    );
    const security = new SecurityConfiguration(`${name}-security`, { kmsKeyArn }, child);
    const jobFlow = new NightlyJobFlow(
      `${name}-job-flow`,
      {
        ...{ cluster, programVersion },
        network: { subnetIds: network.subnetIds, securityGroups: groups.ids },
        buckets: {
          landing: buckets.landing.name,
          warehouse: buckets.warehouse.name,
          control: buckets.control.name,
          artifacts: buckets.artifacts.name,
          logs: buckets.logs.name,
        },
        databaseName,
        serviceRoleArn: service.roleArn,
        instanceProfileArn: nodes.instanceProfileArn,
        securityConfigurationName: security.configurationName,
      },
      child,
    );

    this.jobFlowUri = jobFlow.uri;
    this.roles = { serviceRoleArn: service.roleArn, instanceRoleArn: nodes.roleArn };
    this.registerOutputs({ jobFlowUri: this.jobFlowUri, roles: this.roles });
  }
}

/** The parts of the buckets that Spark may see. */
const folders = ({ landing, warehouse, quarantine, control, artifacts, logs }: NightlyTransformArgs["buckets"]) => ({
  landing: { bucketArn: landing.arn, prefix: "" },
  // Without a slash: some file systems of Hadoop mark the folder itself by a key beside it, such as "tables_$folder$".
  warehouse: { bucketArn: warehouse.arn, prefix: warehousePrefix },
  quarantine: { bucketArn: quarantine.arn, prefix: warehousePrefix },
  control: { bucketArn: control.arn, prefix: controlPrefix },
  program: { bucketArn: artifacts.arn, prefix: programPrefix },
  logs: { bucketArn: logs.arn, prefix: logsPrefix },
});
