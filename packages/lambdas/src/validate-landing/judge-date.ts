/** One business date: its files are checked, the report and the receipt are kept, and the bus is told. */
import { isDeepStrictEqual } from "node:util";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { SalesEtlError } from "@sales-etl/etl-core/errors";
import { eventEntry, landingEvent, publishedBy, type Wish } from "@sales-etl/etl-core/events";
import { type BusinessDate, manifestKey, reportKey } from "@sales-etl/etl-core/landing";
import { s3Landing } from "@sales-etl/etl-core/landing/s3";
import {
  type Answered,
  announcedStep,
  askedStep,
  type Judgement,
  type ReceiptStore,
  triggeredStep,
  validatedStep,
} from "@sales-etl/etl-core/receipts";
import { type CheckedDate, checkDate, type DateReport, type DateVerdict } from "@sales-etl/etl-core/validate";
import type { Log } from "../log.ts";
import { putEvent } from "../put-event.ts";
import { announceOnce } from "./announce.ts";
import { changedKey, currentDelivery, judgementId, landedObjects } from "./delivery.ts";
import type { HandlerArgs } from "./handler.ts";
import type { PendingDate } from "./pending-dates.ts";

export interface JudgeDateArgs {
  readonly args: HandlerArgs;
  readonly receipts: ReceiptStore;
  readonly date: PendingDate;
  /** Of other dates that are accepted: their contents must not come twice. */
  readonly accepted: ReadonlyMap<BusinessDate, Judgement>;
  /** Aborted when the files must have been read. */
  readonly time: AbortSignal;
  /** Whether what is not read by then is left to the Spark step; otherwise the date is given up: {@link OutOfTime}. */
  readonly leaveLate: boolean;
  /** Of the person who asked for the date. */
  readonly wish: Wish | null;
  readonly who: string;
  readonly log: Log;
}

/** What the invocation answers of a date: enough for a person who called it. */
export interface JudgedDate {
  readonly businessDate: BusinessDate;
  readonly verdict: DateVerdict;
  readonly report: string;
  readonly receipt: string;
  /** False when an earlier invocation had told the same already. */
  readonly eventSent: boolean;
  /** Tables whose rows the Spark step has to check. */
  readonly leftToSpark: readonly string[];
}

/** What is left of the invocation does not suffice for the date: a whole one may. */
export class OutOfTime extends Error {
  constructor(date: BusinessDate) {
    super(`${date} could not be read in what was left of the time`);
    this.name = "OutOfTime";
  }
}

/** @throws {OutOfTime}; {SalesEtlError} LANDING_CHANGED, EVENT_NOT_SENT; nothing was said of the date then */
export async function judgeDate(input: JudgeDateArgs): Promise<JudgedDate & { readonly judgement: Judgement }> {
  const { args, receipts, date, who, log } = input;
  const { businessDate, delivery, gaps } = date;
  const { dataset, settings, s3, now } = args;
  const { report, files } = await check(input);
  logReport(log, report);
  const reportAt = reportKey(businessDate);
  await s3.send(
    new PutObjectCommand({
      ...{ Bucket: settings.landingBucket, Key: reportAt, ContentType: "application/json" },
      Body: `${JSON.stringify(report, null, 2)}\n`,
    }),
  );

  const id = judgementId(delivery, report);
  const waitsUntil = publishedBy(businessDate, settings.publishedBy);
  const leftToSpark = (report.leftToSpark ?? []).map(({ table }) => table);
  const judgement: Judgement = {
    ...{ dataset: dataset.name, verdict: report.verdict, manifest: delivery, report: reportAt, leftToSpark },
    gaps: gaps.map(({ table }) => table),
    waitsUntil: report.verdict === "incomplete" ? waitsUntil.toISOString() : null,
    contents: files.map(({ table, file, contentSha256 }) => ({ table, file, sha256: contentSha256 })),
  };
  const when = now().toISOString();
  const validated = await receipts.write({ businessDate, step: validatedStep(id), who, when, what: judgement });
  log.info("receipt", { businessDate, receipt: validated.key, written: validated.written });

  // Made before it is needed: an event that cannot be built must fail every time, not only the first.
  const told = landingEvent({ dataset: dataset.name, report, receiptKey: validated.key, waitsUntil });
  const entry = eventEntry(told, settings.eventBusName);
  const send = () => putEvent(args.eventBridge, entry);
  const { sleep } = args;
  const eventSent = await announceOnce({
    receipts,
    validated,
    announcedStep: announcedStep(id),
    who,
    send,
    now,
    sleep,
  });
  log.info("event", { businessDate, detailType: told.detailType, sent: eventSent });
  const { verdict } = report;
  const { wish } = input;
  if (wish !== null) {
    const { id: requestId, ...said } = wish;
    if (!eventSent && told.detailType === "LandingAccepted" && (said.wantsRun || !(await isTriggered(input, id)))) {
      const detail = { ...told.detail, again: said.wantsRun ? requestId : null };
      await putEvent(args.eventBridge, eventEntry({ ...told, detail }, settings.eventBusName));
      log.info("told again", { businessDate, requestId });
    }
    // Last: whoever waits for it may rely on the rest.
    const what: Answered = { requestId, ...said, verdict, judgement: validated.key, report: reportAt, leftToSpark };
    await receipts.write({ businessDate, step: askedStep(requestId), who, when: now().toISOString(), what });
    log.info("answered", { businessDate, requestId });
  }
  return { businessDate, verdict, report: reportAt, receipt: validated.key, eventSent, leftToSpark, judgement };
}

