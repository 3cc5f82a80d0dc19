import type { StepConfig } from "@aws-sdk/client-emr";
import type { BusinessDate } from "../landing/landing.ts";
import { isBusinessDate } from "../landing/names.ts";
import { checkJob, type JobStepArgs, jobStep, optional } from "./job-step.ts";
import { Problems } from "./problems.ts";
import { checkSparkConf, sparkStep } from "./spark-step.ts";

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

export interface DailyStepArgs extends JobStepArgs {
  /** The day whose export is loaded, `YYYY-MM-DD`; or the DAG's {@link placeholders}. */
  readonly businessDate: BusinessDate;
  /** Where exports arrive: an `s3://` URI. */
  readonly landing: string;
  /**
   * Where the receipts of gaps lie that a person has accepted: an `s3://` URI, a deployment's control bucket.
   * @default `control`
   */
  readonly gaps?: string;
  /**
   * The tables whose files the gate has not read, or the DAG's {@link placeholders}: the job looks closely at them alone.
   * @default all: every file is hashed and looked at as the gate would
   */
  readonly leftToSpark?: readonly string[] | typeof placeholders.leftToSpark;
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
  const own = [
    ...["--landing", args.landing],
    ...optional("--gaps", args.gaps),
    ...["--business-date", args.businessDate],
    // One word: an empty one by itself would look like a mistake, and be one for some shells.
    ...(args.leftToSpark === undefined ? [] : [`--left-to-spark=${tableNames(args.leftToSpark)}`]),
  ];
  return sparkStep(jobStep(`weekly fact ${args.businessDate}`, args, own));
}

const tableNames = (tables: NonNullable<DailyStepArgs["leftToSpark"]>): string =>
  typeof tables === "string" ? tables : tables.join(",");

function checkDay(args: DailyStepArgs, problems: Problems): void {
  const { businessDate, landing, gaps, leftToSpark } = args;
  const isDate = isBusinessDate(businessDate) || businessDate === placeholders.businessDate;
  problems.require(isDate, "businessDate", `${businessDate} is no day of the calendar written YYYY-MM-DD`);
  checkJob(args, { landing, ...(gaps === undefined ? {} : { gaps }) }, problems);
  for (const name of typeof leftToSpark === "object" ? leftToSpark : []) {
    problems.require(/^[a-z][a-z0-9_]*$/.test(name), "leftToSpark", `${name} is no name of a table`);
  }
}
