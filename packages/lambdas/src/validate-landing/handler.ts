/** The gate's first step: is what landed complete, is it what was exported, can it be loaded? */
import type { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import type { S3Client } from "@aws-sdk/client-s3";
import type { Dataset } from "@sales-etl/etl-core/contract";
import {
  askGate,
  eventEntry,
  lastEndedDay,
  type PipelineEvent,
  type PublishedByArgs,
  parseTrigger,
  type Trigger,
} from "@sales-etl/etl-core/events";
import type { BusinessDate } from "@sales-etl/etl-core/landing";
import { type Judgement, type ReceiptStore, receiptStore } from "@sales-etl/etl-core/receipts";
import type { ValidateDateArgs } from "@sales-etl/etl-core/validate";
import { type Invocation, logFailure } from "../invocation.ts";
import type { Log } from "../log.ts";
import { putEvent } from "../put-event.ts";
import { windowUpTo } from "../window.ts";
import { claimedBy } from "./claim.ts";
import { currentDelivery } from "./delivery.ts";
import { type JudgedDate, judgeDate, OutOfTime } from "./judge-date.ts";
import { type PendingDate, pendingDates } from "./pending-dates.ts";

export interface Settings {
  readonly landingBucket: string;
  readonly controlBucket: string;
  /** Name or ARN. */
  readonly eventBusName: string;
  /** The company's, an IANA name. */
  readonly timeZone: string;
  /** How many days back, the last one included, pending dates are looked for. */
  readonly lookBackDays: number;
  /** What has more bytes on a date is left to the Spark step. */
  readonly largestTableBytes: number;
  /** When a number of rows is worth an alert. */
  readonly volume: NonNullable<ValidateDateArgs["volume"]>;
  /** Until when an incomplete date is waited for. */
  readonly publishedBy: PublishedByArgs;
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

/** Dates are in order, oldest first. */
export interface ValidateLandingResult {
  readonly dates: readonly JudgedDate[];
  /** Dates that another invocation is reading. */
  readonly elsewhere: readonly BusinessDate[];
  /** Dates for which the time did not suffice: the next invocation, which has been asked for, begins with them. */
  readonly left: readonly BusinessDate[];
}

export type ValidateLanding = (event: unknown, invocation: Invocation) => Promise<ValidateLandingResult>;

/** What report, receipt and event of a date may take. */
const FINISH_MS = 20_000;
/** With less than this no other date is begun. */
const BEGIN_MS = FINISH_MS + 10_000;

/**
 * A rejected or incomplete landing is a result; only what a repetition may cure, or a person must look at (an event
 * that is none), is thrown, and Lambda retries it. A date that fails does not keep the later ones from being judged.
 */
export function createHandler(args: HandlerArgs): ValidateLanding {
  return async (event, invocation) => {
    const log = args.logOf(invocation.awsRequestId);
    return logFailure(log, () => validateLanding(args, event, invocation, log));
  };
}

async function validateLanding(
  args: HandlerArgs,
  event: unknown,
  { awsRequestId, getRemainingTimeInMillis }: Invocation,
  log: Log,
): Promise<ValidateLandingResult> {
  const { settings, s3, now } = args;
  const who = `validate-landing ${awsRequestId}`;
  const trigger = parseTrigger(event, settings);
  log.info("triggered", { businessDate: trigger.businessDate, by: trigger.by });
  const receipts = receiptStore({ client: s3, bucket: settings.controlBucket });
  const { pending, accepted } = await lookedFor(args, receipts, trigger);
  log.info("pending", { dates: pending.map(({ businessDate }) => businessDate).join(" ") });

  const known = new Map<BusinessDate, Judgement>(accepted);
  const dates: JudgedDate[] = [];
  const elsewhere: BusinessDate[] = [];
  const left: PendingDate[] = [];
  const failures: unknown[] = [];
  for (const date of pending) {
    const { businessDate, because } = date;
    const isFirst = dates.length === 0 && failures.length === 0;
    if (left.length > 0 || (!isFirst && getRemainingTimeInMillis() < BEGIN_MS)) {
      left.push(date);
      continue;
    }
    try {
      const other = await readElsewhere(date, receipts, who, now);
      if (other !== null) {
        log.info("read elsewhere", { businessDate, by: other });
        elsewhere.push(businessDate);
        continue;
      }
      log.info("begun", { businessDate, because });
      const time = endOf(getRemainingTimeInMillis() - FINISH_MS);
      const wish = businessDate === trigger.businessDate ? trigger.wish : null;
      const common = { args, receipts, accepted: known, who, log };
      const input = { ...common, date, time: time.signal, leaveLate: isFirst, wish };
      const { judgement, ...judged } = await judgeDate(input).finally(time.clear);
      if (judgement.verdict === "accepted") known.set(businessDate, judgement);
      dates.push(judged);
    } catch (error) {
      // It had the rest of an invocation; as the first of the next one it has a whole one.
      if (error instanceof OutOfTime) left.push(date);
      else failures.push(logged(log, businessDate, error));
    }
  }
  if (left.length > 0) await continueLater(args, trigger, left, log);
  if (failures.length > 0) throw failures[0];
  return { dates, elsewhere, left: left.map(({ businessDate }) => businessDate) };
}

/** The clock means the day that ended last; a manifest or a person may mean any. */
function lookedFor(args: HandlerArgs, receipts: ReceiptStore, { by, businessDate, moment }: Trigger) {
  const { dataset, settings, s3, now } = args;
  const to = moment === null ? lastEndedDay(now(), settings.timeZone) : businessDate;
  return pendingDates({
    ...{ dataset, receipts, asked: businessDate, again: by === "person" },
    deliveryOf: (date) => currentDelivery(s3, settings.landingBucket, date),
    window: windowUpTo(to, settings.lookBackDays),
  });
}

async function readElsewhere(
  { businessDate, delivery, isUnread, because }: PendingDate,
  receipts: ReceiptStore,
  who: string,
  now: () => Date,
): Promise<string | null> {
  // What was read before is incomplete, and soon judged; and who asks wants an answer.
  if (delivery === null || !isUnread || because === "asked for") return null;
  return claimedBy({ receipts, businessDate, delivery, who, now });
}

function endOf(milliseconds: number): { readonly signal: AbortSignal; readonly clear: () => void } {
  const end = new AbortController();
  if (milliseconds <= 0) end.abort();
  const timer = setTimeout(() => end.abort(), Math.max(milliseconds, 0));
  return { signal: end.signal, clear: () => clearTimeout(timer) };
}

/** Each invocation judges at least one date or fails, so this ends. */
async function continueLater(args: HandlerArgs, trigger: Trigger, left: readonly PendingDate[], log: Log) {
  const { moment, businessDate, wish } = trigger;
  const isLeft = left.some((date) => date.businessDate === businessDate);
  // A date that only a manifest or a person names may be older than what is looked for.
  const scheduledTime = moment ?? args.now().toISOString();
  const next: PipelineEvent =
    moment === null && isLeft
      ? askGate(businessDate, scheduledTime, wish)
      : { detailType: "GateRequested", detail: { scheduledTime } };
  await putEvent(args.eventBridge, eventEntry(next, args.settings.eventBusName));
  log.info("continued later", { dates: left.map((date) => date.businessDate).join(" ") });
}

function logged(log: Log, businessDate: BusinessDate, error: unknown): unknown {
  const { code, message } = error as Error & { code?: string };
  log.error("date failed", { businessDate, code: code ?? (error as Error).name, message });
  return error;
}
