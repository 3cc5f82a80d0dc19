/** Binds the handler to AWS and to the environment of its deployment. */
import { setTimeout as sleep } from "node:timers/promises";
import { S3Client } from "@aws-sdk/client-s3";
import { jsonLog } from "../log.ts";
import { readVariables } from "../settings.ts";
import { airflow } from "./airflow.ts";
import { createHandler, type TriggerDag } from "./handler.ts";

/** @throws {SalesEtlError} when the Lambda starts, rather than with the first event, if its settings cannot be used */
export function bindHandler(env: Readonly<Record<string, string | undefined>>): TriggerDag {
  const { CONTROL_BUCKET, AIRFLOW_URL } = readVariables("trigger-dag", env, ["CONTROL_BUCKET", "AIRFLOW_URL"]);
  return createHandler({
    controlBucket: CONTROL_BUCKET,
    s3: new S3Client({}),
    airflow: airflow({ url: AIRFLOW_URL }),
    logOf: (invocation) => jsonLog({ lambda: "trigger-dag", invocation }),
    now: () => new Date(),
    sleep,
  });
}
