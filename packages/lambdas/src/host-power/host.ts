/** The EC2 instance that Airflow runs on, as the power switch sees it. */
import {
  DescribeInstancesCommand,
  type EC2Client,
  StartInstancesCommand,
  StopInstancesCommand,
} from "@aws-sdk/client-ec2";
import { SalesEtlError } from "@sales-etl/etl-core/errors";

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-lifecycle.html */
export type HostState = "pending" | "running" | "stopping" | "stopped" | "shutting-down" | "terminated";

export interface HostView {
  readonly state: HostState;
  /** When it was started last. */
  readonly started: Date;
  /** When it was told to stop last; null while it is on, or where EC2 does not say. */
  readonly stopped: Date | null;
  /** `t4g.medium` */
  readonly type: string;
  /** Why it is in this state, in EC2's words: `Server.InsufficientInstanceCapacity`. */
  readonly reason: string | null;
  /** A person's wish, the tag {@link KEEP_UNTIL}. */
  readonly keepUntil: Date | null;
}

export interface Host {
  look(): Promise<HostView>;
  /** `not now`: it is on its way into another state, or AWS has no capacity at the moment; try again later. */
  start(): Promise<"accepted" | "not now">;
  /** `not now`: it went into another state since it was looked at, so that whoever asked must decide anew. */
  stop(): Promise<"accepted" | "not now">;
}

/** A moment, ISO 8601 with an offset, until which the host is not stopped for being idle. */
export const KEEP_UNTIL = "sales-etl:keep-until";

const states: readonly string[] = ["pending", "running", "stopping", "stopped", "shutting-down", "terminated"];

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html */
const laterErrors: readonly string[] = [
  "IncorrectInstanceState",
  "InsufficientCapacity",
  "InsufficientHostCapacity",
  "InsufficientInstanceCapacity",
];

export interface Ec2HostArgs {
  readonly client: Pick<EC2Client, "send">;
  readonly instanceId: string;
}

export function ec2Host({ client, instanceId }: Ec2HostArgs): Host {
  const InstanceIds = [instanceId];
  return {
    async look() {
      const { Reservations = [] } = await client
        .send(new DescribeInstancesCommand({ InstanceIds }))
        .catch(gone(instanceId));
      const instance = Reservations[0]?.Instances?.[0];
      const state = instance?.State?.Name ?? "";
      if (!isState(state)) throw unknownHost(instanceId, `is in the state "${state}"`);
      const keepUntil = instance?.Tags?.find(({ Key }) => Key === KEEP_UNTIL)?.Value;
      return {
        state,
        started: instance?.LaunchTime ?? new Date(0),
        stopped: isOff(state) ? momentOf(instance?.StateTransitionReason) : null,
        type: instance?.InstanceType ?? "",
        reason: instance?.StateReason?.Code ?? null,
        keepUntil: keepUntil === undefined || Number.isNaN(Date.parse(keepUntil)) ? null : new Date(keepUntil),
      };
    },
    start: () =>
      client.send(new StartInstancesCommand({ InstanceIds })).then(
        () => "accepted" as const,
        (error: Error) => {
          if (laterErrors.includes(error.name)) return "not now" as const;
          throw error;
        },
      ),
    stop: () =>
      client.send(new StopInstancesCommand({ InstanceIds })).then(
        () => "accepted" as const,
        (error: Error) => {
          if (error.name === "IncorrectInstanceState") return "not now" as const;
          throw error;
        },
      ),
  };
}

const isOff = (state: HostState) => state === "stopping" || state === "stopped";

/** `User initiated (2017-07-01 03:12:07 GMT)` */
function momentOf(reason: string | undefined): Date | null {
  const [, day, time] = /[(](\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) GMT[)]/.exec(reason ?? "") ?? [];
  return day === undefined ? null : new Date(`${day}T${time}Z`);
}

const isState = (name: string): name is HostState => states.includes(name);

const gone = (instanceId: string) => (error: Error) => {
  if (error.name === "InvalidInstanceID.NotFound") throw unknownHost(instanceId, "does not exist", error);
  throw error;
};

export const unknownHost = (instanceId: string, what: string, cause?: unknown) =>
  new SalesEtlError(`the host of Airflow, ${instanceId}, ${what}: deploy the pipeline stack again`, {
    code: "HOST_GONE",
    path: instanceId,
    cause,
  });
