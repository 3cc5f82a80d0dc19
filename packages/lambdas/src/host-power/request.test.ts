import { InvalidPropertiesError } from "@sales-etl/etl-core/errors";
import { assert } from "chai";
import { parseRequest } from "./request.ts";

const runEnded = {
  dataset: "retail",
  businessDate: "2017-06-30",
  runId: "manual__1",
  result: "failed",
  clusterId: null,
} as const;

describe("host-power: what it is asked for", () => {
  it("reads schedules, people and the pipeline's events", () => {
    const scheduledTime = "2017-07-01T02:00:00Z";
    assert.deepEqual(parseRequest({ action: "ensure-running", scheduledTime }), {
      action: "ensure-running",
      scheduledTime,
    });
    assert.deepEqual(parseRequest({ action: "ensure-running" }), { action: "ensure-running", scheduledTime: null });
    assert.deepEqual(parseRequest({ action: "stop-if-idle" }), { action: "stop-if-idle", ended: null });
    assert.deepEqual(parseRequest({ action: "dead-man" }), { action: "dead-man" });
    assert.deepEqual(parseRequest({ source: "sales-etl", "detail-type": "RunEnded", detail: runEnded }), {
      action: "stop-if-idle",
      ended: runEnded,
    });
  });

  const wrong = [
    null,
    {},
    { action: "reboot" },
    { action: "check-freshness" },
    { action: "ensure-running", scheduledTime: "2017-07-01T02:00:00" },
    { action: "ensure-running", scheduledTime: "<aws.scheduler.scheduled-time>" },
    { source: "aws.ec2", detail: {} },
    { source: "sales-etl", "detail-type": "RunEnded", detail: { ...runEnded, result: "perhaps" } },
    {
      source: "sales-etl",
      "detail-type": "GateRequested",
      detail: { scheduledTime: "2017-07-01T02:00:00Z" },
    },
  ];
  for (const event of wrong) {
    it(`refuses ${JSON.stringify(event)}`, () => {
      assert.throws(() => parseRequest(event), InvalidPropertiesError);
    });
  }
});
