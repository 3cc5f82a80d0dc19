import type { StepConfig } from "@aws-sdk/client-emr";
import { checkJob, type JobStepArgs, jobStep, optional } from "./job-step.ts";
import { isWhole, Problems } from "./problems.ts";
import { checkSparkConf, sparkStep } from "./spark-step.ts";

export interface MaintainStepArgs extends JobStepArgs {
  /** For so many days every snapshot is kept: as far back reaches a rollback; 1 to 36500. @default the job's: 30 */
  readonly retentionDays?: number;
}

/**
 * The step that keeps the tables quick: small files are put together, sorted as readers look for rows; snapshots that are too old for
 * a rollback, and files that belong to none, are removed. It changes no row. Once a week is enough. A cluster goes on when it fails.
 *
 * @throws InvalidPropertiesError with all mistakes at once
 * @example
 * ```ts
 * const step = maintainStep({
 *   runId: "maintain-2017-07-02",
 *   program: "s3://my-artifacts/spark/1a2b3c/",
 *   warehouse: "s3://my-warehouse/tables",
 *   control: "s3://my-control/spark",
 *   database: "sales",
 *   retentionDays: 60,
 * });
 * ```
 */
export function maintainStep(args: MaintainStepArgs): StepConfig {
  const { runId, retentionDays } = args;
  const problems = new Problems();
  checkJob(args, {}, problems);
  checkSparkConf(args.sparkConf, problems);
  problems.require(
    retentionDays === undefined || isWhole(retentionDays, 1, 36_500),
    "retentionDays",
    `${retentionDays} is no whole number of days from 1 to 36500`,
  );
  problems.throwIfAny(`the maintenance step ${runId}`);
  const own = ["--step", "maintain", ...optional("--retention-days", retentionDays)];
  return sparkStep(jobStep("maintain the tables", { actionOnFailure: "CONTINUE", ...args }, own));
}
