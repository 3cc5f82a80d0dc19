import { triggeredStep } from "@sales-etl/etl-core/receipts";
import { assert } from "chai";
import { businessDate, hour, judgement, minute, runEnded, world } from "../../test/power-world.ts";

describe("host-power: on", () => {
  const night = { action: "ensure-running", scheduledTime: "2017-07-01T02:00:00Z" };

  it("starts the host; EC2 tells the gate", async () => {
    const { ask, done, told } = world({ state: "stopped" });
    assert.deepEqual(await ask(night), { action: "ensure-running", host: "started", terminated: [], closed: [] });
    assert.deepEqual(done, ["start"]);
    assert.isEmpty(told());
  });

  it("calls the gate itself when the host ran already", async () => {
    const { ask, done, told } = world();
    await ask(night);
    assert.isEmpty(done);
    assert.deepEqual(told(), [{ type: "GateRequested", detail: { scheduledTime: night.scheduledTime } }]);
  });

  it("does not send the gate back to where it came from", async () => {
    const { ask, told } = world();
    await ask({ action: "ensure-running" });
    assert.isEmpty(told());
  });
});

describe("host-power: off after a run", () => {
  it("keeps the end's receipt, waits for its grace, and stops", async () => {
    const { ask, done, receipts, judge, now } = world();
    await judge(judgement);
    const begun = now().getTime();
    assert.equal((await ask(runEnded())).host, "stopped");
    assert.deepEqual(done, ["stop"]);
    assert.isAtLeast(now().getTime() - begun, 10 * minute);
    const receipt = await receipts.read({ businessDate, step: `ended-${judgement}` });
    assert.deepEqual(receipt?.what, {
      ...{ runId: `sales_daily__${businessDate}__${judgement}`, result: "succeeded", clusterId: null },
    });
  });

  it("stops once, however often it is told", async () => {
    const { ask, done, judge } = world();
    await judge(judgement);
    await ask(runEnded());
    assert.equal((await ask(runEnded())).host, "left as it is");
    assert.deepEqual(done, ["stop"]);
  });

  it("leaves a host on that another accepted date waits for", async () => {
    const { ask, done, judge, receipts } = world();
    await judge(judgement);
    await receipts.write({
      businessDate: "2017-07-01",
      step: "validated-000000000000000b",
      who: "test",
      when: "",
      what: { verdict: "accepted" },
    });
    assert.equal((await ask(runEnded())).host, "left as it is");
    assert.isEmpty(done);
  });

  it("leaves a host on while a second attempt runs", async () => {
    const { ask, done, judge, write } = world();
    await judge(judgement);
    await write(triggeredStep({ judgement, attempt: 2 }));
    assert.equal((await ask(runEnded())).host, "left as it is");
    await ask(runEnded(`sales_daily__${businessDate}__${judgement}__2`));
    assert.deepEqual(done, ["stop"]);
  });

  it("leaves a host on that a person's run has a cluster from, and writes no receipt for it", async () => {
    const { ask, done, receipts } = world({ clusters: [{ id: "j-1", ageMs: hour, environment: "dev" }] });
    assert.equal((await ask(runEnded("manual__2017-07-01"))).host, "left as it is");
    assert.isEmpty(done);
    assert.isEmpty(await receipts.list());
  });

  it("turns it on again for a date that was accepted while it was turned off", async () => {
    const { ask, done, judge } = world({ onStop: ({ judge: accept }) => accept("000000000000000b") });
    await judge(judgement);
    assert.equal((await ask(runEnded())).host, "started");
    assert.deepEqual(done, ["stop", "start"]);
  });
});

