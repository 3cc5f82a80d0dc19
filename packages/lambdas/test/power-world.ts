/** Everything that the power switch touches, in memory, with a clock that only `sleep` moves. */
import { DescribeInstancesCommand, StartInstancesCommand, StopInstancesCommand } from "@aws-sdk/client-ec2";
import {
  DescribeClusterCommand,
  ListClustersCommand,
  ListInstancesCommand,
  TerminateJobFlowsCommand,
} from "@aws-sdk/client-emr";
import { receiptStore } from "@sales-etl/etl-core/receipts";
import { createHandler } from "../src/host-power/handler.ts";
import { jsonLog } from "../src/log.ts";
import { memoryS3 } from "./memory-s3.ts";
import { prices } from "./prices.ts";

export const minute = 60_000;
export const hour = 60 * minute;
export const businessDate = "2017-06-30";
export const judgement = "000000000000000a";

/** What EC2 does by itself with an instance that is on its way. */
const becomes: Readonly<Record<string, string>> = {
  pending: "running",
  stopping: "stopped",
  "shutting-down": "terminated",
};
const ON_THE_WAY_MS = 20_000;

export interface World {
  /** One of EC2's, or `missing`. */
  readonly state?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly uptimeMs?: number;
  readonly clusters?: readonly { id: string; ageMs: number; environment: string; runId?: string }[];
  /** What EMR tells of a cluster that has ended. */
  readonly ended?: { readonly id: string; readonly minutes: number; readonly instances: readonly object[] };
  /** Whether somebody else has moved it by the time that it is told to stop. */
  readonly isMoved?: boolean;
  /** Called at each stop of the host. */
  readonly onStop?: (world: { judge: (judgement: string) => Promise<unknown> }) => Promise<unknown>;
}

export function world({
  state = "running",
  tags = {},
  uptimeMs = 2 * hour,
  clusters = [],
  ended,
  isMoved = false,
  onStop,
}: World = {}) {
  let time = Date.parse("2017-07-01T02:00:00Z");
  const now = () => new Date(time);
  const launched = new Date(time - uptimeMs);
  let current = state;
  let since = time;
  let started = launched;
  const enter = (next: string) => {
    current = next;
    since = time;
  };
  const stateNow = () => {
    const next = becomes[current];
    if (next !== undefined && time - since >= ON_THE_WAY_MS) enter(next);
    return current;
  };
  /** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html */
  const refuse = (name: string) => {
    throw Object.assign(new Error(name), { name });
  };
  let stopped: string | null = null;
  const s3 = memoryS3(now);
  const receipts = receiptStore({ client: s3, bucket: "control" });
  const done: string[] = [];
  const events: { DetailType: string; Detail: string }[] = [];
  const write = (step: string, what: object = {}) =>
    receipts.write({ businessDate, step, who: "test", when: now().toISOString(), what });
  const sparks = receiptStore({ client: s3, bucket: "control", prefix: "spark/" });
  const publish = (step: string, what: object) =>
    sparks.write({ businessDate, step, who: "spark", when: now().toISOString(), what });
  const judge = (id: string, verdict = "accepted") => write(`validated-${id}`, { verdict });
  const active = new Map(clusters.map((cluster) => [cluster.id, cluster]));

  const ec2 = {
    send: async (command: object) => {
      if (stateNow() === "missing") refuse("InvalidInstanceID.NotFound");
      if (command instanceof DescribeInstancesCommand) {
        const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
        const StateTransitionReason = stopped === null ? "" : `User initiated (${stopped})`;
        const instance = { State: { Name: current }, LaunchTime: started, Tags, InstanceType: "t4g.medium" };
        return { Reservations: [{ Instances: [{ ...instance, StateTransitionReason }] }] };
      }
      if (command instanceof StopInstancesCommand) {
        if (isMoved || ["pending", "shutting-down", "terminated"].includes(current)) refuse("IncorrectInstanceState");
        done.push("stop");
        if (current === "running") enter("stopping");
        stopped = now().toISOString().replace("T", " ").replace(/[.].*/, " GMT");
        await onStop?.({ judge });
      } else if (command instanceof StartInstancesCommand) {
        if (["stopping", "shutting-down", "terminated"].includes(current)) refuse("IncorrectInstanceState");
        done.push("start");
        if (current === "stopped") {
          enter("pending");
          started = now();
        }
      }
      return {};
    },
  };
  const emr = {
    send: async (command: object) => {
      if (command instanceof ListClustersCommand) {
        return {
          Clusters: [...active.values()].map(({ id, ageMs }) => ({
            Id: id,
            Name: `name of ${id}`,
            Status: { Timeline: { CreationDateTime: new Date(time - ageMs) } },
          })),
        };
      }
      if (command instanceof DescribeClusterCommand) {
        const own = active.get(command.input.ClusterId ?? "");
        const tags = { project: "sales-etl", environment: own?.environment ?? "dev", "sales-etl:run-id": own?.runId };
        const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
        if (command.input.ClusterId !== ended?.id) return { Cluster: { Tags, Status: { State: "RUNNING" } } };
        const CreationDateTime = new Date("2017-07-01T02:00:00Z");
        const EndDateTime = new Date(CreationDateTime.getTime() + (ended?.minutes ?? 0) * minute);
        return { Cluster: { Tags, Status: { State: "TERMINATED", Timeline: { CreationDateTime, EndDateTime } } } };
      }
      if (command instanceof ListInstancesCommand) return { Instances: ended?.instances };
      if (command instanceof TerminateJobFlowsCommand) {
        for (const id of command.input.JobFlowIds ?? []) {
          done.push(`terminate ${id}`);
          active.delete(id);
        }
      }
      return {};
    },
  };
  const handle = createHandler({
    settings: {
      instanceId: "i-1",
      controlBucket: "control",
      eventBusName: "bus",
      timeZone: "America/Chicago",
      lookBackDays: 14,
      clusterTags: { project: "sales-etl", environment: "dev" },
      graceMs: 10 * minute,
      maxUptimeMs: 6 * hour,
      maxClusterAgeMs: 6 * hour,
      prices,
      hasPublicAddress: true,
    },
    ec2: ec2 as never,
    emr: emr as never,
    s3,
    eventBridge: {
      send: async ({ input }: { input: { Entries: typeof events } }) => {
        events.push(...input.Entries);
        return { FailedEntryCount: 0 };
      },
    } as never,
    logOf: () => jsonLog({}, () => {}),
    now,
    sleep: async (milliseconds) => {
      time += milliseconds;
    },
  });
  const ask = (event: object) => handle(event, { awsRequestId: "r", getRemainingTimeInMillis: () => 900_000 });
  const told = () => events.map(({ DetailType, Detail }) => ({ type: DetailType, detail: JSON.parse(Detail) }));
  return { ask, done, told, judge, write, publish, receipts, later: (ms: number) => (time += ms), now, stateNow };
}

export const runEnded = (runId = `sales_daily__${businessDate}__${judgement}`, clusterId: string | null = null) => ({
  source: "sales-etl",
  "detail-type": "RunEnded",
  detail: { dataset: "retail", businessDate, runId, result: "succeeded", clusterId },
});
