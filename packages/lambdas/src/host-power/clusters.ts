/** The EMR clusters of one environment that are up, and so cost. */
import {
  DescribeClusterCommand,
  type EMRClient,
  ListClustersCommand,
  ListInstancesCommand,
  TerminateJobFlowsCommand,
} from "@aws-sdk/client-emr";
import type { Used } from "./cost.ts";

export interface Cluster {
  readonly id: string;
  readonly name: string;
  readonly created: Date;
  /** Airflow's name of the run that it was made for. */
  readonly runId: string | null;
}

/** A cluster that has ended, and what it used. */
export interface EndedCluster {
  readonly id: string;
  /** `TERMINATED`, or `TERMINATED_WITH_ERRORS`. */
  readonly state: string;
  readonly created: Date;
  readonly ended: Date;
  readonly instances: readonly Used[];
}

export interface Clusters {
  active(): Promise<readonly Cluster[]>;
  /** @returns null while it has not ended, and for a cluster of somebody else */
  ended(id: string): Promise<EndedCluster | null>;
  terminate(ids: readonly string[]): Promise<void>;
}

export interface EmrClustersArgs {
  readonly client: Pick<EMRClient, "send">;
  /** Tags that all clusters of the environment carry. */
  readonly tags: Readonly<Record<string, string>>;
}

/** A cluster that is terminating ends by itself. */
const ACTIVE = ["STARTING", "BOOTSTRAPPING", "RUNNING", "WAITING"] as const;

/** Written by the job flow, see etl-core's `renderNightlyJobFlow`. */
const RUN_ID_TAG = "sales-etl:run-id";

export function emrClusters({ client, tags }: EmrClustersArgs): Clusters {
  /** @returns null for a cluster of somebody else */
  const ours = async (ClusterId: string) => {
    const { Cluster } = await client.send(new DescribeClusterCommand({ ClusterId }));
    const found = new Map(Cluster?.Tags?.map(({ Key, Value }) => [Key, Value]));
    const isOurs = Object.entries(tags).every(([key, value]) => found.get(key) === value);
    return isOurs ? { cluster: Cluster, runId: found.get(RUN_ID_TAG) ?? null } : null;
  };
  const instancesOf = async (ClusterId: string, ended: Date): Promise<Used[]> => {
    const used: Used[] = [];
    for (let marker: string | undefined; ; ) {
      const page = await client.send(new ListInstancesCommand({ ClusterId, Marker: marker }));
      for (const { InstanceType = "", Market, PublicIpAddress = "", Status } of page.Instances ?? []) {
        const { CreationDateTime: from, EndDateTime: to = ended } = Status?.Timeline ?? {};
        // EC2 takes a minute at least.
        const ms = from === undefined ? 0 : Math.max(to.getTime() - from.getTime(), 60_000);
        const market = Market === "SPOT" ? "spot" : "on demand";
        used.push({ type: InstanceType, market, ms, isOfEmr: true, hasPublicAddress: PublicIpAddress !== "" });
      }
      marker = page.Marker;
      if (marker === undefined) return used;
    }
  };
  return {
    async ended(id) {
      const { cluster } = (await ours(id)) ?? {};
      const { State: state = "", Timeline } = cluster?.Status ?? {};
      const { CreationDateTime: created, EndDateTime: ended } = Timeline ?? {};
      if (!state.startsWith("TERMINATED") || created === undefined || ended === undefined) return null;
      return { id, state, created, ended, instances: await instancesOf(id, ended) };
    },
    async active() {
      const found: Cluster[] = [];
      for (let marker: string | undefined; ; ) {
        const page = await client.send(new ListClustersCommand({ ClusterStates: [...ACTIVE], Marker: marker }));
        for (const { Id: id = "", Name: name = "", Status } of page.Clusters ?? []) {
          const own = await ours(id);
          const created = Status?.Timeline?.CreationDateTime ?? new Date(0);
          if (own !== null) found.push({ id, name, created, runId: own.runId });
        }
        marker = page.Marker;
        if (marker === undefined) return found;
      }
    },
    async terminate(ids) {
      await client.send(new TerminateJobFlowsCommand({ JobFlowIds: [...ids] }));
    },
  };
}