describe("host-power: the last receipt of a run", () => {
  const runId = `sales_daily__${businessDate}__${judgement}`;
  const timeline = (from: number, to: number) => ({
    Timeline: {
      CreationDateTime: new Date(Date.parse("2017-07-01T02:00:00Z") + from * minute),
      EndDateTime: new Date(Date.parse("2017-07-01T02:00:00Z") + to * minute),
    },
  });
  /** Two for an hour, one of them spot; one for half an hour, which EC2 had no address for. */
  const ended = {
    ...{ id: "j-1", minutes: 61 },
    instances: [
      { InstanceType: "m7g.xlarge", Market: "ON_DEMAND", PublicIpAddress: "198.51.100.1", Status: timeline(0, 60) },
      { InstanceType: "m7g.xlarge", Market: "SPOT", PublicIpAddress: "198.51.100.2", Status: timeline(1, 61) },
      { InstanceType: "m7g.xlarge", Market: "ON_DEMAND", Status: timeline(0, 30) },
    ],
  };
  const read = async ({ receipts }: ReturnType<typeof world>, step = `closed-${judgement}`) =>
    (await receipts.read({ businessDate, step }))?.what as Record<string, unknown> | undefined;

  it("says what was published, when cluster and host ended, and what they cost", async () => {
    const all = world({ uptimeMs: 110 * minute, ended });
    await all.judge(judgement);
    const load = { rowsRead: 12, rowsAccepted: 10, rowsRejected: 2, periodsRestated: [201725, 201726] };
    // As the Spark job writes it; the second is of another run.
    await all.publish("published-000000007-sales-daily", { runId, snapshots: { weekly_fact: "5" }, load });
    await all.publish("published-000000008-manual", { runId: "manual__1", snapshots: {}, load: null });
    assert.deepEqual((await all.ask(runEnded(runId, "j-1"))).closed, [runId]);
    // Started 110 minutes before 02:00; off after the grace of ten minutes and five seconds: 2 h and 5 s.
    // Host: 2.00139 x (0.0336 + 0.005) = 0.07725.
    // Cluster: 1 x (0.204 + 0.005) + 1 x (0.06528 + 0.0408 + 0.005) + 0.5 x 0.204 = 0.209 + 0.11108 + 0.102 = 0.42208.
    assert.deepEqual(await read(all), {
      ...{ runId, result: "succeeded", load },
      cluster: {
        ...{ id: "j-1", state: "TERMINATED", created: "2017-07-01T02:00:00.000Z", ended: "2017-07-01T03:01:00.000Z" },
        instances: [
          { type: "m7g.xlarge", market: "on demand", count: 2, hours: "1.500" },
          { type: "m7g.xlarge", market: "spot", count: 1, hours: "1.000" },
        ],
        dollars: "0.4221",
      },
      host: {
        ...{ type: "t4g.medium", started: "2017-07-01T00:10:00.000Z", stopped: "2017-07-01T02:10:05.000Z" },
        ...{ hours: "2.001", runs: 1, dollars: "0.0773" },
      },
      dollars: "0.4994",
      prices: { date: "2026-02-01", region: "us-east-1", currency: "USD" },
    });
  });

  it("shares the host among the runs that it was on for, and is written once", async () => {
    const all = world({ ended });
    await all.judge(judgement);
    await all.write("ended-000000000000000c", { result: "failed", clusterId: null });
    await all.ask(runEnded(runId, "j-1"));
    const [first, second] = [await read(all), await read(all, "closed-000000000000000c")];
    assert.deepInclude(first?.host, { runs: 2 });
    assert.deepInclude(second?.host, { runs: 2 });
    assert.deepInclude(second, { result: "failed", load: null, cluster: null });
    assert.isEmpty((await all.ask({ action: "dead-man" })).closed);
  });

  it("is the dead-man's to write when cluster or host took longer", async () => {
    const all = world({ ended: { ...ended, id: "another" } });
    await all.judge(judgement);
    assert.isEmpty((await all.ask(runEnded(runId, "j-1"))).closed);
    assert.isUndefined(await read(all));
    const later = world({ state: "stopped", ended, uptimeMs: 3 * hour });
    await later.write(`ended-${judgement}`, { result: "succeeded", clusterId: "j-1" });
    assert.deepEqual((await later.ask({ action: "dead-man" })).closed, [runId]);
  });

  it("does not guess what a host cost that was started again since, nor a type without a price", async () => {
    const all = world({ state: "stopped", uptimeMs: -hour, ended });
    await all.write(`ended-${judgement}`, { result: "succeeded", clusterId: "j-1" });
    await all.ask({ action: "dead-man" });
    assert.deepInclude(await read(all), { host: null, dollars: "0.4221" });
    const strange = world({ ended: { ...ended, instances: [{ InstanceType: "x9.mega", Status: timeline(0, 60) }] } });
    await strange.judge(judgement);
    await strange.ask(runEnded(runId, "j-1"));
    assert.deepInclude(await read(strange), { dollars: null });
  });

  it("is not written while the host is on for another date", async () => {
    const all = world({ ended });
    await all.judge(judgement);
    await all.receipts.write({
      ...{ businessDate: "2017-07-01", step: "validated-000000000000000b", who: "test", when: "" },
      what: { verdict: "accepted" },
    });
    assert.isEmpty((await all.ask(runEnded(runId, "j-1"))).closed);
  });
});

