/** One business date on a cluster of its own: started, waited for, paid for only as long as it works. */
import { EMRClient } from "@aws-sdk/client-emr";
import {
  dailyStep,
  type EmrClient,
  EmrRunError,
  estimateRun,
  type InstancesArgs,
  jobFlow,
  type RunStatus,
  submitRun,
  waitForRun,
} from "@sales-etl/etl-core/emr";

const instances: InstancesArgs = {
  primary: { types: ["m7g.xlarge"] },
  core: { types: ["m7g.xlarge", "m6g.xlarge"], count: 2 },
};

export async function runDate(
  businessDate: string,
  signal: AbortSignal,
  client: EmrClient = new EMRClient({}),
): Promise<RunStatus> {
  const { minutes, dollars, prices } = estimateRun({ rows: 20_000_000, instances });
  console.error(`about ${minutes} minutes and ${dollars} dollars, at prices of ${prices.date} in ${prices.region}`);

  const run = await submitRun(
    client,
    jobFlow({
      name: `sales-etl-dev ${businessDate}`,
      environment: "dev",
      instances,
      logUri: "s3://sales-etl-dev-logs/emr/",
      serviceRole: "sales-etl-dev-emr-service",
      jobFlowRole: "sales-etl-dev-emr-instance",
      iceberg: { warehouse: "s3://sales-etl-dev-warehouse/tables", database: "sales_etl_dev" },
    }),
    dailyStep({
      businessDate,
      runId: `by-hand-${businessDate}`,
      program: "s3://sales-etl-dev-artifacts/spark",
      landing: "s3://sales-etl-dev-landing",
      warehouse: "s3://sales-etl-dev-warehouse/tables",
      control: "s3://sales-etl-dev-control/spark",
      database: "sales_etl_dev",
    }),
  );
  console.error(`${run.clusterId} ${run.found ? "is at it already" : "started"}`);
  try {
    return await waitForRun(client, run.clusterId, {
      signal,
      cancelOnAbort: true,
      onProgress: ({ state, reason }) => console.error(`${state} ${reason ?? ""}`.trimEnd()),
    });
  } catch (error) {
    if (error instanceof EmrRunError) console.error(`read on in ${error.logUri}`);
    throw error;
  }
}
