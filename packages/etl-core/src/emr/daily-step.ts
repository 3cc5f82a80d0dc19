import type { ActionOnFailure, StepConfig } from "@aws-sdk/client-emr";
import type { BusinessDate } from "../landing/landing.ts";
import { isBusinessDate } from "../landing/names.ts";
import { defaultCatalogName } from "./iceberg.ts";
import { isS3Uri, isWhole, Problems } from "./problems.ts";
import { checkSparkConf, type SparkStepArgs, sparkStep } from "./spark-step.ts";

/**
 * What the Airflow DAG knows and the deployment does not. They are Jinja expressions: the DAG renders the JSON with
 * these names.
 */
export const placeholders = {
  businessDate: "{{ business_date }}",
  runId: "{{ run_id }}",
  /** Empty where the gate has read all files. */
  leftToSpark: "{{ left_to_spark }}",
} as const;

/** The files of the Spark program in the folder `program`. */
export const programFiles = {
  entryPoint: "main.py",
  pyFiles: "sales_etl_spark.zip",
  contract: "contract.json",
} as const;

/** The job waits, and dies, by the hour at most: longer is a mistake of the unit. */
const longestSeconds = 86_400;

export interface DailyStepArgs {
  /** The day whose export is loaded, `YYYY-MM-DD`; or the DAG's {@link placeholders}. */
  readonly businessDate: BusinessDate;
  /** Names the run in receipts, branches and logs; the same id again goes on where the first one ended. */
  readonly runId: string;
  /** The folder of the Spark program and its contract: an `s3://` URI, as the pipeline stack lays it. */
  readonly program: string;
  /** Where exports arrive: an `s3://` URI. */
  readonly landing: string;
  /** Where the tables lie: an `s3://` URI. */
  readonly warehouse: string;
  /** The Glue database of the tables. */
  readonly database: string;
  /**
   * Lease, intents and receipts: an `s3://` URI. All who write to the tables must name the same one, or their leases do not
   * see each other; a deployment's is `spark` in its control bucket.
   */
  readonly control: string;
  /**
   * Where the receipts of gaps lie that a person has accepted: an `s3://` URI, a deployment's control bucket.
   * @default `control`
   */
  readonly gaps?: string;
  /** The name of the Iceberg catalog, as {@link jobFlow} set it up. @default "glue_catalog" */
  readonly catalog?: string;
  /** Refuses a contract of another version, for a caller that was built with one. @default any */
  readonly contractVersion?: string;
  /** How long to wait for another run to end, 0 to 86400. @default the job's: 600 */
  readonly waitSeconds?: number;
  /** After how long a run that does not move is dead, 1 to 86400. @default the job's: 300 */
  readonly leaseSeconds?: number;
  /**
   * The tables whose files the gate has not read, or the DAG's {@link placeholders}: the job looks closely at them alone.
   * @default all: every file is hashed and looked at as the gate would
   */
  readonly leftToSpark?: readonly string[] | typeof placeholders.leftToSpark;
  /** `--conf` settings of this step alone. @default none */
  readonly sparkConf?: Readonly<Record<string, string>>;
  /** @default "CANCEL_AND_WAIT", see {@link SparkStepArgs} */
  readonly actionOnFailure?: ActionOnFailure;
}

/**
 * The step that loads one business date and publishes the weeks that it touches.
 *
 * @throws InvalidPropertiesError with all mistakes at once
 * @example
 * ```ts
 * const step = dailyStep({
 *   businessDate: "2017-06-30",
 *   runId: "by-hand-1",
 *   program: "s3://my-artifacts/spark/1a2b3c/",
 *   landing: "s3://my-landing",
 *   warehouse: "s3://my-warehouse/tables",
 *   control: "s3://my-control/spark",
 *   database: "sales",
 * });
 * ```
 */
export function dailyStep(args: DailyStepArgs): StepConfig {
  const problems = new Problems();
  checkDay(args, problems);
  checkSparkConf(args.sparkConf, problems);
  problems.throwIfAny(`the daily step of ${args.businessDate}`);
  return sparkStep(sparkStepOf(args));
}

