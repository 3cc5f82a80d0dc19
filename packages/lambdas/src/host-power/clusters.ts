/** The EMR clusters of one environment that are up, and so cost. */
import {
  DescribeClusterCommand,
  type EMRClient,
  ListClustersCommand,
  TerminateJobFlowsCommand,
} from "@aws-sdk/client-emr";

export interface Cluster {
  readonly id: string;
  readonly name: string;
  readonly created: Date;
}

export interface Clusters {
  active(): Promise<readonly Cluster[]>;
  terminate(ids: readonly string[]): Promise<void>;
}

export interface EmrClustersArgs {
  readonly client: Pick<EMRClient, "send">;
  /** Tags that all clusters of the environment carry. */
  readonly tags: Readonly<Record<string, string>>;
}

/** A cluster that is terminating ends by itself. */
const ACTIVE = ["STARTING", "BOOTSTRAPPING", "RUNNING", "WAITING"] as const;

export function emrClusters({ client, tags }: EmrClustersArgs): Clusters {
  const isOurs = async (ClusterId: string) => {
    const { Cluster } = await client.send(new DescribeClusterCommand({ ClusterId }));
    const found = new Map(Cluster?.Tags?.map(({ Key, Value }) => [Key, Value]));
    return Object.entries(tags).every(([key, value]) => found.get(key) === value);
  };
  return {
    async active() {
      const ours: Cluster[] = [];
      for (let marker: string | undefined; ; ) {
        const page = await client.send(new ListClustersCommand({ ClusterStates: [...ACTIVE], Marker: marker }));
        for (const { Id: id = "", Name: name = "", Status } of page.Clusters ?? []) {
          if (await isOurs(id)) ours.push({ id, name, created: Status?.Timeline?.CreationDateTime ?? new Date(0) });
        }
        marker = page.Marker;
        if (marker === undefined) return ours;
      }
    },
    async terminate(ids) {
      await client.send(new TerminateJobFlowsCommand({ JobFlowIds: [...ids] }));
    },
  };
}
