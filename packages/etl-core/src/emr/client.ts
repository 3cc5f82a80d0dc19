/** EMR's calls as a run needs them: nothing is started twice, and a list is read to its last page. */
import {
  AddJobFlowStepsCommand,
  CancelStepsCommand,
  DescribeClusterCommand,
  DescribeStepCommand,
  type EMRClient,
  ListClustersCommand,
  ListStepsCommand,
  RunJobFlowCommand,
  type RunJobFlowCommandInput,
  type StepConfig,
  type StepState,
  type StepSummary,
  TerminateJobFlowsCommand,
} from "@aws-sdk/client-emr";
import { SalesEtlError } from "../errors.ts";
import { type RunStatus, runStatus, type StepStatus, stepStatus } from "./status.ts";

/** `new EMRClient({})`, or anything that answers its commands. */
export type EmrClient = Pick<EMRClient, "send">;

export interface SubmittedRun {
  readonly clusterId: string;
  readonly stepId: string;
  /** The step was under way already, for the same date and warehouse: nothing was started. */
  readonly found: boolean;
}

const activeClusters = ["STARTING", "BOOTSTRAPPING", "RUNNING", "WAITING"] as const;
const activeSteps = ["PENDING", "RUNNING", "CANCEL_PENDING"] as const satisfies readonly StepState[];

const answered = <T>(value: T | undefined, what: string): T => {
  if (value === undefined) throw new SalesEtlError(`EMR answered without ${what}`, { code: "EMR_ANSWER_INVALID" });
  return value;
};

/** What makes two steps the same work: their date, and the tables that they write. Null for a step of another kind. */
export function workOf(args: readonly string[] | undefined): string | null {
  const option = (name: string) => {
    const at = args?.indexOf(name) ?? -1;
    return at < 0 ? undefined : args?.[at + 1];
  };
  const date = option("--business-date");
  return date === undefined ? null : JSON.stringify([date, option("--warehouse"), option("--database")]);
}

async function* pages<T>(page: (marker?: string) => Promise<{ Marker?: string | undefined; items: T[] }>) {
  for (let marker: string | undefined; ; ) {
    const { Marker, items } = await page(marker);
    yield* items;
    if (Marker === undefined || Marker === "") return;
    marker = Marker;
  }
}

const listSteps = (client: EmrClient, ClusterId: string, StepStates?: StepState[]) =>
  pages<StepSummary>(async (marker) => {
    const states = StepStates === undefined ? {} : { StepStates };
    const input = { ClusterId, ...states, ...(marker === undefined ? {} : { Marker: marker }) };
    const { Marker, Steps = [] } = await client.send(new ListStepsCommand(input));
    return { Marker, items: Steps };
  });

/** The id of a step that does the same work on this cluster and has not ended. */
async function activeStep(client: EmrClient, clusterId: string, step: StepConfig): Promise<string | null> {
  const work = workOf(step.HadoopJarStep?.Args);
  if (work === null) return null;
  for await (const { Id, Config } of listSteps(client, clusterId, [...activeSteps]))
    if (Id !== undefined && workOf(Config?.Args) === work) return Id;
  return null;
}

async function activeRun(client: EmrClient, name: string, step: StepConfig): Promise<SubmittedRun | null> {
  const clusters = pages(async (marker) => {
    const input = { ClusterStates: [...activeClusters], ...(marker === undefined ? {} : { Marker: marker }) };
    const { Marker, Clusters = [] } = await client.send(new ListClustersCommand(input));
    return { Marker, items: Clusters };
  });
  for await (const { Id, Name } of clusters) {
    if (Id === undefined || Name !== name) continue;
    const stepId = await activeStep(client, Id, step);
    if (stepId !== null) return { clusterId: Id, stepId, found: true };
  }
  return null;
}

/**
 * Starts a cluster for one step; it ends with it, also when it fails. A cluster of the same name on which the same date
 * is under way is found instead. Two callers at the very same moment can still start two: the second job then waits for
 * the warehouse's lease, and finds nothing to do.
 *
 * @throws the SDK's own errors
 */
export async function submitRun(
  client: EmrClient,
  jobFlow: RunJobFlowCommandInput,
  step: StepConfig,
): Promise<SubmittedRun> {
  const active = await activeRun(client, jobFlow.Name ?? "", step);
  if (active !== null) return active;
  const input = {
    ...jobFlow,
    // In one call: a caller that dies between two would leave a cluster that waits for nothing.
    Steps: [{ ...step, ActionOnFailure: "TERMINATE_CLUSTER" }],
    Instances: { ...jobFlow.Instances, KeepJobFlowAliveWhenNoSteps: false },
  } satisfies RunJobFlowCommandInput;
  const { JobFlowId } = await client.send(new RunJobFlowCommand(input));
  const clusterId = answered(JobFlowId, "the id of the cluster");
  for await (const { Id } of listSteps(client, clusterId))
    if (Id !== undefined) return { clusterId, stepId: Id, found: false };
  throw new SalesEtlError(`EMR started ${clusterId} without its step`, { code: "EMR_ANSWER_INVALID", path: clusterId });
}

/** Adds a step to a running cluster; one of the same date and warehouse that has not ended is found instead. */
export async function addStep(client: EmrClient, clusterId: string, step: StepConfig): Promise<SubmittedRun> {
  const active = await activeStep(client, clusterId, step);
  if (active !== null) return { clusterId, stepId: active, found: true };
  const { StepIds } = await client.send(new AddJobFlowStepsCommand({ JobFlowId: clusterId, Steps: [step] }));
  return { clusterId, stepId: answered(StepIds?.[0], "the id of the step"), found: false };
}

/** A cluster and all of its steps, in the order in which they were added. */
export async function describeRun(client: EmrClient, clusterId: string): Promise<RunStatus> {
  const { Cluster } = await client.send(new DescribeClusterCommand({ ClusterId: clusterId }));
  const steps: StepStatus[] = [];
  // EMR lists the newest first.
  for await (const step of listSteps(client, clusterId)) steps.unshift(stepStatus(clusterId, step));
  return runStatus(answered(Cluster, "the cluster"), steps);
}

export async function describeStep(client: EmrClient, clusterId: string, stepId: string): Promise<StepStatus> {
  const { Step } = await client.send(new DescribeStepCommand({ ClusterId: clusterId, StepId: stepId }));
  return stepStatus(clusterId, answered(Step, "the step"));
}

/**
 * Cancels a step, also one that runs; without `stepId` ends the whole cluster. What a cancelled job had not published
 * stays unseen, and the next run repairs the rest.
 *
 * @throws {SalesEtlError} STEP_NOT_CANCELLED when EMR refuses, as for a step that has ended
 */
export async function cancelRun(client: EmrClient, run: { clusterId: string; stepId?: string }): Promise<void> {
  const { clusterId, stepId } = run;
  if (stepId === undefined) {
    await client.send(new TerminateJobFlowsCommand({ JobFlowIds: [clusterId] }));
    return;
  }
  const { CancelStepsInfoList = [] } = await client.send(
    new CancelStepsCommand({ ClusterId: clusterId, StepIds: [stepId], StepCancellationOption: "TERMINATE_PROCESS" }),
  );
  const refused = CancelStepsInfoList.find(({ Status }) => Status === "FAILED");
  if (refused === undefined) return;
  const why = refused.Reason ?? "EMR gives no reason";
  throw new SalesEtlError(`the step ${stepId} on ${clusterId} cannot be cancelled: ${why}`, {
    code: "STEP_NOT_CANCELLED",
    path: `${clusterId}/${stepId}`,
  });
}
