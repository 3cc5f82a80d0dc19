/** Waiting for what takes minutes: few calls, news for the caller, an end that says why. */
import { setTimeout as sleepFor } from "node:timers/promises";
import { cancelRun, describeRun, describeStep, type EmrClient } from "./client.ts";
import { type RunStatus, runError, type StepStatus, stepError } from "./status.ts";

export interface WaitOptions<Status> {
  /** Told each new state, the first one included. */
  readonly onProgress?: (status: Status) => void;
  /** Ends the waiting with the signal's reason; the work goes on, unless `cancelOnAbort`. */
  readonly signal?: AbortSignal;
  /** Cancels the step, or ends the cluster, when `signal` aborts. @default false */
  readonly cancelOnAbort?: boolean;
  /** Seconds to the second look; each later one waits half as long again, until the state changes. @default 5 */
  readonly firstSeconds?: number;
  /** The longest pause between two looks. @default 60 */
  readonly longestSeconds?: number;
  /** For tests. @default that of node:timers/promises */
  readonly sleep?: (milliseconds: number, signal: AbortSignal | undefined) => Promise<unknown>;
}

/** Looks that EMR did not answer, one after the other: beyond what the SDK itself has tried again. */
const patience = 8;
const growth = 1.5;

const transientNames = new Set([
  "ThrottlingException",
  "InternalServerException",
  "InternalServerError",
  "TimeoutError",
]);

/** The call may succeed the next time: throttled, a fault of the server's, no connection. */
function isTransient(error: unknown): boolean {
  const {
    name = "",
    code = "",
    $metadata,
    $retryable,
  } = error as {
    name?: string;
    code?: string;
    $metadata?: { httpStatusCode?: number };
    $retryable?: object;
  };
  if ($retryable !== undefined || transientNames.has(name)) return true;
  const status = $metadata?.httpStatusCode;
  if (status !== undefined) return status === 429 || status >= 500;
  return /^(ECONN|ETIMEDOUT|EAI_AGAIN|ENOTFOUND|EPIPE)/.test(code);
}

const defaultSleep = (milliseconds: number, signal: AbortSignal | undefined) =>
  sleepFor(milliseconds, undefined, signal === undefined ? {} : { signal });

async function watch<Status extends { readonly state: string }>(
  look: () => Promise<Status>,
  isOver: (status: Status) => boolean,
  cancel: () => Promise<void>,
  options: WaitOptions<Status>,
): Promise<Status> {
  const { onProgress, signal, cancelOnAbort = false, firstSeconds = 5, longestSeconds = 60 } = options;
  const sleep = options.sleep ?? defaultSleep;
  let [seconds, failures] = [firstSeconds, 0];
  let before: string | null = null;
  try {
    for (;;) {
      signal?.throwIfAborted();
      const status = await look().catch((error: unknown) => {
        failures += 1;
        if (!isTransient(error) || failures >= patience) throw error;
        return null;
      });
      if (status !== null) {
        failures = 0;
        if (status.state !== before) {
          onProgress?.(status);
          seconds = firstSeconds;
        }
        before = status.state;
        if (isOver(status)) return status;
      }
      await sleep(seconds * 1000, signal);
      seconds = Math.min(longestSeconds, seconds * growth);
    }
  } catch (error) {
    if (signal?.aborted !== true) throw error;
    if (cancelOnAbort) await cancel();
    throw signal.reason;
  }
}

const stepEnds = new Set(["COMPLETED", "FAILED", "CANCELLED", "INTERRUPTED"]);
const clusterEnds = new Set(["TERMINATED", "TERMINATED_WITH_ERRORS"]);

/**
 * Waits for a step to end.
 *
 * @returns the step, COMPLETED
 * @throws {EmrRunError} STEP_FAILED or STEP_CANCELLED with EMR's reason and where the log lies; the signal's reason
 */
export async function waitForStep(
  client: EmrClient,
  { clusterId, stepId }: { readonly clusterId: string; readonly stepId: string },
  options: WaitOptions<StepStatus> = {},
): Promise<StepStatus> {
  const step = await watch(
    () => describeStep(client, clusterId, stepId),
    ({ state }) => stepEnds.has(state),
    () => cancelRun(client, { clusterId, stepId }),
    options,
  );
  if (step.state === "COMPLETED") return step;
  const run = await describeRun(client, clusterId).catch(() => null);
  // A cluster that could not start cancels its steps: then its own reason is the one that helps.
  if (run?.state === "TERMINATED_WITH_ERRORS" && step.state === "CANCELLED") throw runError(run);
  throw stepError(step, run?.logUri ?? null);
}

/**
 * Waits for a cluster that ends with its steps, as `submitRun` starts it. Only its end ends its costs.
 *
 * @returns the cluster, TERMINATED, with its steps
 * @throws {EmrRunError} CLUSTER_FAILED with the reason of the step that failed and its log; STEP_CANCELLED where somebody
 * ended the cluster before its step was through; the signal's reason
 */
export async function waitForRun(
  client: EmrClient,
  clusterId: string,
  options: WaitOptions<RunStatus> = {},
): Promise<RunStatus> {
  const run = await watch(
    () => describeRun(client, clusterId),
    ({ state }) => clusterEnds.has(state),
    () => cancelRun(client, { clusterId }),
    options,
  );
  if (run.state === "TERMINATED_WITH_ERRORS") throw runError(run);
  const undone = run.steps.find(({ state }) => state !== "COMPLETED");
  if (undone !== undefined) throw stepError(undone, run.logUri);
  return run;
}
