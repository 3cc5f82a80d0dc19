/** Binds the handler to AWS and to the environment of its deployment. */
import { setTimeout as sleep } from "node:timers/promises";
import { EC2Client } from "@aws-sdk/client-ec2";
import { EMRClient } from "@aws-sdk/client-emr";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { S3Client } from "@aws-sdk/client-s3";
import { environmentTags } from "@sales-etl/etl-core/emr";
import { lastEndedDay } from "@sales-etl/etl-core/events";
import { jsonLog } from "../log.ts";
import { readNumber, readVariables } from "../settings.ts";
import { createHandler, type HostPower } from "./handler.ts";
import { runPrices } from "./prices.ts";

const LAMBDA = "host-power";

/** @throws {SalesEtlError} when the Lambda starts, rather than with the first event, if its settings cannot be used */
export function bindHandler(env: Readonly<Record<string, string | undefined>>): HostPower {
  const variables = readVariables(LAMBDA, env, [
    "INSTANCE_ID",
    "CONTROL_BUCKET",
    "EVENT_BUS_NAME",
    "TIME_ZONE",
    "LOOK_BACK_DAYS",
    "ENVIRONMENT",
    "GRACE_MINUTES",
    "MAX_HOURS",
    "MAX_CLUSTER_HOURS",
    "NETWORK",
  ]);
  lastEndedDay(new Date(), variables.TIME_ZONE);
  return createHandler({
    settings: {
      instanceId: variables.INSTANCE_ID,
      controlBucket: variables.CONTROL_BUCKET,
      eventBusName: variables.EVENT_BUS_NAME,
      timeZone: variables.TIME_ZONE,
      lookBackDays: readNumber(LAMBDA, variables, "LOOK_BACK_DAYS"),
      clusterTags: environmentTags(variables.ENVIRONMENT),
      graceMs: readNumber(LAMBDA, variables, "GRACE_MINUTES") * 60_000,
      maxUptimeMs: readNumber(LAMBDA, variables, "MAX_HOURS") * 3_600_000,
      maxClusterAgeMs: readNumber(LAMBDA, variables, "MAX_CLUSTER_HOURS") * 3_600_000,
      prices: runPrices,
      hasPublicAddress: variables.NETWORK === "public",
    },
    ec2: new EC2Client({}),
    emr: new EMRClient({}),
    s3: new S3Client({}),
    eventBridge: new EventBridgeClient({}),
    logOf: (invocation) => jsonLog({ lambda: LAMBDA, invocation }),
    now: () => new Date(),
    sleep,
  });
}
