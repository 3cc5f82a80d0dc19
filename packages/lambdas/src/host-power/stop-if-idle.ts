/** Turns the host off when nothing is left to do. */
import { type PendingRun, pendingRuns, type ReceiptStore } from "@sales-etl/etl-core/receipts";
import type { Log } from "../log.ts";
import type { Clusters } from "./clusters.ts";
import type { Host, HostView } from "./host.ts";

export interface StopIfIdleArgs {
  readonly host: Host;
  readonly clusters: Clusters;
  readonly receipts: ReceiptStore;
  readonly now: () => Date;
  /** After a start and after a run's end the host stays up that long: the next date may be on its way. */
  readonly graceMs: number;
  /** An accepted date whose run has not ended keeps the host up, but not longer than this after its start. */
  readonly maxUptimeMs: number;
  readonly log: Log;
}

export type Stop =
  | {
      readonly stopped: false;
      readonly because: "not running" | "wanted" | "date pending" | "cluster active" | "grace" | "changed since";
    }
  | { readonly stopped: true; readonly because: "idle" | "over time"; readonly pending: readonly PendingRun[] };

/**
 * Decides by what is written and what runs, never by the event that asked: it may come late, twice or for another
 * date's run.
 */
export async function stopIfIdle(args: StopIfIdleArgs): Promise<Stop> {
  const decided = await decide(args);
  const isRefused = decided.stopped && (await args.host.stop()) === "not now";
  const stop = isRefused ? ({ stopped: false, because: "changed since" } as const) : decided;
  args.log.info("stop", { stopped: stop.stopped, because: stop.because });
  return stop;
}

async function decide(args: StopIfIdleArgs): Promise<Stop> {
  const { host, clusters, receipts, now, graceMs, maxUptimeMs } = args;
  const view = await host.look();
  if (view.state !== "running") return { stopped: false, because: "not running" };
  const uptimeMs = now().getTime() - view.started.getTime();
  const pending = await pendingRuns(receipts);
  if (uptimeMs >= maxUptimeMs) return { stopped: true, because: "over time", pending };
  if (isWanted(view, now())) return { stopped: false, because: "wanted" };
  if (pending.length > 0) return { stopped: false, because: "date pending" };
  if (uptimeMs < graceMs || now().getTime() - (await lastEnd(receipts)) < graceMs) {
    return { stopped: false, because: "grace" };
  }
  // A run that a person began in Airflow has no receipts, but a cluster.
  if ((await clusters.active()).length > 0) return { stopped: false, because: "cluster active" };
  return { stopped: true, because: "idle", pending };
}

const isWanted = ({ keepUntil }: HostView, now: Date) => keepUntil !== null && keepUntil > now;

/** When the last run ended, in milliseconds; 0 if none ever did. */
const lastEnd = async (receipts: ReceiptStore): Promise<number> =>
  (await receipts.list())
    .filter(({ step }) => step.startsWith("ended-"))
    .reduce((latest, { written }) => Math.max(latest, written.getTime()), 0);
