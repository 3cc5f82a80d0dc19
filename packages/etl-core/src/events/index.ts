export { lastEndedDay } from "./business-date.ts";
export { type PublishedByArgs, publishedBy } from "./deadline.ts";
export {
  type DetailType,
  eventSource,
  type LandingAccepted,
  type LandingIncomplete,
  type LandingRejected,
  type PipelineEvent,
  type Reason,
  type RunEnded,
} from "./details.ts";
export { type LandingEventArgs, landingEvent } from "./landed.ts";
export { type EventEntry, eventEntry, type PutAnswer, parsePipelineEvent, requireTaken } from "./pipeline.ts";
export { DAG_ID, parseRunId, type RunName, runId } from "./run-id.ts";
export { askGate, parseTrigger, type Trigger, type TriggerContext, type Wish } from "./trigger.ts";
