import type { RunJobFlowCommandInput, StepConfig } from "@aws-sdk/client-emr";
import { dailyStep, placeholders } from "./daily-step.ts";
import { type JobFlowArgs, jobFlow } from "./job-flow.ts";
import { maintainStep } from "./maintain-step.ts";

/** The folder of the artifacts bucket that the cluster reads. */
export const programPrefix = "spark/";

/** Where the DAG finds the night's job flow in the artifacts bucket: the one file there that a deployment replaces. */
export const jobFlowKey = "airflow/job_flow.json";

/** The folder of the warehouse bucket that holds the tables. */
export const warehousePrefix = "tables";

/** The folder of the control bucket that holds the writer's lease, intents and receipts; the gate's are beside it. */
export const controlPrefix = "spark/";

/** The folder of the logs bucket that EMR writes to. */
export const logsPrefix = "emr/";

type FromTheEnvironment = "name" | "logUri" | "iceberg";

export const weekdays = ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"] as const;

/** When the tables are maintained, and what is kept of them. */
export interface MaintenanceArgs {
  /** Of the business date after whose publish it is done. */
  readonly weekday: (typeof weekdays)[number];
  /** How far back a rollback reaches, in days. */
  readonly retentionDays: number;
}

export interface NightlyArgs extends Omit<JobFlowArgs, FromTheEnvironment> {
  /** `sales-etl-dev`: begins the cluster's name. */
  readonly namePrefix: string;
  /** Names of the buckets. */
  readonly buckets: {
    readonly landing: string;
    readonly warehouse: string;
    readonly control: string;
    readonly artifacts: string;
    readonly logs: string;
  };
  /** The Glue database of the tables. */
  readonly database: string;
  readonly maintenance: MaintenanceArgs;
  /** A folder in that of the program: one deployment's. @default none: the files lie in {@link programPrefix} itself */
  readonly programVersion?: string;
}

/** Plain JSON: what the DAG reads from the artifacts bucket. */
export interface NightlyJobFlow {
  /** The input of RunJobFlow, without steps. */
  readonly jobFlow: RunJobFlowCommandInput;
  /** The steps to add once the cluster is there. */
  readonly steps: readonly StepConfig[];
  /** A step more after the date of that weekday is published; its failure is not the date's. */
  readonly weekly: { readonly weekday: MaintenanceArgs["weekday"]; readonly step: StepConfig };
}

/**
 * The cluster of one night, its one Spark step and the week's maintenance, with {@link placeholders} where the date and the
 * run belong.
 *
 * @throws InvalidPropertiesError with all mistakes of the job flow at once
 */
export function renderNightlyJobFlow(args: NightlyArgs): NightlyJobFlow {
  const { namePrefix, buckets, database, maintenance, programVersion, ...cluster } = args;
  const { businessDate, runId, leftToSpark } = placeholders;
  const warehouse = `s3://${buckets.warehouse}/${warehousePrefix}`;
  const job = {
    program: `s3://${buckets.artifacts}/${programPrefix}${programVersion ?? ""}`,
    warehouse,
    database,
    control: `s3://${buckets.control}/${controlPrefix.replace(/\/$/, "")}`,
  };
  return {
    jobFlow: jobFlow({
      ...cluster,
      name: `${namePrefix} ${businessDate}`,
      logUri: `s3://${buckets.logs}/${logsPrefix}`,
      iceberg: { warehouse, database },
      tags: { ...cluster.tags, "sales-etl:run-id": runId },
    }),
    steps: [
      dailyStep({
        businessDate,
        runId,
        leftToSpark,
        ...job,
        // No slash at the end: a job that appends "/sales" would ask S3 for the key "/sales", which is another one.
        landing: `s3://${buckets.landing}`,
        gaps: `s3://${buckets.control}`,
      }),
    ],
    weekly: {
      weekday: maintenance.weekday,
      step: maintainStep({ ...job, runId: `maintain-${businessDate}`, retentionDays: maintenance.retentionDays }),
    },
  };
}

/** A night of an invented deployment: documentation, and what the DAG's tests run on. */
export const exampleNightly: NightlyArgs = {
  namePrefix: "sales-etl-example",
  buckets: {
    landing: "sales-etl-example-landing",
    warehouse: "sales-etl-example-warehouse",
    control: "sales-etl-example-control",
    artifacts: "sales-etl-example-artifacts",
    logs: "sales-etl-example-logs",
  },
  database: "sales_etl_example",
  maintenance: { weekday: "SUN", retentionDays: 30 },
  instances: {
    primary: { types: ["m7g.xlarge"] },
    core: { types: ["m7g.xlarge", "m6g.xlarge"], count: 1 },
    task: { types: ["m7g.xlarge", "m6g.xlarge", "r7g.xlarge"], count: 2 },
  },
  managedScaling: { minimum: 1, maximum: 8, maximumOnDemand: 4, maximumCore: 1 },
  subnetIds: ["subnet-0a1b2c3d4e5f60718"],
  serviceRole: "arn:aws:iam::123456789012:role/sales-etl-example-emr-service",
  jobFlowRole: "arn:aws:iam::123456789012:instance-profile/sales-etl-example-emr-instance",
  environment: "example",
};
