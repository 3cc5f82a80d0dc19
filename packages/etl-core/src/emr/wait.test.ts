import { expect } from "chai";
import { emrStandIn, type StandInCluster, stepIn } from "../../test/support/emr-stand-in.ts";
import { EmrRunError } from "./status.ts";
import { waitForRun, waitForStep } from "./wait.ts";

const logUri = "s3://my-logs/emr/";
const run = { clusterId: "j-1", stepId: "s-1" };

/** A cluster with one step, and a clock that `sleep` moves: `then` says what happens at each look. */
function world(then: Readonly<Record<number, () => void>> = {}) {
  const standIn = emrStandIn();
  const step = stepIn("s-1", "PENDING");
  const cluster: StandInCluster = { name: "night", state: "STARTING", logUri, steps: [step] };
  standIn.clusters.set("j-1", cluster);
  const slept: number[] = [];
  const sleep = async (milliseconds: number, signal: AbortSignal | undefined) => {
    slept.push(milliseconds / 1000);
    then[slept.length]?.();
    signal?.throwIfAborted();
  };
  const become = (state: NonNullable<typeof step.Status>["State"], more = {}) => {
    step.Status = { State: state, ...more };
  };
  return { ...standIn, cluster, standIn, slept, sleep, become };
}

const errorOf = async (promise: Promise<unknown>): Promise<EmrRunError> => {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof EmrRunError)) throw new Error(`expected an EmrRunError, got ${String(error)}`);
  return error;
};

describe("waitForStep", () => {
  it("looks less and less often while nothing changes, and tells each new state once", async () => {
    const w = world();
    const states: string[] = [];
    const sleep = async (milliseconds: number) => {
      w.slept.push(milliseconds / 1000);
      if (w.slept.length === 4) w.become("RUNNING");
      if (w.slept.length === 6) w.become("COMPLETED");
    };
    const options = { sleep, longestSeconds: 12, onProgress: ({ state }: { state: string }) => states.push(state) };
    const step = await waitForStep(w.client, run, options);
    expect(step).to.include({ state: "COMPLETED", stepId: "s-1", clusterId: "j-1" });
    expect(states).to.deep.equal(["PENDING", "RUNNING", "COMPLETED"]);
    expect(w.slept).to.deep.equal([5, 7.5, 11.25, 12, 5, 7.5]);
  });

  it("fails with EMR's reason and the log of the step", async () => {
    const w = world();
    const FailureDetails = { Reason: "Application error", Message: "exit code 1", LogFile: `${logUri}stderr.gz` };
    w.become("FAILED", { FailureDetails });
    const error = await errorOf(waitForStep(w.client, run, w));
    expect(error).to.include({
      ...{ code: "STEP_FAILED", path: "j-1/s-1", state: "FAILED", clusterId: "j-1", stepId: "s-1" },
      ...{ reason: "Application error: exit code 1", logUri: "s3://my-logs/emr/stderr.gz" },
    });
    expect(error.message).to.equal(
      'the step "step s-1" (s-1) on j-1 failed: Application error: exit code 1; read on in s3://my-logs/emr/stderr.gz',
    );
  });

  it("names the folder of the step's logs where EMR names no file", async () => {
    const w = world();
    w.become("FAILED");
    expect(await errorOf(waitForStep(w.client, run, w))).to.include({ logUri: "s3://my-logs/emr/j-1/steps/s-1/" });
  });

  it("says why the cluster ended when it took the step with it", async () => {
    const w = world();
    w.become("CANCELLED");
    w.cluster.state = "TERMINATED_WITH_ERRORS";
    w.cluster.reason = "On the primary instance, bootstrap action 1 failed";
    const error = await errorOf(waitForStep(w.client, run, w));
    expect(error).to.include({ code: "CLUSTER_FAILED", logUri: "s3://my-logs/emr/j-1/" });
    expect(error.message).to.include("bootstrap action 1 failed");
  });

  it("tells a cancelled step from one that failed", async () => {
    const w = world();
    w.become("CANCELLED");
    expect(await errorOf(waitForStep(w.client, run, w))).to.include({ code: "STEP_CANCELLED" });
  });

  it("goes on after a throttled call and a fault of the server's, and not after a refusal", async () => {
    const w = world({ 3: () => w.become("COMPLETED") });
    w.standIn.before = (_, count) => {
      if (count === 1) throw Object.assign(new Error("Rate exceeded"), { name: "ThrottlingException" });
      if (count === 2) throw Object.assign(new Error("oops"), { $metadata: { httpStatusCode: 503 } });
    };
    expect(await waitForStep(w.client, run, w)).to.include({ state: "COMPLETED" });

    const refused = Object.assign(new Error("not authorized"), { $metadata: { httpStatusCode: 400 } });
    const other = world();
    other.standIn.before = () => {
      throw refused;
    };
    expect(await waitForStep(other.client, run, other).catch((error: unknown) => error)).to.equal(refused);
    expect(other.calls).to.have.length(1);
  });

  it("gives up when EMR does not answer eight times in a row", async () => {
    const w = world();
    w.standIn.before = () => {
      throw Object.assign(new Error("no way"), { code: "ECONNREFUSED" });
    };
    expect(await waitForStep(w.client, run, w).catch((error: Error) => error.message)).to.equal("no way");
    expect(w.calls).to.have.length(8);
  });

  it("ends with the signal's reason; the step goes on", async () => {
    const stop = new AbortController();
    const w = world({ 2: () => stop.abort("enough") });
    const ended = await waitForStep(w.client, run, { ...w, signal: stop.signal }).catch((reason: unknown) => reason);
    expect(ended).to.equal("enough");
    expect(w.calls).not.to.include("CancelStepsCommand");
  });

  it("ends at once when the signal comes in a real pause, and cancels the step when asked to", async () => {
    const w = world();
    const stop = new AbortController();
    setTimeout(() => stop.abort("enough"), 20);
    const options = { signal: stop.signal, cancelOnAbort: true, firstSeconds: 3600, longestSeconds: 3600 };
    expect(await waitForStep(w.client, run, options).catch((reason: unknown) => reason)).to.equal("enough");
    expect(w.cluster.steps[0]?.Status?.State).to.equal("CANCELLED");
  });
});

