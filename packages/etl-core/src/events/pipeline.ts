/** The pipeline's own events: to the bus and back. */
import * as z from "zod/mini";
import { SalesEtlError } from "../errors.ts";
import { type DetailType, detailSchemas, eventSource, type PipelineEvent } from "./details.ts";
import { invalidEvent, propertyProblems } from "./problems.ts";

/** One entry of `PutEventsCommand`. */
export interface EventEntry {
  readonly Source: typeof eventSource;
  readonly DetailType: DetailType;
  /** JSON. */
  readonly Detail: string;
  readonly EventBusName: string;
}

/**
 * @param eventBusName name or ARN of the bus
 * @throws {InvalidPropertiesError} EVENT_INVALID, so that what consumers cannot parse never reaches the bus
 */
export function eventEntry(event: PipelineEvent, eventBusName: string): EventEntry {
  const { detailType, detail } = event;
  const checked = detailSchemas[detailType].safeParse(detail);
  if (!checked.success) throw invalidEvent(`the event ${detailType}`, propertyProblems(checked.error.issues, "detail"));
  return {
    Source: eventSource,
    DetailType: detailType,
    Detail: JSON.stringify(checked.data),
    EventBusName: eventBusName,
  };
}

const envelope = z.object({
  source: z.literal(eventSource, { error: `is not "${eventSource}"` }),
  "detail-type": z.enum(Object.keys(detailSchemas) as [DetailType, ...DetailType[]], {
    error: `is none of ${Object.keys(detailSchemas).join(", ")}`,
  }),
  detail: z.looseObject({}, { error: "is no object" }),
});

/**
 * What a rule on the bus delivers. Properties that this version does not know are left out.
 *
 * @throws {InvalidPropertiesError} EVENT_INVALID that names every wrong property
 */
export function parsePipelineEvent(event: unknown): PipelineEvent {
  const outer = envelope.safeParse(event);
  if (!outer.success) throw invalidEvent("the event", propertyProblems(outer.error.issues, ""));
  const detailType = outer.data["detail-type"];
  const detail = detailSchemas[detailType].safeParse(outer.data.detail);
  if (!detail.success) throw invalidEvent(`the event ${detailType}`, propertyProblems(detail.error.issues, "detail"));
  return { detailType, detail: detail.data } as PipelineEvent;
}

/** What is read of the answer of `PutEventsCommand`. */
export interface PutAnswer {
  readonly FailedEntryCount?: number | undefined;
  readonly Entries?:
    | readonly { readonly ErrorCode?: string | undefined; readonly ErrorMessage?: string | undefined }[]
    | undefined;
}

/** @throws {SalesEtlError} EVENT_NOT_SENT: PutEvents itself succeeds also when it takes nothing */
export function requireTaken(entry: EventEntry, { FailedEntryCount = 0, Entries }: PutAnswer): void {
  if (FailedEntryCount === 0) return;
  const { ErrorCode = "unknown", ErrorMessage = "" } = Entries?.[0] ?? {};
  throw new SalesEtlError(`the bus did not take the event ${entry.DetailType}: ${ErrorCode} ${ErrorMessage}`, {
    code: "EVENT_NOT_SENT",
    path: entry.EventBusName,
  });
}