/** Whether Airflow has been told of the judgement's run: an event that got lost has begun none. */
const isTriggered = async ({ receipts, date: { businessDate } }: JudgeDateArgs, judgement: string): Promise<boolean> =>
  (await receipts.read({ businessDate, step: triggeredStep({ judgement, attempt: 1 }) })) !== null;

/**
 * A manifest or a file that is replaced while the files are read would be judged by parts of two deliveries. The new
 * manifest brings its own event; this invocation is repeated by Lambda.
 */
async function check({ args, date, accepted, time, leaveLate, log }: JudgeDateArgs): Promise<CheckedDate> {
  const { dataset, settings, s3 } = args;
  const { businessDate, delivery, gaps } = date;
  const { landingBucket: bucket, largestTableBytes, volume } = settings;
  const onResume = (file: string, bytes: number, { message }: Error) =>
    log.info("stream resumed", { businessDate, file, bytes, message });
  const before = await landedObjects(s3, bucket, dataset, businessDate);
  const checked = await checkDate({
    ...{ dataset, businessDate, gaps, volume },
    landing: s3Landing({ client: s3, bucket, onResume }),
    leave: { largestTableBytes, signal: time },
    acceptedElsewhere: (table, sha256) => elsewhere(accepted, businessDate, table, sha256),
  });
  if (!leaveLate && checked.report.leftToSpark?.some(({ why }) => why === "out of time") === true) {
    throw new OutOfTime(businessDate);
  }
  const isSame = isDeepStrictEqual(await currentDelivery(s3, bucket, businessDate), delivery);
  const key = isSame
    ? changedKey(before, await landedObjects(s3, bucket, dataset, businessDate))
    : manifestKey(businessDate);
  if (key !== null) {
    throw new SalesEtlError(`${key} was replaced while ${businessDate} was being checked; try again`, {
      code: "LANDING_CHANGED",
      path: key,
    });
  }
  return checked;
}

function elsewhere(
  accepted: ReadonlyMap<BusinessDate, Judgement>,
  businessDate: BusinessDate,
  table: string,
  sha256: string,
): string | null {
  for (const [other, { contents }] of accepted) {
    if (other === businessDate) continue;
    const same = contents.find((content) => content.table === table && content.sha256 === sha256);
    if (same !== undefined) return same.file;
  }
  return null;
}

function logReport(log: Log, { businessDate, verdict, problems, files, leftToSpark = [] }: DateReport): void {
  for (const { code, severity, table, file } of problems)
    log.info("problem", { businessDate, code, severity, table, file });
  for (const { table, file, verdict: fileVerdict, rowsRead, rowsAccepted, rowsRejected } of files) {
    log.info("file", { businessDate, table, file, verdict: fileVerdict, rowsRead, rowsAccepted, rowsRejected });
  }
  for (const { table, bytes, why } of leftToSpark) log.info("left to Spark", { businessDate, table, bytes, why });
  log.info("validated", { businessDate, verdict, files: files.length, problems: problems.length });
}