describe("waitForRun", () => {
  it("waits until nothing is paid for any more", async () => {
    const w = world({
      1: () => {
        w.cluster.state = "RUNNING";
        w.become("COMPLETED");
      },
      2: () => {
        w.cluster.state = "TERMINATED";
      },
    });
    const states: string[] = [];
    const ended = await waitForRun(w.client, "j-1", { ...w, onProgress: ({ state }) => states.push(state) });
    expect(ended.steps.map(({ state }) => state)).to.deep.equal(["COMPLETED"]);
    expect(states).to.deep.equal(["STARTING", "RUNNING", "TERMINATED"]);
  });

  it("fails with the reason and the log of the step that made the cluster end with errors", async () => {
    const w = world();
    const FailureDetails = { Reason: "Application error", LogFile: `${logUri}stderr.gz` };
    w.become("FAILED", { FailureDetails });
    w.cluster.state = "TERMINATED_WITH_ERRORS";
    w.cluster.reason = "Shut down as step failed";
    const error = await errorOf(waitForRun(w.client, "j-1", w));
    expect(error).to.include({
      ...{ code: "CLUSTER_FAILED", state: "TERMINATED_WITH_ERRORS", stepId: "s-1", logUri: `${logUri}stderr.gz` },
      reason: "Application error: Shut down as step failed",
    });
    expect(error.message).to.include('the step "step s-1" (s-1) on j-1 failed: Application error');
  });

  it("does not take a cluster that somebody ended for one that is done", async () => {
    const w = world();
    w.become("CANCELLED");
    w.cluster.state = "TERMINATED";
    expect(await errorOf(waitForRun(w.client, "j-1", w))).to.include({ code: "STEP_CANCELLED", stepId: "s-1" });
  });
});
