/** What the pipeline's own events say. The detail types are stable: rules on the bus match them by name. */
import * as z from "zod/mini";
import { isBusinessDate } from "../landing/names.ts";

/** The `source` of every event of the pipeline. */
export const eventSource = "sales-etl";

const text = z.string({ error: "is no text" }).check(z.minLength(1, { error: "is empty" }));
const count = z.int({ error: "is no whole number" }).check(z.minimum(0, { error: "is negative" }));

export const businessDateSchema = z
  .string({ error: "is no day written YYYY-MM-DD" })
  .check(z.refine(isBusinessDate, { error: "is no day written YYYY-MM-DD" }));

/** What the gate found, small enough for any target of a rule; all of it stands in the report. */
const landed = {
  /** The data set's name, e.g. "retail". */
  dataset: text,
  businessDate: businessDateSchema,
  /** Key in the landing bucket. */
  manifestKey: text,
  /** Key in the landing bucket. */
  reportKey: text,
  /** Key in the control bucket; differs for every delivery that was judged, so it also tells repeats apart. */
  receiptKey: text,
};

const moment = z.iso.datetime({ offset: true, error: "is no moment written 2017-07-01T02:00:00Z" });

const counts = { files: count, rowsRead: count, rowsAccepted: count, rowsRejected: count };

/** A table (null: the date as a whole) and what is the matter with it, in words. */
const reason = z.object({
  code: text,
  table: z.nullable(text),
  file: z.nullable(text),
  message: text,
});

export const detailSchemas = {
  /** The date can be loaded; some rows may have been rejected within their table's tolerance. */
  LandingAccepted: z.object({
    ...landed,
    ...counts,
    /** Tables whose rows are not counted here: the Spark step checks them. Older events do not say. */
    leftToSpark: z._default(z.array(text), []),
    /** The name of a person's wish to run a date again that was accepted, and told, before. */
    again: z._default(z.nullable(text), null),
  }),
  /** What came is wrong: somebody must deliver again. */
  LandingRejected: z.object({ ...landed, ...counts, reasons: z.array(reason), reasonsOmitted: count }),
  /** Something is still to come: nobody needs to act yet. */
  LandingIncomplete: z.object({
    ...landed,
    missing: z.array(reason),
    missingOmitted: count,
    /** When a person is told if it is not published by then. Older events do not say. */
    waitsUntil: z._default(z.nullable(moment), null),
    /** What happens then, in words. */
    afterwards: z._default(z.string({ error: "is no text" }), ""),
  }),
  /** A run of the transform is over and its cluster is down. */
  RunEnded: z.object({
    dataset: text,
    businessDate: businessDateSchema,
    runId: text,
    result: z.literal(["succeeded", "failed"], { error: 'is neither "succeeded" nor "failed"' }),
    /** The EMR cluster that it had; null where there was none, or where an older event does not say. */
    clusterId: z._default(z.nullable(text), null),
  }),
  /**
   * The gate must look: the night begins while the host runs already, so that no start of it wakes the gate; the gate's
   * time was over before all dates were checked; or a person asks for a date.
   */
  GateRequested: z.object({
    scheduledTime: moment,
    /** Is judged again, whatever was said of it before. */
    businessDate: z.optional(businessDateSchema),
    /** Names a person's wish; the same name again is the same wish. */
    requestId: z.optional(text),
    /** Whether a run is wanted of a date that is accepted, also if it had one. Older events do not say: it is. */
    wantsRun: z.optional(z.boolean({ error: "is neither true nor false" })),
    /** The person, and why, as they said: for the record. */
    by: z.optional(text),
    reason: z.optional(text),
  }),
  /** A machine has done what it can; a person must look. */
  AttentionNeeded: z.object({
    /** Stable, for runbooks: `HOST_OVER_TIME`. */
    code: text,
    /** What is the matter and what to do, in words. */
    message: text,
  }),
} as const;

export type DetailType = keyof typeof detailSchemas;

export type LandingAccepted = z.infer<typeof detailSchemas.LandingAccepted>;
export type LandingRejected = z.infer<typeof detailSchemas.LandingRejected>;
export type LandingIncomplete = z.infer<typeof detailSchemas.LandingIncomplete>;
export type RunEnded = z.infer<typeof detailSchemas.RunEnded>;
export type Reason = z.infer<typeof reason>;

/** One of the pipeline's events: the detail type and the detail that belongs to it. */
export type PipelineEvent = {
  [Type in DetailType]: { readonly detailType: Type; readonly detail: z.infer<(typeof detailSchemas)[Type]> };
}[DetailType];
