/** Turns the host on, from whatever state it is in. */
import { SalesEtlError } from "@sales-etl/etl-core/errors";
import type { Log } from "../log.ts";
import type { Host } from "./host.ts";

const LOOK_AGAIN_MS = 5_000;
/** Capacity does not come back within seconds. */
const TRY_AGAIN_MS = 30_000;

export interface EnsureRunningArgs {
  readonly host: Host;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  /** What is left of the invocation's time. */
  readonly remainingMs: () => number;
  readonly log: Log;
}

/**
 * `ran already`: nobody is told of a start, so whoever waits for one must be called. Any number of these may run at
 * once: starting what starts or runs changes nothing.
 *
 * @throws {SalesEtlError} HOST_GONE, or HOST_NOT_RUNNING when the time is over; Lambda then tries it again
 */
export async function ensureRunning(args: EnsureRunningArgs): Promise<"ran already" | "started"> {
  const { host, sleep, remainingMs, log } = args;
  for (let first = true; ; first = false) {
    const { state, reason } = await host.look();
    if (state === "running") return first ? "ran already" : "started";
    if (state === "shutting-down" || state === "terminated") {
      throw new SalesEtlError(`the host of Airflow is ${state}: deploy the pipeline stack again`, {
        code: "HOST_GONE",
      });
    }
    let pause = LOOK_AGAIN_MS;
    if (state === "stopped") {
      const answer = await host.start();
      log.info("start", { answer, reason });
      // What stopped by itself had no capacity either, or cannot start: without a pause it would be asked for ever.
      if (answer === "not now" || (!first && reason !== null)) pause = TRY_AGAIN_MS;
    }
    if (remainingMs() < 2 * pause) {
      throw new SalesEtlError(
        `the host of Airflow is ${state}${reason === null ? "" : ` (${reason})`} and did not start in time; without capacity, choose another host.instanceType`,
        { code: "HOST_NOT_RUNNING" },
      );
    }
    await sleep(pause);
  }
}
