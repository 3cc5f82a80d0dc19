/** The gate's first step: is what landed complete, is it what was exported, can it be loaded? */
import { isDeepStrictEqual } from "node:util";
import type { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { Dataset } from "@sales-etl/etl-core/contract";
import { SalesEtlError } from "@sales-etl/etl-core/errors";
import { eventEntry, landingEvent, parseTrigger } from "@sales-etl/etl-core/events";
import { type BusinessDate, manifestKey, reportKey } from "@sales-etl/etl-core/landing";
import { s3Landing } from "@sales-etl/etl-core/landing/s3";
import { receiptStore } from "@sales-etl/etl-core/receipts";
import { type DateReport, type DateVerdict, validateDate } from "@sales-etl/etl-core/validate";
import { type Invocation, logFailure } from "../invocation.ts";
import type { Log } from "../log.ts";
import { putEvent } from "../put-event.ts";
import { announceOnce } from "./announce.ts";
import { currentDelivery, type Delivery, judgementId } from "./delivery.ts";

export interface Settings {
  readonly landingBucket: string;
  readonly controlBucket: string;
  /** Name or ARN. */
  readonly eventBusName: string;
  /** The company's, an IANA name. */
  readonly timeZone: string;
}

export interface HandlerArgs {
  readonly dataset: Dataset;
  readonly settings: Settings;
  readonly s3: Pick<S3Client, "send">;
  readonly eventBridge: Pick<EventBridgeClient, "send">;
  readonly logOf: (invocation: string) => Log;
  readonly now: () => Date;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
}

/** What the invocation answers: enough for a person who called it, and for the next step of a state machine. */
export interface ValidateLandingResult {
  readonly businessDate: BusinessDate;
  readonly verdict: DateVerdict;
  readonly report: string;
  readonly receipt: string;
  /** False when an earlier invocation had told the same already. */
  readonly eventSent: boolean;
}

export type ValidateLanding = (
  event: unknown,
  invocation: Pick<Invocation, "awsRequestId">,
) => Promise<ValidateLandingResult>;

/**
 * A rejected or incomplete landing is a result; only what a repetition may cure, or a person must look at (an event
 * that is none), is thrown, and Lambda retries it.
 */
export function createHandler(args: HandlerArgs): ValidateLanding {
  return async (event, { awsRequestId }) => {
    const log = args.logOf(awsRequestId);
    return logFailure(log, () => validateLanding(args, event, `validate-landing ${awsRequestId}`, log));
  };
}

async function validateLanding(
  args: HandlerArgs,
  event: unknown,
  who: string,
  log: Log,
): Promise<ValidateLandingResult> {
  const { dataset, settings, s3, now } = args;
  const { by, businessDate } = parseTrigger(event, settings);
  log.info("triggered", { businessDate, by });

  const { report, delivery } = await judge(args, businessDate);
  logReport(log, report);
  const reportAt = reportKey(businessDate);
  await s3.send(
    new PutObjectCommand({
      Bucket: settings.landingBucket,
      Key: reportAt,
      Body: `${JSON.stringify(report, null, 2)}\n`,
      ContentType: "application/json",
    }),
  );

  const receipts = receiptStore({ client: s3, bucket: settings.controlBucket });
  const id = judgementId(delivery, report);
  const validated = await receipts.write({
    businessDate,
    step: `validated-${id}`,
    who,
    when: now().toISOString(),
    what: { dataset: dataset.name, verdict: report.verdict, manifest: delivery, report: reportAt },
  });
  log.info("receipt", { businessDate, receipt: validated.key, written: validated.written });

  // Made before it is needed: an event that cannot be built must fail every time, not only the first.
  const told = landingEvent({ dataset: dataset.name, report, receiptKey: validated.key });
  const entry = eventEntry(told, settings.eventBusName);
  const eventSent = await announceOnce({
    receipts,
    validated,
    announcedStep: `announced-${id}`,
    who,
    send: () => putEvent(args.eventBridge, entry),
    now,
    sleep: args.sleep,
  });
  log.info("event", { businessDate, detailType: told.detailType, sent: eventSent });
  return { businessDate, verdict: report.verdict, report: reportAt, receipt: validated.key, eventSent };
}

/**
 * A manifest that is replaced while the files are read would be judged by files of two deliveries. The new manifest
 * brings its own event; this invocation is repeated by Lambda.
 */
async function judge(
  { dataset, settings, s3 }: HandlerArgs,
  businessDate: BusinessDate,
): Promise<{ report: DateReport; delivery: Delivery | null }> {
  const landing = s3Landing({ client: s3, bucket: settings.landingBucket });
  const delivery = await currentDelivery(s3, settings.landingBucket, businessDate);
  const report = await validateDate({ dataset, landing, businessDate });
  if (!isDeepStrictEqual(await currentDelivery(s3, settings.landingBucket, businessDate), delivery)) {
    throw new SalesEtlError(`${manifestKey(businessDate)} was replaced while it was being checked; try again`, {
      code: "LANDING_CHANGED",
      path: manifestKey(businessDate),
    });
  }
  return { report, delivery };
}

function logReport(log: Log, { businessDate, verdict, problems, files }: DateReport): void {
  for (const { code, severity, table, file } of problems)
    log.info("problem", { businessDate, code, severity, table, file });
  for (const { table, file, verdict: fileVerdict, rowsRead, rowsAccepted, rowsRejected } of files) {
    log.info("file", { businessDate, table, file, verdict: fileVerdict, rowsRead, rowsAccepted, rowsRejected });
  }
  log.info("validated", { businessDate, verdict, files: files.length, problems: problems.length });
}
