/** An EMR in memory for the tests of the client functions: it answers commands, in pages of two, and notes them. */
import type { Cluster, ClusterState, Step, StepState } from "@aws-sdk/client-emr";
import type { EmrClient } from "../../src/emr/client.ts";

export interface StandInCluster {
  readonly name: string;
  state: ClusterState;
  reason?: string;
  readonly logUri?: string;
  readonly steps: Step[];
}

export interface StandIn {
  readonly client: EmrClient;
  readonly clusters: Map<string, StandInCluster>;
  /** The names of the commands in order. */
  readonly calls: string[];
  /** Called before each answer, to move time or to throw. */
  before: (call: string, count: number) => void;
}

const pageSize = 2;

function page<T>(all: readonly T[], marker: string | undefined): { items: T[]; Marker?: string } {
  const from = Number(marker ?? 0);
  const to = from + pageSize;
  return { items: all.slice(from, to), ...(to < all.length ? { Marker: String(to) } : {}) };
}

export const stepIn = (id: string, state: StepState, args: readonly string[] = [], more: Partial<Step> = {}): Step => ({
  Id: id,
  Name: `step ${id}`,
  Config: { Args: [...args] },
  Status: { State: state },
  ...more,
});

export function emrStandIn(): StandIn {
  const clusters = new Map<string, StandInCluster>();
  const calls: string[] = [];
  const of = (id: string): StandInCluster => {
    const cluster = clusters.get(id);
    if (cluster === undefined) throw new Error(`Cluster id '${id}' is not valid.`);
    return cluster;
  };
  // biome-ignore lint/suspicious/noExplicitAny: the commands' inputs, by their names
  const answers: Readonly<Record<string, (input: any) => object>> = {
    RunJobFlowCommand: ({ Name, Steps, LogUri }) => {
      const id = `j-${clusters.size + 1}`;
      const steps = Steps.map((step: { Name: string; HadoopJarStep: { Args: string[] } }, index: number) =>
        stepIn(`s-${clusters.size + 1}-${index + 1}`, "PENDING", step.HadoopJarStep.Args, { Name: step.Name }),
      );
      clusters.set(id, { name: Name, state: "STARTING", logUri: LogUri, steps });
      return { JobFlowId: id };
    },
    AddJobFlowStepsCommand: ({ JobFlowId, Steps }) => {
      const { steps } = of(JobFlowId);
      const ids = Steps.map((step: { Name: string; HadoopJarStep: { Args: string[] } }) => {
        const id = `s-${JobFlowId}-${steps.length + 1}`;
        // The newest first, as EMR lists them.
        steps.unshift(stepIn(id, "PENDING", step.HadoopJarStep.Args, { Name: step.Name }));
        return id;
      });
      return { StepIds: ids };
    },
    ListClustersCommand: ({ ClusterStates, Marker }) => {
      const all = [...clusters].filter(([, { state }]) => ClusterStates.includes(state));
      const { items, ...next } = page(all, Marker);
      return { Clusters: items.map(([Id, { name }]) => ({ Id, Name: name })), ...next };
    },
    ListStepsCommand: ({ ClusterId, StepStates, Marker }) => {
      const all = of(ClusterId).steps.filter(({ Status }) => StepStates?.includes(Status?.State) ?? true);
      const { items, ...next } = page(all, Marker);
      return { Steps: items, ...next };
    },
    DescribeClusterCommand: ({ ClusterId }) => {
      const { name, state, reason, logUri } = of(ClusterId);
      const Status = { State: state, ...(reason === undefined ? {} : { StateChangeReason: { Message: reason } }) };
      const Cluster: Cluster = { Id: ClusterId, Name: name, Status, LogUri: logUri };
      return { Cluster };
    },
    DescribeStepCommand: ({ ClusterId, StepId }) => ({ Step: of(ClusterId).steps.find(({ Id }) => Id === StepId) }),
    CancelStepsCommand: ({ ClusterId, StepIds }) => ({
      CancelStepsInfoList: StepIds.map((id: string) => {
        const step = of(ClusterId).steps.find(({ Id }) => Id === id);
        if (step?.Status?.State === "COMPLETED")
          return { StepId: id, Status: "FAILED", Reason: "Step has already completed." };
        if (step?.Status !== undefined) step.Status.State = "CANCELLED";
        return { StepId: id, Status: "SUBMITTED" };
      }),
    }),
    TerminateJobFlowsCommand: ({ JobFlowIds }) => {
      for (const id of JobFlowIds) of(id).state = "TERMINATED";
      return {};
    },
  };
  const standIn: StandIn = {
    clusters,
    calls,
    before: () => {},
    client: {
      send: async (command: object) => {
        const name = command.constructor.name;
        calls.push(name);
        standIn.before(name, calls.filter((call) => call === name).length);
        const answer = answers[name];
        if (answer === undefined) throw new TypeError(`the stand-in knows no ${name}`);
        return structuredClone(answer((command as { input: object }).input));
      },
    } as EmrClient,
  };
  return standIn;
}