const optional = (name: string, value: string | number | undefined): string[] =>
  value === undefined ? [] : [name, String(value)];

const tableNames = (tables: NonNullable<DailyStepArgs["leftToSpark"]>): string =>
  typeof tables === "string" ? tables : tables.join(",");

function sparkStepOf(args: DailyStepArgs): SparkStepArgs {
  const program = args.program.replace(/\/*$/, "/");
  return {
    name: `weekly fact ${args.businessDate}`,
    entryPoint: `${program}${programFiles.entryPoint}`,
    pyFiles: [`${program}${programFiles.pyFiles}`],
    sparkConf: {
      // YARN would start a failed driver again by itself; whoever added the step decides about a second try.
      "spark.yarn.maxAppAttempts": "1",
      ...args.sparkConf,
    },
    args: [
      ...["--contract", `${program}${programFiles.contract}`],
      ...["--landing", args.landing],
      ...["--warehouse", args.warehouse],
      ...["--catalog", args.catalog ?? defaultCatalogName],
      ...["--database", args.database],
      ...["--control", args.control],
      ...optional("--gaps", args.gaps),
      ...["--business-date", args.businessDate],
      ...["--run-id", args.runId],
      // One word: an empty one by itself would look like a mistake, and be one for some shells.
      ...(args.leftToSpark === undefined ? [] : [`--left-to-spark=${tableNames(args.leftToSpark)}`]),
      ...optional("--contract-version", args.contractVersion),
      ...optional("--wait-seconds", args.waitSeconds),
      ...optional("--lease-seconds", args.leaseSeconds),
    ],
    ...(args.actionOnFailure === undefined ? {} : { actionOnFailure: args.actionOnFailure }),
  };
}

function checkDay(args: DailyStepArgs, problems: Problems): void {
  const { businessDate, runId, database, catalog = defaultCatalogName, contractVersion } = args;
  const isDate = isBusinessDate(businessDate) || businessDate === placeholders.businessDate;
  problems.require(isDate, "businessDate", `${businessDate} is no day of the calendar written YYYY-MM-DD`);
  problems.require(
    runId.trim() !== "" && runId.length <= 256,
    "runId",
    `has ${runId.length} characters; it takes 1 to 256`,
  );
  for (const name of ["program", "landing", "warehouse", "control", "gaps"] as const) {
    const uri = args[name];
    if (name === "gaps" && uri === undefined) continue;
    problems.require(isS3Uri(uri ?? ""), name, uri === undefined ? "is missing" : `${uri} is no s3:// URI`);
  }
  for (const name of ["landing", "warehouse", "control", "gaps"] as const) {
    // "//" is another key in S3.
    const slash = args[name]?.endsWith("/") === true;
    problems.require(!slash, name, `${args[name]} ends in /; the job appends it by itself`);
  }
  // Glue takes more, but Athena and Spark quote everything else differently.
  problems.require(/^[a-z_][a-z0-9_]*$/.test(database), "database", `${database} is no name of a-z, 0-9, _`);
  problems.require(/^[A-Za-z_]\w*$/.test(catalog), "catalog", `${catalog} is no name of a catalog of Spark's`);
  for (const name of typeof args.leftToSpark === "object" ? args.leftToSpark : []) {
    problems.require(/^[a-z][a-z0-9_]*$/.test(name), "leftToSpark", `${name} is no name of a table`);
  }
  problems.require(contractVersion !== "", "contractVersion", "is empty; leave it out to take any");
  for (const [name, least] of [
    ["waitSeconds", 0],
    ["leaseSeconds", 1],
  ] as const) {
    const seconds = args[name];
    if (seconds === undefined) continue;
    const message = `${seconds} is no whole number of seconds from ${least} to ${longestSeconds}`;
    problems.require(isWhole(seconds, least, longestSeconds), name, message);
  }
}
