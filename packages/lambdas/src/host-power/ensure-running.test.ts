import { SalesEtlError } from "@sales-etl/etl-core/errors";
import { assert } from "chai";
import { jsonLog } from "../log.ts";
import { ensureRunning } from "./ensure-running.ts";
import type { Host, HostState } from "./host.ts";

interface Script {
  /** What each look finds; the last one again and again. */
  readonly states: readonly (HostState | readonly [HostState, string])[];
  /** What each start answers; the last one again and again. */
  readonly starts?: readonly ("accepted" | "not now")[];
  readonly seconds?: number;
}

/** A host that goes through `states`, and a clock that only `sleep` moves. */
async function run({ states, starts = ["accepted"], seconds = 900 }: Script) {
  let [looks, started, slept] = [0, 0, 0];
  const host: Host = {
    look: async () => {
      const found = states[Math.min(looks++, states.length - 1)] as Script["states"][number];
      const [state, reason] = typeof found === "string" ? [found, null] : found;
      return { state, reason, started: new Date(0), stopped: null, type: "t4g.medium", keepUntil: null };
    },
    start: async () => starts[Math.min(started++, starts.length - 1)] as "accepted" | "not now",
    stop: async (): Promise<never> => assert.fail("never stops"),
  };
  const outcome = await ensureRunning({
    host,
    sleep: async (milliseconds) => {
      slept += milliseconds;
    },
    remainingMs: () => seconds * 1000 - slept,
    log: jsonLog({}, () => {}),
  }).catch((error: unknown) => error);
  return { outcome, started, slept: slept / 1000 };
}

const codeOf = (outcome: unknown) => (outcome instanceof SalesEtlError ? outcome.code : outcome);

describe("host-power: on, from every state", () => {
  it("running: nothing to do", async () => {
    assert.deepEqual(await run({ states: ["running"] }), { outcome: "ran already", started: 0, slept: 0 });
  });

  it("stopped: starts it once and waits until it runs", async () => {
    const { outcome, started } = await run({ states: ["stopped", "pending", "pending", "running"] });
    assert.deepEqual([outcome, started], ["started", 1]);
  });

  it("pending: somebody else starts it; waits", async () => {
    const { outcome, started } = await run({ states: ["pending", "running"] });
    assert.deepEqual([outcome, started], ["started", 0]);
  });

  it("stopping: waits it out, then starts it", async () => {
    const { outcome, started } = await run({ states: ["stopping", "stopping", "stopped", "pending", "running"] });
    assert.deepEqual([outcome, started], ["started", 1]);
  });

  for (const state of ["shutting-down", "terminated"] as const) {
    it(`${state}: there is nothing to start`, async () => {
      const { outcome, started } = await run({ states: [state] });
      assert.deepEqual([codeOf(outcome), started], ["HOST_GONE", 0]);
    });
  }

  it("asks again, later, while there is no capacity", async () => {
    const { outcome, started, slept } = await run({
      states: ["stopped", "stopped", "stopped", "pending", "running"],
      starts: ["not now", "not now", "accepted"],
    });
    assert.deepEqual([outcome, started], ["started", 3]);
    assert.isAtLeast(slept, 60);
  });

  it("asks again, later, when it stops by itself for want of capacity", async () => {
    const fallen = ["stopped", "Server.InsufficientInstanceCapacity"] as const;
    const { outcome, started, slept } = await run({ states: ["stopped", "pending", fallen, "pending", "running"] });
    assert.deepEqual([outcome, started], ["started", 2]);
    assert.isAtLeast(slept, 40);
  });

  it("gives up within the invocation's time, and says why: Lambda tries it again", async () => {
    const reason = "Server.InsufficientInstanceCapacity";
    const { outcome, slept } = await run({ states: [["stopped", reason]], starts: ["not now"], seconds: 120 });
    assert.equal(codeOf(outcome), "HOST_NOT_RUNNING");
    assert.include((outcome as Error).message, reason);
    assert.isBelow(slept, 120);
  });

  it("does not wait for ever for a host that never leaves a state", async () => {
    for (const state of ["pending", "stopping"] as const) {
      assert.equal(codeOf((await run({ states: [state] })).outcome), "HOST_NOT_RUNNING");
    }
  });
});