describe("host-power: clusters that a run has left", () => {
  const runId = `sales_daily__${businessDate}__${judgement}`;
  const clusters = [
    { id: "j-named", ageMs: minute, environment: "dev" },
    { id: "j-lost", ageMs: minute, environment: "dev", runId },
    { id: "j-other", ageMs: minute, environment: "dev", runId: "manual__1" },
    { id: "j-foreign", ageMs: minute, environment: "prod", runId },
  ];

  it("are ended, whether the run knew their names or not, and a person is told", async () => {
    const { ask, done, told, judge } = world({ clusters });
    await judge(judgement);
    const { terminated, host } = await ask(runEnded(runId, "j-named"));
    assert.deepEqual(terminated, ["j-named", "j-lost"]);
    assert.deepEqual(done, ["terminate j-named", "terminate j-lost"]);
    // Somebody's run is not over.
    assert.equal(host, "left as it is");
    assert.deepEqual(
      told().map(({ detail }) => detail.code),
      ["CLUSTER_LEFT"],
    );
  });
});

describe("host-power: dead man's switch", () => {
  const tick = { action: "dead-man" };

  it("stops a host with nothing to do without a word", async () => {
    const { ask, done, told } = world({ uptimeMs: 50 * minute });
    assert.equal((await ask(tick)).host, "stopped");
    assert.deepEqual(done, ["stop"]);
    assert.isEmpty(told());
  });

  for (const state of ["pending", "stopping", "stopped", "terminated", "shutting-down"]) {
    it(`leaves a host that is ${state}`, async () => {
      const { ask, done } = world({ state });
      assert.equal((await ask(tick)).host, "left as it is");
      assert.isEmpty(done);
    });
  }

  it("leaves a host in its grace after its start and after a run's end", async () => {
    assert.equal((await world({ uptimeMs: 9 * minute }).ask(tick)).host, "left as it is");
    const { ask, write, later } = world();
    await write(`ended-${judgement}`);
    later(9 * minute);
    assert.equal((await ask(tick)).host, "left as it is");
    later(minute);
    assert.equal((await ask(tick)).host, "stopped");
  });

  it("leaves a host that a person keeps, until then", async () => {
    const { ask, later } = world({ tags: { "sales-etl:keep-until": "2017-07-01T03:00:00Z" } });
    assert.equal((await ask(tick)).host, "left as it is");
    later(hour);
    assert.equal((await ask(tick)).host, "stopped");
  });

  it("lets an unfinished date keep the host for the longest time, then stops it and tells a person", async () => {
    const { ask, done, told, judge } = world({ uptimeMs: 6 * hour - 1 });
    await judge(judgement);
    assert.equal((await ask(tick)).host, "left as it is");
    const late = world({ uptimeMs: 6 * hour, tags: { "sales-etl:keep-until": "2017-07-02T00:00:00Z" } });
    await late.judge(judgement);
    assert.equal((await late.ask(tick)).host, "stopped");
    assert.deepEqual([done, late.done], [[], ["stop"]]);
    assert.isEmpty(told());
    const [event] = late.told();
    assert.equal(event?.detail.code, "HOST_OVER_TIME");
    assert.include(event?.detail.message, businessDate);
  });

  it("ends this environment's clusters by age, and tells a person", async () => {
    const { ask, done, told } = world({
      state: "stopped",
      clusters: [
        { id: "j-old", ageMs: 6 * hour, environment: "dev" },
        { id: "j-young", ageMs: 6 * hour - 1, environment: "dev" },
        { id: "j-foreign", ageMs: 60 * hour, environment: "prod" },
      ],
    });
    assert.deepEqual((await ask(tick)).terminated, ["j-old"]);
    assert.deepEqual(done, ["terminate j-old"]);
    assert.deepEqual(
      told().map(({ type, detail }) => [type, detail.code]),
      [["AttentionNeeded", "CLUSTER_OVER_TIME"]],
    );
    await ask(tick);
    assert.lengthOf(told(), 1);
  });
});

describe("host-power: freshness", () => {
  const morning = { action: "check-freshness", scheduledTime: "2017-07-01T06:00:00-05:00" };

  it("tells a person of a day that is not published by its hour, once a morning, and of no other", async () => {
    const { ask, told, judge, write } = world();
    await judge(judgement);
    await ask(morning);
    const [event] = told();
    assert.equal(event?.detail.code, "DATE_NOT_PUBLISHED");
    assert.match(event?.detail.message, /^2017-06-30 is not published: it is accepted/);
    await write(`ended-${judgement}`, { result: "succeeded" });
    await ask(morning);
    assert.lengthOf(told(), 1);
  });
});
