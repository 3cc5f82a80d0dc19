/** What the power switch is asked for. */
import { InvalidPropertiesError } from "@sales-etl/etl-core/errors";
import { parsePipelineEvent, type RunEnded } from "@sales-etl/etl-core/events";

export type Request =
  /** `scheduledTime`: the night begins, so the gate must look, too. */
  | { readonly action: "ensure-running"; readonly scheduledTime: string | null }
  | { readonly action: "stop-if-idle"; readonly ended: RunEnded | null }
  | { readonly action: "dead-man" }
  /** By `scheduledTime` the day that ended last should be published. */
  | { readonly action: "check-freshness"; readonly scheduledTime: string };

const actions = ["ensure-running", "stop-if-idle", "dead-man", "check-freshness"] as const;

/**
 * Reads the pipeline's events (LandingAccepted turns on, RunEnded off), the schedules' and a person's
 * `{"action": "ensure-running"}`, with `scheduledTime` from the nightly schedule.
 *
 * @throws {InvalidPropertiesError} EVENT_INVALID
 */
export function parseRequest(event: unknown): Request {
  if (typeof event === "object" && event !== null) {
    if ("source" in event) return ofEvent(event);
    if ("action" in event) return ofAction(event);
  }
  throw invalid("action", `expected an event of the pipeline, or {"action": ...} with one of ${actions.join(", ")}`);
}

function ofEvent(event: object): Request {
  const { detailType, detail } = parsePipelineEvent(event);
  switch (detailType) {
    case "LandingAccepted":
      return { action: "ensure-running", scheduledTime: null };
    case "RunEnded":
      return { action: "stop-if-idle", ended: detail };
    default:
      throw invalid("detail-type", `${detailType} switches nothing`);
  }
}

function ofAction(event: { readonly action: unknown; readonly scheduledTime?: unknown }): Request {
  switch (event.action) {
    case "ensure-running":
      return { action: "ensure-running", scheduledTime: scheduledTimeOf(event) };
    case "stop-if-idle":
      return { action: "stop-if-idle", ended: null };
    case "dead-man":
      return { action: "dead-man" };
    case "check-freshness": {
      const scheduledTime = scheduledTimeOf(event);
      if (scheduledTime === null) throw invalid("scheduledTime", "is missing");
      return { action: "check-freshness", scheduledTime };
    }
    default:
      throw invalid("action", `is none of ${actions.join(", ")}`);
  }
}

function scheduledTimeOf({ scheduledTime = null }: { readonly scheduledTime?: unknown }): string | null {
  if (scheduledTime === null) return null;
  const isMoment = typeof scheduledTime === "string" && /T.*(Z|[+-]\d\d:\d\d)$/.test(scheduledTime);
  if (isMoment && !Number.isNaN(Date.parse(scheduledTime))) return scheduledTime;
  throw invalid("scheduledTime", "is no moment written 2017-07-01T02:00:00Z");
}

const invalid = (path: string, message: string) =>
  new InvalidPropertiesError("the request", [{ path, message }], "EVENT_INVALID");
