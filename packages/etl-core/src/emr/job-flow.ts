import type { ManagedScalingPolicy, RunJobFlowCommandInput, Tag } from "@aws-sdk/client-emr";
import { type IcebergCatalogArgs, icebergConfigurations } from "./iceberg.ts";
import { checkInstances, type InstancesArgs, instanceFleets } from "./instances.ts";
import { isS3Uri, isWhole, Problems } from "./problems.ts";

export const defaultRelease = "emr-spark-8.1.0";

/** Without this tag the service role, written after AmazonEMRServicePolicy_v2, may not touch what the cluster needs. */
export const managedPolicyTag = { key: "for-use-with-amazon-emr-managed-policies", value: "true" } as const;

/** What every resource of a deployment carries. */
export const environmentTags = (environment: string) => ({ project: "sales-etl", environment }) as const;

/** Bounds of managed scaling over core and task nodes together, in instances. */
export interface ManagedScalingArgs {
  readonly minimum: number;
  readonly maximum: number;
  /** The part of `maximum` that may be on demand; the rest is spot. @default the whole of it */
  readonly maximumOnDemand?: number;
  /** The part of `maximum` that may be core nodes; the rest are task nodes. @default the whole of it */
  readonly maximumCore?: number;
}

/** Ids of the groups of a cluster's nodes. EMR adds the rules that it needs. */
export interface SecurityGroups {
  readonly primary: string;
  /** Of core and task nodes. */
  readonly core: string;
  /** In private subnets: EMR's own way to the nodes. */
  readonly serviceAccess?: string;
}

export interface JobFlowArgs {
  /** The cluster's name, 1 to 256 characters. */
  readonly name: string;
  /**
   * The deployment that the cluster belongs to, "dev": tags by which its costs are told apart, and by which the platform's
   * `dead-man` finds a cluster that was forgotten. @default none: nobody ends it but itself
   */
  readonly environment?: string;
  /** @default "emr-spark-8.1.0" */
  readonly release?: string;
  readonly instances: InstancesArgs;
  /** @default none: the fleets keep their size */
  readonly managedScaling?: ManagedScalingArgs;
  /** Subnets to choose from, one a zone; EMR takes the one with the best capacity. @default one of the default VPC */
  readonly subnetIds?: readonly string[];
  /** @default EMR makes groups by itself, and leaves them */
  readonly securityGroups?: SecurityGroups;
  /** Where logs go: an `s3://` URI that ends in `/`. */
  readonly logUri: string;
  /** Name or ARN of the role that EMR itself takes on. */
  readonly serviceRole: string;
  /** Name or ARN of the instance profile of the nodes. */
  readonly jobFlowRole: string;
  /** Name of an EMR security configuration. @default none */
  readonly securityConfiguration?: string;
  /** The Iceberg catalog that Spark sees. @default none: plain Spark */
  readonly iceberg?: IcebergCatalogArgs;
  /** More `spark-defaults` of the whole cluster. @default none */
  readonly sparkDefaults?: Readonly<Record<string, string>>;
  /** Minutes without a step after which EMR ends the cluster by itself: 1 to 10080. @default 15 */
  readonly idleTimeoutMinutes?: number;
  /** The tag that the EMR v2 policies ask for is added. @default none */
  readonly tags?: Readonly<Record<string, string>>;
}

const defaultIdleTimeoutMinutes = 15;

/**
 * The input of EMR's RunJobFlow for a cluster that lives for one run: it stays up for the steps that its owner adds,
 * and ends by itself when its owner has died.
 *
 * @throws InvalidPropertiesError with all mistakes at once
 * @example
 * ```ts
 * import { EMRClient, RunJobFlowCommand } from "@aws-sdk/client-emr";
 *
 * const input = jobFlow({
 *   name: "weekly-sales",
 *   environment: "dev",
 *   instances: {
 *     primary: { types: ["m7g.xlarge"] },
 *     core: { types: ["m7g.xlarge"], count: 2 },
 *     task: { types: ["m7g.xlarge", "m6g.xlarge"], count: 2 },
 *   },
 *   logUri: "s3://my-logs/emr/",
 *   serviceRole: "my-emr-service-role",
 *   jobFlowRole: "my-emr-instance-profile",
 * });
 * await new EMRClient({}).send(new RunJobFlowCommand(input));
 * ```
 */
export function jobFlow(args: JobFlowArgs): RunJobFlowCommandInput {
  check(args);
  const { subnetIds = [], securityConfiguration, managedScaling, securityGroups } = args;
  return {
    Name: args.name,
    ReleaseLabel: args.release ?? defaultRelease,
    Applications: [{ Name: "Spark" }],
    LogUri: args.logUri,
    ServiceRole: args.serviceRole,
    JobFlowRole: args.jobFlowRole,
    ...(securityConfiguration === undefined ? {} : { SecurityConfiguration: securityConfiguration }),
    Instances: {
      InstanceFleets: instanceFleets(args.instances),
      ...(subnetIds.length === 0 ? {} : { Ec2SubnetIds: [...subnetIds] }),
      ...(securityGroups === undefined ? {} : groups(securityGroups)),
      KeepJobFlowAliveWhenNoSteps: true,
      TerminationProtected: false,
      UnhealthyNodeReplacement: true,
    },
    ...(managedScaling === undefined ? {} : { ManagedScalingPolicy: scalingPolicy(managedScaling) }),
    ScaleDownBehavior: "TERMINATE_AT_TASK_COMPLETION",
    AutoTerminationPolicy: { IdleTimeout: (args.idleTimeoutMinutes ?? defaultIdleTimeoutMinutes) * 60 },
    Configurations: configurations(args),
    Tags: tags(args),
  };
}

