/** Binds the handler to AWS and to the environment of its deployment. */
import { setTimeout as sleep } from "node:timers/promises";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { S3Client } from "@aws-sdk/client-s3";
import type { Dataset } from "@sales-etl/etl-core/contract";
import { lastEndedDay } from "@sales-etl/etl-core/events";
import { jsonLog } from "../log.ts";
import { readVariables } from "../settings.ts";
import { createHandler, type ValidateLanding } from "./handler.ts";

/** @throws {SalesEtlError} when the Lambda starts, rather than with the first event, if its settings cannot be used */
export function bindHandler(dataset: Dataset, env: Readonly<Record<string, string | undefined>>): ValidateLanding {
  const variables = readVariables("validate-landing", env, [
    "LANDING_BUCKET",
    "CONTROL_BUCKET",
    "EVENT_BUS_NAME",
    "TIME_ZONE",
  ]);
  lastEndedDay(new Date(), variables.TIME_ZONE);
  return createHandler({
    dataset,
    settings: {
      landingBucket: variables.LANDING_BUCKET,
      controlBucket: variables.CONTROL_BUCKET,
      eventBusName: variables.EVENT_BUS_NAME,
      timeZone: variables.TIME_ZONE,
    },
    s3: new S3Client({}),
    // Three attempts of three seconds and their pauses stay below EVENT_TAKES_AT_MOST_MS.
    eventBridge: new EventBridgeClient({
      maxAttempts: 3,
      requestHandler: { connectionTimeout: 1000, requestTimeout: 3000, throwOnRequestTimeout: true },
    }),
    logOf: (invocation) => jsonLog({ lambda: "validate-landing", invocation }),
    now: () => new Date(),
    sleep,
  });
}
