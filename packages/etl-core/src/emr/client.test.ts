import { expect } from "chai";
import { emrStandIn, stepIn } from "../../test/support/emr-stand-in.ts";
import { SalesEtlError } from "../errors.ts";
import { addStep, cancelRun, describeRun, submitRun } from "./client.ts";
import { dailyStep } from "./daily-step.ts";
import { jobFlow } from "./job-flow.ts";

const flow = jobFlow({
  name: "sales-etl-dev 2017-06-30",
  instances: { primary: { types: ["m7g.xlarge"] }, core: { types: ["m7g.xlarge"] } },
  logUri: "s3://my-logs/emr/",
  serviceRole: "emr-service",
  jobFlowRole: "emr-instance",
});

const stepOf = (businessDate: string, warehouse = "s3://my-warehouse/tables") =>
  dailyStep({
    ...{ businessDate, warehouse, runId: `run-${businessDate}`, database: "sales" },
    ...{ program: "s3://my-artifacts/spark", landing: "s3://my-landing", control: "s3://my-control/spark" },
  });

const argsOf = (businessDate: string) => stepOf(businessDate).HadoopJarStep?.Args ?? [];

describe("submitRun", () => {
  it("starts a cluster with its step in one call; it ends with the step, also with one that fails", async () => {
    const { client, calls } = emrStandIn();
    let sent: { Steps?: { ActionOnFailure?: string }[]; Instances?: object } = {};
    const spy = {
      send: async (command: { input: object }) => {
        if (command.constructor.name === "RunJobFlowCommand") sent = command.input;
        return client.send(command as never);
      },
    } as typeof client;
    const run = await submitRun(spy, flow, stepOf("2017-06-30"));
    expect(run).to.deep.equal({ clusterId: "j-1", stepId: "s-1-1", found: false });
    expect(calls).to.deep.equal(["ListClustersCommand", "RunJobFlowCommand", "ListStepsCommand"]);
    expect(sent.Instances).to.have.property("KeepJobFlowAliveWhenNoSteps", false);
    expect(sent.Steps?.map(({ ActionOnFailure }) => ActionOnFailure)).to.deep.equal(["TERMINATE_CLUSTER"]);
  });

  it("finds the same date that is under way, on whatever page", async () => {
    const { client, calls, clusters } = emrStandIn();
    for (let other = 1; other <= 4; other += 1)
      clusters.set(`j-other-${other}`, { name: "another", state: "RUNNING", steps: [] });
    const first = await submitRun(client, flow, stepOf("2017-06-30"));
    expect(await submitRun(client, flow, stepOf("2017-06-30"))).to.deep.equal({ ...first, found: true });
    expect(calls.filter((call) => call === "RunJobFlowCommand")).to.have.length(1);
  });

  it("starts anew when the one before has ended, or writes to other tables", async () => {
    const { client, clusters } = emrStandIn();
    const first = await submitRun(client, flow, stepOf("2017-06-30"));
    const other = await submitRun(client, flow, stepOf("2017-06-30", "s3://my-warehouse/other"));
    expect(other.found).to.equal(false);
    const step = clusters.get(first.clusterId)?.steps[0];
    if (step?.Status !== undefined) step.Status.State = "FAILED";
    expect((await submitRun(client, flow, stepOf("2017-06-30"))).found).to.equal(false);
    expect(clusters.size).to.equal(3);
  });
});

describe("addStep", () => {
  it("adds a step, and finds one of the same date that has not ended", async () => {
    const { client, clusters } = emrStandIn();
    const steps = [stepIn("s-a", "RUNNING", argsOf("2017-06-29")), stepIn("s-b", "COMPLETED", argsOf("2017-06-30"))];
    clusters.set("j-1", { name: "one", state: "WAITING", steps });
    const added = await addStep(client, "j-1", stepOf("2017-06-30"));
    expect(added).to.deep.equal({ clusterId: "j-1", stepId: "s-j-1-3", found: false });
    expect(await addStep(client, "j-1", stepOf("2017-06-30"))).to.deep.equal({ ...added, found: true });
    expect((await addStep(client, "j-1", stepOf("2017-06-29"))).stepId).to.equal("s-a");
  });
});

describe("describeRun", () => {
  it("gives the cluster and all of its steps, oldest first", async () => {
    const { client, clusters } = emrStandIn();
    const failure = {
      Reason: "Unknown Error.",
      Message: "exit 1",
      LogFile: "s3://my-logs/emr/j-1/steps/s-3/stderr.gz",
    };
    const steps = [
      stepIn("s-3", "FAILED", [], { Status: { State: "FAILED", FailureDetails: failure } }),
      stepIn("s-2", "COMPLETED"),
      stepIn("s-1", "COMPLETED"),
    ];
    clusters.set("j-1", { name: "one", state: "RUNNING", logUri: "s3n://my-logs/emr/", steps });
    const run = await describeRun(client, "j-1");
    expect(run).to.deep.include({ clusterId: "j-1", name: "one", state: "RUNNING", logUri: "s3://my-logs/emr/" });
    expect(run.steps.map(({ stepId, state }) => `${stepId} ${state}`)).to.deep.equal([
      "s-1 COMPLETED",
      "s-2 COMPLETED",
      "s-3 FAILED",
    ]);
    const { Reason: reason, Message: message, LogFile: logUri } = failure;
    expect(run.steps[2]?.failure).to.deep.equal({ reason, message, logUri });
  });
});

describe("cancelRun", () => {
  it("cancels one step or ends the cluster, and says what EMR refuses", async () => {
    const { client, clusters } = emrStandIn();
    clusters.set("j-1", {
      ...{ name: "one", state: "RUNNING" },
      steps: [stepIn("s-1", "COMPLETED"), stepIn("s-2", "RUNNING")],
    });
    await cancelRun(client, { clusterId: "j-1", stepId: "s-2" });
    expect(clusters.get("j-1")?.steps[1]?.Status?.State).to.equal("CANCELLED");
    const refused = await cancelRun(client, { clusterId: "j-1", stepId: "s-1" }).catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(SalesEtlError);
    expect(refused).to.include({
      code: "STEP_NOT_CANCELLED",
      message: "the step s-1 on j-1 cannot be cancelled: Step has already completed.",
    });
    await cancelRun(client, { clusterId: "j-1" });
    expect(clusters.get("j-1")?.state).to.equal("TERMINATED");
  });
});