const groups = ({ primary, core, serviceAccess }: SecurityGroups) => ({
  EmrManagedMasterSecurityGroup: primary,
  EmrManagedSlaveSecurityGroup: core,
  ...(serviceAccess === undefined ? {} : { ServiceAccessSecurityGroup: serviceAccess }),
});

function configurations({ iceberg, sparkDefaults }: JobFlowArgs) {
  if (iceberg !== undefined) return icebergConfigurations(iceberg, sparkDefaults);
  return sparkDefaults === undefined ? [] : [{ Classification: "spark-defaults", Properties: { ...sparkDefaults } }];
}

function scalingPolicy({ minimum, maximum, maximumOnDemand, maximumCore }: ManagedScalingArgs): ManagedScalingPolicy {
  return {
    ComputeLimits: {
      UnitType: "InstanceFleetUnits",
      MinimumCapacityUnits: minimum,
      MaximumCapacityUnits: maximum,
      MaximumOnDemandCapacityUnits: maximumOnDemand ?? maximum,
      MaximumCoreCapacityUnits: maximumCore ?? maximum,
    },
  };
}

function tags({ environment, tags: own }: JobFlowArgs): Tag[] {
  const all = {
    ...own,
    ...(environment === undefined ? {} : environmentTags(environment)),
    [managedPolicyTag.key]: managedPolicyTag.value,
  };
  return Object.entries(all).map(([Key, Value]) => ({ Key, Value }));
}

function check(args: JobFlowArgs): void {
  const problems = new Problems();
  const { name, release = defaultRelease, subnetIds = [], idleTimeoutMinutes = defaultIdleTimeoutMinutes } = args;
  problems.require(name.length > 0 && name.length <= 256, "name", `has ${name.length} characters; EMR takes 1 to 256`);
  problems.require(
    /^emr-(spark-)?\d+\.\d+\.\d+$/.test(release),
    "release",
    `${release} is no release label such as ${defaultRelease} or emr-7.13.0`,
  );
  problems.require(
    args.environment === undefined || /^[a-z][a-z0-9-]{0,62}$/.test(args.environment),
    "environment",
    `${args.environment} is no name of a-z, 0-9 and -`,
  );
  checkInstances(args.instances, problems);
  for (const [index, subnet] of subnetIds.entries()) {
    problems.require(/^subnet-[0-9a-f]{8,17}$/.test(subnet), `subnetIds[${index}]`, `${subnet} is no subnet id`);
  }
  problems.require(
    isS3Uri(args.logUri) && args.logUri.endsWith("/"),
    "logUri",
    `${args.logUri} is no s3:// URI that ends in /`,
  );
  problems.require(args.serviceRole !== "", "serviceRole", "is empty");
  problems.require(args.jobFlowRole !== "", "jobFlowRole", "is empty");
  if (args.iceberg !== undefined) {
    const { warehouse, database } = args.iceberg;
    problems.require(isS3Uri(warehouse), "iceberg.warehouse", `${warehouse} is no s3:// URI`);
    // Glue takes more, but Athena and Spark quote everything else differently.
    problems.require(/^[a-z_][a-z0-9_]*$/.test(database), "iceberg.database", `${database} is no name of a-z, 0-9, _`);
  }
  problems.require(
    isWhole(idleTimeoutMinutes, 1, 10_080),
    "idleTimeoutMinutes",
    `${idleTimeoutMinutes} is no whole number of minutes from 1 to 10080`,
  );
  checkScaling(args, problems);
  for (const [key, value] of Object.entries(args.tags ?? {})) {
    problems.require(
      key.length >= 1 && key.length <= 128 && value.length <= 256 && !key.startsWith("aws:"),
      `tags["${key}"]`,
      'takes a key of 1 to 128 characters that does not begin with "aws:" and a value of at most 256',
    );
  }
  problems.throwIfAny(name === "" ? "the job flow" : `the job flow "${name}"`);
}

function checkScaling({ managedScaling, instances }: JobFlowArgs, problems: Problems): void {
  if (managedScaling === undefined) return;
  const { minimum, maximum, maximumOnDemand = maximum, maximumCore = maximum } = managedScaling;
  const at = (property: string) => `managedScaling.${property}`;
  problems.require(isWhole(minimum, 1, 1000), at("minimum"), `${minimum} is no whole number from 1 to 1000`);
  problems.require(
    isWhole(maximum, minimum, 1000),
    at("maximum"),
    `${maximum} is no whole number from ${minimum} (the minimum) to 1000`,
  );
  const cores = instances.core.count ?? 1;
  for (const [property, value] of Object.entries({ maximumOnDemand, maximumCore })) {
    problems.require(
      isWhole(value, cores, maximum),
      at(property),
      `${value} is no whole number from ${cores} (the core nodes) to ${maximum} (the maximum)`,
    );
  }
}
