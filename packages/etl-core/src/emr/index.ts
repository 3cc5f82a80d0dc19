/** EMR job flows and Spark steps as typed, checked values for `@aws-sdk/client-emr`. */
export { defaultCatalogName, type IcebergCatalogArgs } from "./iceberg.ts";
export type { InstancesArgs, OnDemandFleetArgs, SpotFleetArgs } from "./instances.ts";
export {
  defaultRelease,
  type JobFlowArgs,
  jobFlow,
  type ManagedScalingArgs,
  managedPolicyTag,
  type SecurityGroups,
} from "./job-flow.ts";
export {
  artifactKeys,
  exampleNightly,
  logsPrefix,
  type NightlyArgs,
  type NightlyJobFlow,
  placeholders,
  programKey,
  programPrefix,
  renderNightlyJobFlow,
  warehousePrefix,
} from "./nightly.ts";
export { type SparkStepArgs, sparkStep } from "./spark-step.ts";
