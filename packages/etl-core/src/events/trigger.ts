/** What makes the gate look at a business date: a manifest that arrived, the night's begin, or a person. */
import * as z from "zod/mini";
import { type BusinessDate, manifestKey, manifestPrefix } from "../landing/landing.ts";
import { lastEndedDay } from "./business-date.ts";
import { businessDateSchema, eventSource, type PipelineEvent } from "./details.ts";
import { parsePipelineEvent } from "./pipeline.ts";
import { invalidEvent, propertyProblems } from "./problems.ts";

export interface Trigger {
  readonly by: "manifest" | "host" | "schedule" | "person";
  readonly businessDate: BusinessDate;
  /** Of the clock: the moment that was meant, from which the date follows; otherwise null. */
  readonly moment: string | null;
  /** What a person said with it; null where nobody did. */
  readonly wish: Wish | null;
}

/** A person's wish that a date be judged again, as {@link askGate} tells it. */
export interface Wish {
  /** The same again is the same wish. */
  readonly id: string;
  /** Who, and why, as they said. */
  readonly by: string | null;
  readonly reason: string | null;
  /** Of a date that is accepted a run is wanted, also if it had one. */
  readonly wantsRun: boolean;
}

export interface TriggerContext {
  readonly landingBucket: string;
  /** The company's, an IANA name: decides which day the schedule means. */
  readonly timeZone: string;
}

/**
 * S3's `Object Created` through EventBridge, where keys are not URL-encoded (unlike S3's own notifications).
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
 */
const objectCreated = z.object({
  "detail-type": z.literal("Object Created", { error: 'is not "Object Created"' }),
  detail: z.object(
    {
      bucket: z.object({ name: z.string({ error: "is no text" }) }, { error: "is no object" }),
      object: z.object({ key: z.string({ error: "is no text" }) }, { error: "is no object" }),
    },
    { error: "is no object" },
  ),
});

/** With an offset, as EventBridge Scheduler writes `<aws.scheduler.scheduled-time>`: local times would be guesses. */
const scheduled = z.object({
  scheduledTime: z.iso.datetime({ offset: true, error: "is no moment written 2017-07-01T02:00:00Z" }),
});

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/monitoring-instance-state-changes.html */
const hostRuns = z.object({
  "detail-type": z.literal("EC2 Instance State-change Notification", {
    error: 'is not "EC2 Instance State-change Notification"',
  }),
  time: z.iso.datetime({ offset: true, error: "is no moment written 2017-07-01T02:00:00Z" }),
  detail: z.object({ state: z.literal("running", { error: 'is not "running"' }) }, { error: "is no object" }),
});

const asked = z.object({ businessDate: businessDateSchema });

/** The event that asks the gate for a date in a person's name. */
export const askGate = (businessDate: BusinessDate, moment: string, wish: Wish | null): PipelineEvent => ({
  detailType: "GateRequested",
  detail: {
    ...{ scheduledTime: moment, businessDate },
    ...(wish === null ? {} : { requestId: wish.id, wantsRun: wish.wantsRun }),
    ...(wish?.by == null ? {} : { by: wish.by }),
    ...(wish?.reason == null ? {} : { reason: wish.reason }),
  },
});

function parsed<Schema extends z.core.$ZodType>(schema: Schema, event: object, what: string): z.output<Schema> {
  const result = z.safeParse(schema, event);
  if (!result.success) throw invalidEvent(what, propertyProblems(result.error.issues, ""));
  return result.data;
}

function manifestArrived(event: object, landingBucket: string): BusinessDate {
  const what = "the event of S3";
  const { bucket, object } = parsed(objectCreated, event, what).detail;
  const date = object.key.slice(`${manifestPrefix}dt=`.length).split("/")[0] ?? "";
  const problems = [];
  if (bucket.name !== landingBucket) {
    problems.push({ path: "detail.bucket.name", message: `"${bucket.name}" is not the landing bucket` });
  }
  if (!z.safeParse(businessDateSchema, date).success || object.key !== manifestKey(date)) {
    problems.push({
      path: "detail.object.key",
      message: `"${object.key}" is no manifest: expected ${manifestKey("YYYY-MM-DD")}`,
    });
  }
  if (problems.length > 0) throw invalidEvent(what, problems);
  return date;
}

const unasked = { moment: null, wish: null };

const byClock = (by: "host" | "schedule", moment: string, timeZone: string): Trigger => ({
  ...{ by, moment, businessDate: lastEndedDay(new Date(moment), timeZone), wish: null },
});

function gateRequested(event: object) {
  const { detailType, detail } = parsePipelineEvent(event);
  if (detailType === "GateRequested") return detail;
  throw invalidEvent("the event", [{ path: "detail-type", message: `${detailType} is not for the gate` }]);
}

/**
 * Reads what a Lambda of the gate is invoked with: S3's `Object Created` of a manifest; the night's begin, told by EC2
 * when the host runs, by `GateRequested` when it ran already or by a schedule's
 * `{"scheduledTime": "2017-07-01T02:00:00Z"}`, all meaning the day that ended last in the company's time zone; or a
 * person's `{"businessDate": "2017-06-30"}`, also by `GateRequested`.
 *
 * @throws {InvalidPropertiesError} EVENT_INVALID that names every wrong property
 */
export function parseTrigger(event: unknown, { landingBucket, timeZone }: TriggerContext): Trigger {
  if (typeof event === "object" && event !== null) {
    if ("source" in event && event.source === "aws.s3") {
      return { by: "manifest", businessDate: manifestArrived(event, landingBucket), ...unasked };
    }
    if ("source" in event && event.source === "aws.ec2") {
      const { time } = parsed(hostRuns, event, "the event of EC2");
      return byClock("host", time, timeZone);
    }
    if ("source" in event && event.source === eventSource) {
      const {
        scheduledTime,
        businessDate,
        requestId,
        wantsRun = true,
        by = null,
        reason = null,
      } = gateRequested(event);
      const wish = requestId === undefined ? null : { id: requestId, by, reason, wantsRun };
      if (businessDate !== undefined) return { by: "person", businessDate, moment: null, wish };
      return byClock("schedule", scheduledTime, timeZone);
    }
    if ("scheduledTime" in event) {
      const { scheduledTime } = parsed(scheduled, event, "the schedule's input");
      return byClock("schedule", scheduledTime, timeZone);
    }
    if ("businessDate" in event) {
      return { by: "person", businessDate: parsed(asked, event, "the input").businessDate, ...unasked };
    }
  }
  throw invalidEvent("the event", [
    {
      path: "source",
      message: 'expected an event of S3, {"scheduledTime": "2017-07-01T02:00:00Z"} or {"businessDate": "2017-06-30"}',
    },
  ]);
}
