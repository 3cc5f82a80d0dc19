/** The client functions of etl-core with the SDK's own client against EMR of a local AWS, where every step ends well at once. */
import { EMRClient } from "@aws-sdk/client-emr";
import {
  addStep,
  cancelRun,
  dailyStep,
  describeRun,
  exampleNightly,
  renderNightlyJobFlow,
  submitRun,
  waitForStep,
} from "@sales-etl/etl-core/emr";
import { assert } from "chai";
import { type LocalAws, startLocalAws } from "../src/index.ts";

describe("EMR's client functions in a local AWS", function () {
  this.timeout("60s");
  let aws: LocalAws | undefined;
  let client: EMRClient;

  before(async function () {
    const started = await startLocalAws();
    if ("missing" in started) return this.skip();
    aws = started;
    client = new EMRClient(started.clientConfig);
  });
  after(async () => {
    client?.destroy();
    await aws?.stop();
  });

  const step = (businessDate: string) =>
    dailyStep({
      control: "s3://control/spark",
      ...{ businessDate, runId: `run-${businessDate}`, database: "sales" },
      ...{ program: "s3://artifacts/spark", landing: "s3://landing", warehouse: "s3://warehouse/tables" },
    });
  const { jobFlow } = renderNightlyJobFlow(exampleNightly);

  it("start a cluster with its step, wait for it, describe and end it", async () => {
    const run = await submitRun(client, { ...jobFlow, Name: "night of 2017-06-30" }, step("2017-06-30"));
    assert.match(run.clusterId, /^j-/);
    assert.isFalse(run.found);
    const ended = await waitForStep(client, run);
    assert.deepInclude(ended, { state: "COMPLETED", name: "weekly fact 2017-06-30", stepId: run.stepId });
    assert.instanceOf(ended.created, Date);

    const added = await addStep(client, run.clusterId, step("2017-07-01"));
    assert.notEqual(added.stepId, run.stepId);
    const described = await describeRun(client, run.clusterId);
    assert.equal(described.name, "night of 2017-06-30");
    assert.sameMembers(
      described.steps.map(({ name }) => name),
      ["weekly fact 2017-06-30", "weekly fact 2017-07-01"],
    );
    await cancelRun(client, { clusterId: run.clusterId });
    assert.match((await describeRun(client, run.clusterId)).state, /^TERMINAT/);
  });

  it("tell of a cluster that is not there in EMR's words", async () => {
    const refused = await waitForStep(client, { clusterId: "j-NOTTHERE", stepId: "s-1" }).catch((error) => error);
    assert.instanceOf(refused, Error);
    assert.equal(refused.name, "InvalidRequestException");
  });
});
