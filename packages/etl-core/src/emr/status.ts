import type { Cluster, ClusterState, FailureDetails, Step, StepState } from "@aws-sdk/client-emr";
import { SalesEtlError } from "../errors.ts";

/** What went wrong, as EMR says it; null where it says nothing. */
export interface Failure {
  readonly reason: string | null;
  readonly message: string | null;
  /** Where the log of the failure lies: an `s3://` URI. */
  readonly logUri: string | null;
}

export interface StepStatus {
  readonly clusterId: string;
  readonly stepId: string;
  readonly name: string;
  readonly state: StepState;
  readonly failure: Failure | null;
  readonly created: Date | null;
  readonly started: Date | null;
  readonly ended: Date | null;
}

/** A cluster and its steps. */
export interface RunStatus {
  readonly clusterId: string;
  readonly name: string;
  readonly state: ClusterState;
  /** EMR's words for the last change of state; null where it has none. */
  readonly reason: string | null;
  /** Where the cluster's logs go: an `s3://` URI; null where none are kept. */
  readonly logUri: string | null;
  readonly created: Date | null;
  readonly ready: Date | null;
  readonly ended: Date | null;
  /** In the order in which they were added. */
  readonly steps: readonly StepStatus[];
}

/** A step or a cluster that did not end well. `code`: STEP_FAILED, STEP_CANCELLED or CLUSTER_FAILED. */
export class EmrRunError extends SalesEtlError {
  readonly clusterId: string;
  /** The step that failed; null where the cluster ended before any did. */
  readonly stepId: string | null;
  readonly state: ClusterState | StepState;
  readonly reason: string | null;
  /** Where to read on: the step's log where EMR names one, else the cluster's logs. */
  readonly logUri: string | null;

  constructor(
    code: "STEP_FAILED" | "STEP_CANCELLED" | "CLUSTER_FAILED",
    message: string,
    facts: Pick<EmrRunError, "clusterId" | "stepId" | "state" | "reason" | "logUri">,
  ) {
    super(message, { code, path: facts.stepId === null ? facts.clusterId : `${facts.clusterId}/${facts.stepId}` });
    this.clusterId = facts.clusterId;
    this.stepId = facts.stepId;
    this.state = facts.state;
    this.reason = facts.reason;
    this.logUri = facts.logUri;
  }
}

const failureOf = (details: FailureDetails | undefined): Failure | null =>
  details === undefined
    ? null
    : { reason: details.Reason ?? null, message: details.Message ?? null, logUri: details.LogFile ?? null };

/** Also of a step's summary: both have the same fields. */
export function stepStatus(clusterId: string, step: Step): StepStatus {
  const { Id, Name, Status } = step;
  return {
    clusterId,
    stepId: Id ?? "",
    name: Name ?? "",
    state: Status?.State ?? "PENDING",
    failure: failureOf(Status?.FailureDetails),
    created: Status?.Timeline?.CreationDateTime ?? null,
    started: Status?.Timeline?.StartDateTime ?? null,
    ended: Status?.Timeline?.EndDateTime ?? null,
  };
}

export function runStatus(cluster: Cluster, steps: readonly StepStatus[]): RunStatus {
  const { Id, Name, Status, LogUri } = cluster;
  return {
    clusterId: Id ?? "",
    name: Name ?? "",
    state: Status?.State ?? "STARTING",
    reason: Status?.StateChangeReason?.Message ?? null,
    // EMR answers with the scheme of its Hadoop days.
    logUri: LogUri?.replace(/^s3n:/, "s3:") ?? null,
    created: Status?.Timeline?.CreationDateTime ?? null,
    ready: Status?.Timeline?.ReadyDateTime ?? null,
    ended: Status?.Timeline?.EndDateTime ?? null,
    steps,
  };
}

const said = (...texts: readonly (string | null)[]) =>
  [...new Set(texts.filter((text) => text !== null && text !== ""))].join(": ");

const logsAt = (logUri: string | null) => (logUri === null ? "no log is kept" : `read on in ${logUri}`);

/** @param logs the cluster's, for a step whose own EMR does not name */
export function stepError(step: StepStatus, logs: string | null): EmrRunError {
  const { clusterId, stepId, state, failure } = step;
  const cancelled = state === "CANCELLED" || state === "CANCEL_PENDING";
  const reason = said(failure?.reason ?? null, failure?.message ?? null) || null;
  const logUri = failure?.logUri ?? (logs === null ? null : `${logs}${clusterId}/steps/${stepId}/`);
  const how = cancelled ? "was cancelled" : state === "INTERRUPTED" ? "was interrupted" : "failed";
  const why = reason === null ? "" : `: ${reason}`;
  return new EmrRunError(
    cancelled ? "STEP_CANCELLED" : "STEP_FAILED",
    `the step "${step.name}" (${stepId}) on ${clusterId} ${how}${why}; ${logsAt(logUri)}`,
    { clusterId, stepId, state, reason, logUri },
  );
}

/** Of a cluster that ended with errors: the first step that failed says why, if one did. */
export function runError(run: RunStatus): EmrRunError {
  const { clusterId, state, logUri } = run;
  const step = run.steps.find((one) => one.state === "FAILED") ?? run.steps.find((one) => one.state === "INTERRUPTED");
  const cluster = run.logUri === null ? null : `${run.logUri}${clusterId}/`;
  const failed = step === undefined ? null : stepError(step, logUri);
  const reason = said(failed?.reason ?? null, run.reason) || null;
  const because = failed === null ? (run.reason ?? "EMR gives no reason") : failed.message;
  const message = `the cluster ${clusterId} ("${run.name}") ended with errors: ${because}`;
  return new EmrRunError("CLUSTER_FAILED", failed === null ? `${message}; ${logsAt(cluster)}` : message, {
    clusterId,
    stepId: failed?.stepId ?? null,
    state,
    reason,
    logUri: failed?.logUri ?? cluster,
  });
}
