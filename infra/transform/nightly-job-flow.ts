import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { jobFlowKey, type NightlyArgs, renderNightlyJobFlow, type SecurityGroups } from "@sales-etl/etl-core/emr";

/** The parts of {@link NightlyArgs} that are other resources. */
type Resources =
  | "programVersion"
  | "buckets"
  | "database"
  | "serviceRole"
  | "jobFlowRole"
  | "subnetIds"
  | "securityGroups"
  | "securityConfiguration";

/** Where the nodes run. */
export interface ClusterNetwork {
  /** One a zone. */
  readonly subnetIds: pulumi.Input<string[]>;
  readonly securityGroups: pulumi.Input<SecurityGroups>;
}

export interface NightlyJobFlowArgs {
  readonly cluster: Omit<NightlyArgs, Resources>;
  /** The folder of the Spark program: the file names it once all that it holds is there. */
  readonly programVersion: pulumi.Input<string>;
  readonly network: ClusterNetwork;
  /** Names of the buckets; the file itself lies in `artifacts`. */
  readonly buckets: { readonly [bucket in keyof NightlyArgs["buckets"]]: pulumi.Input<string> };
  readonly databaseName: pulumi.Input<string>;
  readonly serviceRoleArn: pulumi.Input<string>;
  readonly instanceProfileArn: pulumi.Input<string>;
  readonly securityConfigurationName: pulumi.Input<string>;
}

/** The file from which the Airflow DAG creates the night's cluster. */
export class NightlyJobFlow extends pulumi.ComponentResource {
  /** `s3://...` */
  readonly uri: pulumi.Output<string>;

  constructor(name: string, args: NightlyJobFlowArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sales-etl:transform:NightlyJobFlow", name, {}, opts);

    const { cluster, network, buckets } = args;
    const rendered = pulumi
      .all([buckets, args.databaseName, args.serviceRoleArn, args.instanceProfileArn, args.securityConfigurationName])
      .apply(([names, database, serviceRole, jobFlowRole, securityConfiguration]) =>
        pulumi
          .output([network.subnetIds, network.securityGroups, args.programVersion] as const)
          .apply(([subnetIds, securityGroups, programVersion]) =>
            renderNightlyJobFlow({
              ...{ ...cluster, buckets: names, database, serviceRole, jobFlowRole },
              ...{ securityConfiguration, subnetIds, securityGroups, programVersion },
            }),
          ),
      );
    const file = new aws.s3.BucketObjectv2(
      `${name}-file`,
      {
        bucket: buckets.artifacts,
        key: jobFlowKey,
        contentType: "application/json",
        content: rendered.apply((flow) => `${JSON.stringify(flow, undefined, 2)}\n`),
      },
      { parent: this },
    );

    this.uri = pulumi.interpolate`s3://${file.bucket}/${file.key}`;
    this.registerOutputs({ uri: this.uri });
  }
}
