/** The power switch with the SDK's own clients against EC2, EMR, S3 and EventBridge of a local AWS. */
import { setTimeout as sleep } from "node:timers/promises";
import {
  CreateTagsCommand,
  DescribeInstancesCommand,
  EC2Client,
  RunInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { DescribeClusterCommand, EMRClient, RunJobFlowCommand } from "@aws-sdk/client-emr";
import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { parsePipelineEvent } from "@sales-etl/etl-core/events";
import { receiptStore } from "@sales-etl/etl-core/receipts";
import { type LocalAws, startLocalAws } from "@sales-etl/local-aws";
import { assert } from "chai";
import type { Closing } from "../src/host-power/closing.ts";
import { createHandler, type Settings } from "../src/host-power/handler.ts";
import { jsonLog } from "../src/log.ts";
import { prices } from "./prices.ts";
import { createQueue, messages, queueArn } from "./queue.ts";

const judgement = "000000000000000a";
const night = { action: "ensure-running", scheduledTime: "2017-07-01T02:00:00Z" };

describe("host-power in a local AWS", function () {
  this.timeout("60s");
  let aws: LocalAws | undefined;
  let [instances, queues] = [0, 0];

  before(async function () {
    const started = await startLocalAws();
    if ("missing" in started) return this.skip();
    aws = started;
  });
  after(() => aws?.stop());

  /** A host of its own and a switch for it; its hours pass in thousandths. */
  async function power(settings: Partial<Settings> = {}) {
    const local = aws as LocalAws;
    const [ec2, emr] = [new EC2Client(local.clientConfig), new EMRClient(local.clientConfig)];
    const [s3, eventBridge] = [new S3Client(local.clientConfig), new EventBridgeClient(local.clientConfig)];
    const name = `power-${++queues}`;
    const queueUrl = await createQueue(local, name);
    await s3.send(new CreateBucketCommand({ Bucket: name }));
    await eventBridge.send(new CreateEventBusCommand({ Name: name }));
    const rule = { Name: name, EventBusName: name, EventPattern: JSON.stringify({ source: ["sales-etl"] }) };
    await eventBridge.send(new PutRuleCommand(rule));
    const target = { Rule: name, EventBusName: name, Targets: [{ Id: "queue", Arn: queueArn(name) }] };
    await eventBridge.send(new PutTargetsCommand(target));
    const run = { ImageId: `ami-${++instances}`, MinCount: 1, MaxCount: 1, InstanceType: "t4g.medium" as const };
    const instanceId = (await ec2.send(new RunInstancesCommand(run))).Instances?.[0]?.InstanceId ?? "";

    const handle = createHandler({
      settings: {
        instanceId,
        controlBucket: name,
        eventBusName: name,
        timeZone: "UTC",
        lookBackDays: 14,
        clusterTags: { project: "sales-etl", environment: name },
        graceMs: 0,
        maxUptimeMs: 3_600_000,
        maxClusterAgeMs: 3_600_000,
        prices,
        hasPublicAddress: true,
        ...settings,
      },
      ec2,
      emr,
      s3,
      eventBridge,
      logOf: () => jsonLog({}, () => {}),
      now: () => new Date(),
      sleep: (milliseconds) => sleep(milliseconds / 50),
    });
    const ask = (event: object) => handle(event, { awsRequestId: "r", getRemainingTimeInMillis: () => 900_000 });
    const state = async () => {
      const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [instanceId] }));
      return Reservations?.[0]?.Instances?.[0]?.State?.Name;
    };
    const until = async (wanted: string) => {
      while ((await state()) !== wanted) await sleep(50);
    };
    return {
      ask,
      state,
      until,
      name,
      emr,
      stop: () => ec2.send(new StopInstancesCommand({ InstanceIds: [instanceId] })),
      terminate: () => ec2.send(new TerminateInstancesCommand({ InstanceIds: [instanceId] })),
      receipts: receiptStore({ client: s3, bucket: name }),
      tag: (Key: string, Value: string) =>
        ec2.send(new CreateTagsCommand({ Resources: [instanceId], Tags: [{ Key, Value }] })),
      events: async () => (await messages(local, queueUrl)).map(parsePipelineEvent),
    };
  }

  it("turns a host off that has nothing to do, and on again, without the gate", async () => {
    const { ask, state, until, events } = await power();
    assert.equal((await ask({ action: "stop-if-idle" })).host, "stopped");
    await until("stopped");
    assert.equal((await ask(night)).host, "started");
    assert.equal(await state(), "running");
    assert.isEmpty(await events());
  });

  it("waits until a host has stopped before it starts it", async () => {
    const { ask, state, stop } = await power();
    await stop();
    assert.equal(await state(), "stopping");
    assert.equal((await ask(night)).host, "started");
    assert.equal(await state(), "running");
  });

  it("calls the gate when the host ran already, each time", async () => {
    const { ask, events } = await power();
    assert.equal((await ask(night)).host, "ran already");
    await ask(night);
    const requested = { detailType: "GateRequested", detail: { scheduledTime: night.scheduledTime } } as const;
    assert.deepEqual(await events(), [requested, requested]);
  });

  it("may be asked in many places at once", async () => {
    const { ask, until, state } = await power();
    await Promise.all([1, 2, 3].map(() => ask({ action: "stop-if-idle" })));
    await until("stopped");
    const answers = await Promise.all([1, 2, 3].map(() => ask(night)));
    assert.deepEqual(
      answers.map(({ host }) => host),
      ["started", "started", "started"],
    );
    assert.equal(await state(), "running");
  });

  it("asks again while there is no capacity", async () => {
    const { ask, until, tag } = await power();
    await ask({ action: "stop-if-idle" });
    await until("stopped");
    await tag("local-aws:starts-without-capacity", "2");
    assert.equal((await ask(night)).host, "started");
  });

  it("leaves a host on for an accepted date until its run has ended", async () => {
    const { ask, state, receipts } = await power();
    const businessDate = "2017-06-30";
    const what = { verdict: "accepted" };
    await receipts.write({ businessDate, step: `validated-${judgement}`, who: "test", when: "", what });
    assert.equal((await ask({ action: "dead-man" })).host, "left as it is");
    assert.equal(await state(), "running");
    const detail = { dataset: "retail", businessDate, runId: `sales_daily__${businessDate}__${judgement}` };
    const ended = { source: "sales-etl", "detail-type": "RunEnded", detail: { ...detail, result: "failed" } };
    assert.equal((await ask(ended)).host, "stopped");
    const receipt = await receipts.read({ businessDate, step: `ended-${judgement}` });
    assert.deepInclude(receipt?.what as object, { result: "failed" });
  });

  it("ends a host over time whatever it waits for, and its old clusters, and says so", async () => {
    const { ask, until, events, emr, name } = await power({ maxUptimeMs: 1, maxClusterAgeMs: 1 });
    const cluster = async (environment: string) => {
      const Tags = [
        { Key: "project", Value: "sales-etl" },
        { Key: "environment", Value: environment },
      ];
      const Instances = { InstanceGroups: [], KeepJobFlowAliveWhenNoSteps: true };
      const flow = new RunJobFlowCommand({ Name: "night", Instances, Tags });
      return (await emr.send(flow)).JobFlowId ?? "";
    };
    const [ours, foreign] = [await cluster(name), await cluster("production")];
    await sleep(1100);
    const { host, terminated } = await ask({ action: "dead-man" });
    assert.deepEqual([host, terminated], ["stopped", [ours]]);
    await until("stopped");
    const stateOf = async (ClusterId: string) =>
      (await emr.send(new DescribeClusterCommand({ ClusterId }))).Cluster?.Status?.State;
    assert.match((await stateOf(ours)) ?? "", /^TERMINAT/);
    assert.equal(await stateOf(foreign), "WAITING");
    assert.deepEqual(
      (await events()).map(({ detail }) => "code" in detail && detail.code),
      ["CLUSTER_OVER_TIME", "HOST_OVER_TIME"],
    );
  });

  it("after a failure ends the cluster that the run has left, stops the host, and says what it all cost", async () => {
    const { ask, state, receipts, emr, name, events } = await power();
    const businessDate = "2017-06-30";
    const runId = `sales_daily__${businessDate}__${judgement}`;
    const what = { verdict: "accepted" };
    await receipts.write({ businessDate, step: `validated-${judgement}`, who: "test", when: "", what });
    const tags = { project: "sales-etl", environment: name, "sales-etl:run-id": runId };
    const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    const group = { InstanceRole: "MASTER", InstanceType: "m7g.xlarge", InstanceCount: 1 } as const;
    const Instances = { InstanceGroups: [group], KeepJobFlowAliveWhenNoSteps: true };
    const clusterId = (await emr.send(new RunJobFlowCommand({ Name: "night", Instances, Tags }))).JobFlowId ?? "";
    const detail = { dataset: "retail", businessDate, runId, result: "failed", clusterId };
    const ended = { source: "sales-etl", "detail-type": "RunEnded", detail };
    const answer = await ask(ended);
    assert.deepEqual(answer.terminated, [clusterId]);
    assert.equal(answer.host, "stopped");
    assert.equal(await state(), "stopped");
    const { Cluster } = await emr.send(new DescribeClusterCommand({ ClusterId: clusterId }));
    assert.match(Cluster?.Status?.State ?? "", /^TERMINAT/);
    // The cluster may have taken longer than the host: then the dead-man writes the receipt.
    const closed = async () => (await receipts.read({ businessDate, step: `closed-${judgement}` }))?.what;
    while ((await closed()) === undefined) {
      await sleep(100);
      await ask({ action: "dead-man" });
    }
    const closing = (await closed()) as Closing;
    // A minute is the least that is paid for: (0.1632 + 0.0408) / 60 and (0.0336 + 0.005) / 60.
    assert.deepInclude(closing, { runId, result: "failed", dollars: "0.0040" });
    assert.deepInclude(closing.cluster, { id: clusterId, state: "TERMINATED", dollars: "0.0034" });
    assert.deepEqual(closing.cluster?.instances, [
      { type: "m7g.xlarge", market: "on demand", count: 1, hours: "0.017" },
    ]);
    assert.deepInclude(closing.host, { type: "t4g.medium", runs: 1, dollars: "0.0006" });
    assert.isAtLeast(Date.parse(closing.host?.stopped ?? ""), Date.parse(closing.host?.started ?? ""));
    assert.deepEqual(
      (await events()).map((event) => "code" in event.detail && event.detail.code),
      ["CLUSTER_LEFT"],
    );
    // All of it once more, as the bus delivers at least once.
    assert.deepInclude(await ask(ended), { host: "left as it is", terminated: [], closed: [] });
  });

  /** Puts a host into a state, and what then becomes of it: by action, the answer or an error's code, and where it ends. */
  type Power = Awaited<ReturnType<typeof power>>;
  const wayInto: Readonly<Record<string, (one: Power) => Promise<unknown>>> = {
    running: async () => {},
    stopping: ({ stop }) => stop(),
    stopped: async ({ stop, until }) => {
      await stop();
      await until("stopped");
    },
    "shutting-down": ({ terminate }) => terminate(),
    terminated: async ({ terminate, until }) => {
      await terminate();
      await until("terminated");
    },
  };
  const becomes: Readonly<Record<string, readonly [on: string, off: string, end: string]>> = {
    running: ["ran already", "stopped", "stopped"],
    stopping: ["started", "left as it is", "stopped"],
    stopped: ["started", "left as it is", "stopped"],
    "shutting-down": ["HOST_GONE", "left as it is", "terminated"],
    terminated: ["HOST_GONE", "left as it is", "terminated"],
  };
  for (const [state, [on, off, end]] of Object.entries(becomes)) {
    it(`${state}: on is "${on}", off is "${off}", also twice and at once`, async () => {
      const answer = (one: Power, event: object) =>
        one.ask(event).then(
          ({ host }) => host,
          (error: Error & { code?: string }) => error.code ?? String(error),
        );
      const host = async () => {
        const one = await power();
        await wayInto[state]?.(one);
        return one;
      };
      const switchedOn = await host();
      const answers = await Promise.all([1, 2].map(() => answer(switchedOn, night)));
      assert.deepEqual(answers, [on, on]);
      assert.equal(await settled(switchedOn), on === "HOST_GONE" ? "terminated" : "running");
      for (const action of ["stop-if-idle", "dead-man"]) {
        const switchedOff = await host();
        const both = await Promise.all([1, 2].map(() => answer(switchedOff, { action })));
        assert.include(both, off, action);
        for (const one of both) assert.oneOf(one, [off, "left as it is"], action);
        assert.equal(await settled(switchedOff), end, action);
        assert.equal(await answer(switchedOff, { action }), "left as it is", action);
      }
    });
  }

  /** The state in which it stays. */
  async function settled({ state }: Power): Promise<string | undefined> {
    for (;;) {
      const found = await state();
      if (!["pending", "stopping", "shutting-down"].includes(found ?? "")) return found;
      await sleep(50);
    }
  }

  it("says that a host does not exist", async () => {
    const { ask } = await power({ instanceId: "i-00000000000000000" });
    const error = await ask(night).catch((reason: unknown) => reason);
    assert.propertyVal(error, "code", "HOST_GONE");
  });
});
