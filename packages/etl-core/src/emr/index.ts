/** EMR job flows and Spark steps as typed, checked values for `@aws-sdk/client-emr`. */
export { addStep, cancelRun, describeRun, type EmrClient, type SubmittedRun, submitRun } from "./client.ts";
export { type DailyStepArgs, dailyStep, placeholders } from "./daily-step.ts";
export { type Estimate, type EstimateArgs, type EstimateLine, estimateRun } from "./estimate.ts";
export { defaultCatalogName, type IcebergCatalogArgs } from "./iceberg.ts";
export type { InstancesArgs, OnDemandFleetArgs, SpotFleetArgs } from "./instances.ts";
export {
  defaultRelease,
  environmentTags,
  type JobFlowArgs,
  jobFlow,
  type ManagedScalingArgs,
  managedPolicyTag,
  type SecurityGroups,
} from "./job-flow.ts";
export { type JobStepArgs, programFiles } from "./job-step.ts";
export { type MaintainStepArgs, maintainStep } from "./maintain-step.ts";
export {
  controlPrefix,
  exampleNightly,
  jobFlowKey,
  logsPrefix,
  type MaintenanceArgs,
  type NightlyArgs,
  type NightlyJobFlow,
  programPrefix,
  renderNightlyJobFlow,
  warehousePrefix,
  weekdays,
} from "./nightly.ts";
export { type EmrPrices, emrPrices } from "./prices.ts";
export { type SparkStepArgs, sparkStep } from "./spark-step.ts";
export { costOfRows, type EmrSpeed, type MeasuredRun, measuredSpeed } from "./speed.ts";
export { EmrRunError, type RunStatus, type StepStatus } from "./status.ts";
export { type WaitOptions, waitForRun, waitForStep } from "./wait.ts";
