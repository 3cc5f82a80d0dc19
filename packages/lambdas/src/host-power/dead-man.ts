/** The stop outside of everything: whatever died, neither host nor clusters run on. */
import type { PipelineEvent, RunEnded } from "@sales-etl/etl-core/events";
import type { Log } from "../log.ts";
import type { Cluster, Clusters } from "./clusters.ts";
import { type StopIfIdleArgs, stopIfIdle } from "./stop-if-idle.ts";

export interface DeadManArgs extends StopIfIdleArgs {
  readonly clusters: Clusters;
  /** No run takes longer: the DAG's own limits are below. */
  readonly maxClusterAgeMs: number;
  readonly tell: (event: PipelineEvent) => Promise<void>;
  readonly log: Log;
}

export interface DeadMan {
  readonly terminated: readonly string[];
  readonly hostStopped: boolean;
}

/** Tells a person of what should not have been necessary; a host that is merely idle is stopped without a word. */
export async function deadMan(args: DeadManArgs): Promise<DeadMan> {
  const { clusters, now, maxClusterAgeMs, log } = args;
  const old = (await clusters.active()).filter(({ created }) => now().getTime() - created.getTime() >= maxClusterAgeMs);
  if (old.length > 0) {
    log.error("old clusters", { clusters: old.map(({ id }) => id).join(" ") });
    await clusters.terminate(old.map(({ id }) => id));
    await args.tell(attention("CLUSTER_OVER_TIME", clustersText(old, maxClusterAgeMs)));
  }
  return { terminated: old.map(({ id }) => id), hostStopped: await stopHost(args) };
}

/**
 * Ends what a run has left: its own cluster, which the DAG should have ended, or one whose name got lost on its way to the
 * DAG. A person is told.
 */
export async function endLeftClusters(
  { clusters, tell, log }: Pick<DeadManArgs, "clusters" | "tell" | "log">,
  { runId, clusterId }: Pick<RunEnded, "runId" | "clusterId">,
): Promise<readonly string[]> {
  const left = (await clusters.active()).filter((cluster) => cluster.id === clusterId || cluster.runId === runId);
  if (left.length === 0) return [];
  const ids = left.map(({ id }) => id);
  log.error("left clusters", { clusters: ids.join(" "), runId });
  await clusters.terminate(ids);
  await tell(
    attention("CLUSTER_LEFT", `The run ${runId} has ended, its cluster had not: ${namesOf(left)} was terminated.`),
  );
  return ids;
}

/** Stops the host if it is idle or over time; of the latter a person is told. */
export async function stopHost(args: StopIfIdleArgs & Pick<DeadManArgs, "tell">): Promise<boolean> {
  const stop = await stopIfIdle(args);
  if (stop.stopped && stop.because === "over time") {
    const dates = stop.pending.map(({ businessDate }) => businessDate);
    const waiting =
      dates.length === 0 ? "No date waits." : `These dates still wait for their run: ${dates.join(", ")}.`;
    await args.tell(
      attention(
        "HOST_OVER_TIME",
        `The host of Airflow ran longer than ${hours(args.maxUptimeMs)} and was stopped. ${waiting}`,
      ),
    );
  }
  return stop.stopped;
}

const attention = (code: string, message: string): PipelineEvent => ({
  detailType: "AttentionNeeded",
  detail: { code, message },
});

const clustersText = (old: readonly Cluster[], maxAgeMs: number) =>
  `These EMR clusters ran longer than ${hours(maxAgeMs)} and were terminated: ${namesOf(old)}.`;

const namesOf = (clusters: readonly Cluster[]) => clusters.map(({ id, name }) => `${id} (${name})`).join(", ");

const hours = (milliseconds: number) => `${milliseconds / 3_600_000} hours`;
