/** Binds the handler to AWS and to the environment of its deployment. */
import { setTimeout as sleep } from "node:timers/promises";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { S3Client } from "@aws-sdk/client-s3";
import { type Dataset, parseSourceSettings, withSourceSettings } from "@sales-etl/etl-core/contract";
import { lastEndedDay } from "@sales-etl/etl-core/events";
import { usualVolume } from "@sales-etl/etl-core/validate";
import { jsonLog } from "../log.ts";
import { readNumber, readVariables } from "../settings.ts";
import { createHandler, type ValidateLanding } from "./handler.ts";

const LAMBDA = "validate-landing";

/** @throws {SalesEtlError} when the Lambda starts, rather than with the first event, if its settings cannot be used */
export function bindHandler(dataset: Dataset, env: Readonly<Record<string, string | undefined>>): ValidateLanding {
  const variables = readVariables(LAMBDA, env, [
    "LANDING_BUCKET",
    "CONTROL_BUCKET",
    "EVENT_BUS_NAME",
    "TIME_ZONE",
    "LOOK_BACK_DAYS",
    "LARGEST_TABLE_MIB",
    "VOLUME_FACTOR",
    "PUBLISHED_BY_HOUR",
    "NIGHTLY_TIME_ZONE",
  ]);
  const number = (name: keyof typeof variables) => readNumber(LAMBDA, variables, name);
  for (const timeZone of [variables.TIME_ZONE, variables.NIGHTLY_TIME_ZONE]) lastEndedDay(new Date(), timeZone);
  return createHandler({
    // As this deployment's source delivers it; empty: as the contract says.
    dataset: withSourceSettings(dataset, parseSourceSettings(env.SOURCE_SETTINGS ?? "")),
    settings: {
      landingBucket: variables.LANDING_BUCKET,
      controlBucket: variables.CONTROL_BUCKET,
      eventBusName: variables.EVENT_BUS_NAME,
      timeZone: variables.TIME_ZONE,
      lookBackDays: number("LOOK_BACK_DAYS"),
      largestTableBytes: number("LARGEST_TABLE_MIB") * 1024 * 1024,
      volume: { ...usualVolume, factor: number("VOLUME_FACTOR") },
      publishedBy: {
        ...{ timeZone: variables.TIME_ZONE, hourTimeZone: variables.NIGHTLY_TIME_ZONE },
        hour: number("PUBLISHED_BY_HOUR"),
      },
    },
    s3: new S3Client({}),
    // Three attempts of three seconds and their pauses stay below EVENT_TAKES_AT_MOST_MS.
    eventBridge: new EventBridgeClient({
      maxAttempts: 3,
      requestHandler: { connectionTimeout: 1000, requestTimeout: 3000, throwOnRequestTimeout: true },
    }),
    logOf: (invocation) => jsonLog({ lambda: LAMBDA, invocation }),
    now: () => new Date(),
    sleep,
  });
}
