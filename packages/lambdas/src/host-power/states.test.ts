import { assert } from "chai";
import { businessDate, judgement, minute, runEnded, world } from "../../test/power-world.ts";

/** All of EC2's, and an instance that is not there; https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-lifecycle.html */
const states = ["pending", "running", "stopping", "stopped", "shutting-down", "terminated", "missing"] as const;

const actions = {
  night: { action: "ensure-running", scheduledTime: "2017-07-01T02:00:00Z" },
  accepted: { action: "ensure-running" },
  ended: runEnded(),
  idle: { action: "stop-if-idle" },
  "dead-man": { action: "dead-man" },
  freshness: { action: "check-freshness", scheduledTime: "2017-07-01T11:00:00Z" },
} as const;
type Action = keyof typeof actions;

/** What becomes of a host with nothing to do, up for two hours: `<answer>`, or an error's code; and the calls of EC2. */
const table: Readonly<Record<Action, Readonly<Record<(typeof states)[number], string>>>> = {
  night: {
    pending: "started",
    // Nobody is told of a start that does not take place: so the gate is called.
    running: "ran already, gate",
    stopping: "started: start",
    stopped: "started: start",
    "shutting-down": "HOST_GONE",
    terminated: "HOST_GONE",
    missing: "HOST_GONE",
  },
  accepted: {
    pending: "started",
    running: "ran already",
    stopping: "started: start",
    stopped: "started: start",
    "shutting-down": "HOST_GONE",
    terminated: "HOST_GONE",
    missing: "HOST_GONE",
  },
  ended: {
    // It runs by the time that the grace is over.
    pending: "stopped: stop",
    running: "stopped: stop",
    stopping: "left as it is",
    stopped: "left as it is",
    "shutting-down": "left as it is",
    terminated: "left as it is",
    missing: "HOST_GONE",
  },
  idle: {
    pending: "left as it is",
    running: "stopped: stop",
    stopping: "left as it is",
    stopped: "left as it is",
    "shutting-down": "left as it is",
    terminated: "left as it is",
    missing: "HOST_GONE",
  },
  "dead-man": {
    pending: "left as it is",
    running: "stopped: stop",
    stopping: "left as it is",
    stopped: "left as it is",
    "shutting-down": "left as it is",
    terminated: "left as it is",
    missing: "HOST_GONE",
  },
  // Looks at receipts alone: a day that is not published is told whatever became of the host.
  freshness: {
    pending: "left as it is, person",
    running: "left as it is, person",
    stopping: "left as it is, person",
    stopped: "left as it is, person",
    "shutting-down": "left as it is, person",
    terminated: "left as it is, person",
    missing: "left as it is, person",
  },
};

/** A host in a state; one that starts at this moment has been up for none of it. */
const hostIn = (state: string) => world({ state, ...(state === "pending" ? { uptimeMs: 0 } : {}) });

const answerOf = async ({ ask }: ReturnType<typeof world>, action: Action): Promise<string> =>
  ask(actions[action]).then(
    ({ host }) => host,
    (error: Error & { code?: string }) => error.code ?? String(error),
  );

async function outcome(action: Action, state: string): Promise<string> {
  const all = hostIn(state);
  const answer = await answerOf(all, action);
  const told = all.told().map(({ type }) => ({ GateRequested: ", gate", AttentionNeeded: ", person" })[type] ?? type);
  return `${answer}${told.join("")}${all.done.length === 0 ? "" : `: ${all.done.join(" ")}`}`;
}

describe("host-power: every action in every state of the host", () => {
  for (const action of Object.keys(table) as Action[]) {
    for (const state of states) {
      it(`${action}, ${state}: ${table[action][state]}`, async () => {
        assert.equal(await outcome(action, state), table[action][state]);
      });
    }
  }

  it("does what it can of a run's end before it says that the host is gone", async () => {
    const clusters = [{ id: "j-1", ageMs: minute, environment: "dev", runId: runEnded().detail.runId }];
    const all = world({ state: "missing", clusters });
    assert.equal(await answerOf(all, "ended"), "HOST_GONE");
    assert.deepEqual(all.done, ["terminate j-1"]);
    assert.isNotNull(await all.receipts.read({ businessDate, step: `ended-${judgement}` }));
    const old = world({ state: "missing", clusters: [{ id: "j-2", ageMs: 7 * 60 * minute, environment: "dev" }] });
    assert.equal(await answerOf(old, "dead-man"), "HOST_GONE");
    assert.deepEqual(old.done, ["terminate j-2"]);
  });
});

describe("host-power: repeated and simultaneous", () => {
  it("leaves a host that somebody else has moved since it was looked at", async () => {
    for (const action of ["idle", "dead-man", "ended"] as const) {
      const all = world({ isMoved: true });
      assert.equal(await answerOf(all, action), "left as it is", action);
      assert.isEmpty(all.told());
    }
  });

  const gone = ["shutting-down", "terminated", "missing"];

  for (const state of states) {
    it(`${state}: the same again changes nothing more`, async () => {
      for (const action of Object.keys(actions) as Action[]) {
        const all = hostIn(state);
        await answerOf(all, action);
        const [calls, at] = [[...all.done], all.stateNow()];
        const repeated = await answerOf(all, action);
        assert.deepEqual(all.done, calls, `${action} after ${action}`);
        if (at === "running" || at === "stopped") assert.equal(all.stateNow(), at, action);
        assert.oneOf(repeated, ["ran already", "started", "left as it is", "HOST_GONE"], action);
      }
    });

    it(`${state}: any two at once, three times, fail only if it is gone`, async () => {
      for (const one of Object.keys(actions) as Action[]) {
        for (const other of Object.keys(actions) as Action[]) {
          const all = hostIn(state);
          const answers = await Promise.all(
            [one, other, one, other, one, other].map((action) => answerOf(all, action)),
          );
          const what = `${one} with ${other}`;
          for (const answer of answers) {
            const allowed = ["ran already", "started", "stopped", "left as it is"];
            assert.oneOf(answer, gone.includes(state) ? [...allowed, "HOST_GONE"] : allowed, what);
          }
          if (gone.includes(state)) assert.isEmpty(all.done, what);
        }
      }
    });

    it(`${state}: whatever comes at once, an accepted date ends with the host on, if there is one`, async () => {
      for (const other of Object.keys(actions) as Action[]) {
        if (other === "ended" || gone.includes(state)) continue;
        const all = hostIn(state);
        await all.judge(judgement);
        await Promise.all([other, "accepted" as const, other, "accepted" as const].map((one) => answerOf(all, one)));
        all.later(minute);
        assert.equal(all.stateNow(), "running", other);
      }
    });
  }
});
