/** The power switch: turns the host of Airflow on for the night's work, off afterwards, and off whatever happens. */
import type { EC2Client } from "@aws-sdk/client-ec2";
import type { EMRClient } from "@aws-sdk/client-emr";
import type { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import type { S3Client } from "@aws-sdk/client-s3";
import { controlPrefix, type EmrPrices } from "@sales-etl/etl-core/emr";
import { eventEntry, lastEndedDay, type PipelineEvent, parseRunId, type RunEnded } from "@sales-etl/etl-core/events";
import { endedStep, pendingRuns, type ReceiptStore, receiptStore } from "@sales-etl/etl-core/receipts";
import { type Invocation, logFailure } from "../invocation.ts";
import type { Log } from "../log.ts";
import { putEvent } from "../put-event.ts";
import { closeRuns } from "./closing.ts";
import { emrClusters } from "./clusters.ts";
import { deadMan, endLeftClusters, stopHost } from "./dead-man.ts";
import { ensureRunning } from "./ensure-running.ts";
import { unpublished, unpublishedText } from "./freshness.ts";
import { ec2Host } from "./host.ts";
import { parseRequest, type Request } from "./request.ts";

export interface Settings {
  readonly instanceId: string;
  readonly controlBucket: string;
  readonly eventBusName: string;
  /** The company's, an IANA name: decides which day ended last. */
  readonly timeZone: string;
  /** How far back dates are looked for that are not published. */
  readonly lookBackDays: number;
  /** Tags of this environment's clusters. */
  readonly clusterTags: Readonly<Record<string, string>>;
  readonly graceMs: number;
  readonly maxUptimeMs: number;
  readonly maxClusterAgeMs: number;
  readonly prices: EmrPrices;
  /** Whether the host has a public address while it is on. */
  readonly hasPublicAddress: boolean;
}

export interface HandlerArgs {
  readonly settings: Settings;
  readonly ec2: Pick<EC2Client, "send">;
  readonly emr: Pick<EMRClient, "send">;
  readonly s3: Pick<S3Client, "send">;
  readonly eventBridge: Pick<EventBridgeClient, "send">;
  readonly logOf: (invocation: string) => Log;
  readonly now: () => Date;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
}

/** What was done, for the person who asked. */
export interface HostPowerResult {
  readonly action: Request["action"];
  readonly host: "ran already" | "started" | "stopped" | "left as it is";
  /** Clusters that were ended. */
  readonly terminated: readonly string[];
  /** Runs whose last receipt, of what they cost, was written. */
  readonly closed: readonly string[];
}

/** The end's time is S3's, and must be older than the grace by this clock, too. */
const CLOCKS_DIFFER_MS = 5_000;

const LOOK_AGAIN_MS = 5_000;
/** What the last receipts may take. */
const LAST_MS = 60_000;

export type HostPower = (event: unknown, invocation: Invocation) => Promise<HostPowerResult>;

export function createHandler(args: HandlerArgs): HostPower {
  return async (event, invocation) => {
    const log = args.logOf(invocation.awsRequestId);
    return logFailure(log, () => new Power(args, invocation, log).do(event));
  };
}

class Power {
  readonly #args: HandlerArgs;
  readonly #invocation: Invocation;
  readonly #log: Log;
  readonly #receipts: ReceiptStore;

  constructor(args: HandlerArgs, invocation: Invocation, log: Log) {
    this.#args = args;
    this.#invocation = invocation;
    this.#log = log;
    this.#receipts = receiptStore({ client: args.s3, bucket: args.settings.controlBucket });
  }

  async do(event: unknown): Promise<HostPowerResult> {
    const request = parseRequest(event);
    this.#log.info("asked", { action: request.action });
    switch (request.action) {
      case "ensure-running":
        return this.#on(request.scheduledTime);
      case "stop-if-idle":
        return this.#off(request.ended);
      case "dead-man":
        return this.#deadMan();
      case "check-freshness":
        return this.#checkFreshness(request.scheduledTime);
    }
  }

  async #on(scheduledTime: string | null): Promise<HostPowerResult> {
    const host = await ensureRunning(this.#ensure());
    // A start is told by EC2, and wakes the gate.
    if (host === "ran already" && scheduledTime !== null) {
      await this.#tell({ detailType: "GateRequested", detail: { scheduledTime } });
    }
    return { action: "ensure-running", host, terminated: [], closed: [] };
  }

  async #off(ended: RunEnded | null): Promise<HostPowerResult> {
    let terminated: readonly string[] = [];
    if (ended !== null) {
      await this.#keepReceipt(ended);
      terminated = await endLeftClusters(this.#stop(), ended);
      await this.#args.sleep(this.#args.settings.graceMs + CLOCKS_DIFFER_MS);
    }
    const host = await this.#stopUnlessWanted(() => stopHost(this.#stop()));
    if (host === "stopped") await this.#untilStopped();
    return { action: "stop-if-idle", host, terminated, closed: await this.#close() };
  }

  /** For the moment at which it was off; if it takes longer, the dead-man writes the receipt. */
  async #untilStopped() {
    const remaining = () => this.#invocation.getRemainingTimeInMillis();
    while ((await this.#host().look()).state === "stopping" && remaining() > LAST_MS) {
      await this.#args.sleep(LOOK_AGAIN_MS);
    }
  }

  #close() {
    const { prices, hasPublicAddress } = this.#args.settings;
    const { s3: client, settings } = this.#args;
    const published = receiptStore({ client, bucket: settings.controlBucket, prefix: controlPrefix });
    return closeRuns({ ...this.#stop(), published, prices, hasPublicAddress, who: this.#who() });
  }

  #who = () => `host-power ${this.#invocation.awsRequestId}`;

  async #deadMan(): Promise<HostPowerResult> {
    let terminated: readonly string[] = [];
    const { maxClusterAgeMs } = this.#args.settings;
    const host = await this.#stopUnlessWanted(async () => {
      const done = await deadMan({ ...this.#stop(), maxClusterAgeMs });
      terminated = done.terminated;
      return done.hostStopped;
    });
    return { action: "dead-man", host, terminated, closed: await this.#close() };
  }

  async #checkFreshness(scheduledTime: string): Promise<HostPowerResult> {
    const { timeZone, lookBackDays } = this.#args.settings;
    const last = lastEndedDay(new Date(scheduledTime), timeZone);
    const dates = await unpublished({ receipts: this.#receipts, last, lookBackDays });
    if (dates.length > 0) {
      const message = unpublishedText(dates);
      await this.#tell({ detailType: "AttentionNeeded", detail: { code: "DATE_NOT_PUBLISHED", message } });
    }
    return { action: "check-freshness", host: "left as it is", terminated: [], closed: [] };
  }

  /**
   * A date can be accepted between the decision to stop and the stop: whoever asked for it found the host running and
   * did nothing. Its receipt was there by then, so a second look finds it.
   */
  async #stopUnlessWanted(stop: () => Promise<boolean>): Promise<"stopped" | "started" | "left as it is"> {
    const before = await pendingRuns(this.#receipts);
    if (!(await stop())) return "left as it is";
    const known = new Set(before.map(({ judgement, attempt }) => `${judgement} ${attempt}`));
    const late = (await pendingRuns(this.#receipts)).filter((run) => !known.has(`${run.judgement} ${run.attempt}`));
    if (late.length === 0) return "stopped";
    await ensureRunning(this.#ensure());
    return "started";
  }

  async #keepReceipt({ businessDate, runId, result, clusterId }: RunEnded) {
    const run = parseRunId(runId);
    // A person named it: what it did is in Airflow, and no date waits for it.
    if (run === null) return this.#log.info("run of a person", { businessDate, runId, result });
    const when = this.#args.now().toISOString();
    const what = { runId, result, clusterId };
    await this.#receipts.write({ businessDate, step: endedStep(run), who: this.#who(), when, what });
  }

  #tell = (event: PipelineEvent) =>
    putEvent(this.#args.eventBridge, eventEntry(event, this.#args.settings.eventBusName));

  #ensure() {
    const { sleep } = this.#args;
    const remainingMs = () => this.#invocation.getRemainingTimeInMillis();
    return { host: this.#host(), sleep, remainingMs, log: this.#log };
  }

  #stop() {
    const { settings, emr, now } = this.#args;
    const { graceMs, maxUptimeMs, clusterTags } = settings;
    const clusters = emrClusters({ client: emr, tags: clusterTags });
    const shared = { host: this.#host(), clusters, receipts: this.#receipts, now, log: this.#log };
    return { ...shared, graceMs, maxUptimeMs, tell: this.#tell };
  }

  #host = () => ec2Host({ client: this.#args.ec2, instanceId: this.#args.settings.instanceId });
}
