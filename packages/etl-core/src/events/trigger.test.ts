import { assert } from "chai";
import { InvalidPropertiesError } from "../errors.ts";
import accepted from "./fixtures/landing-accepted.json" with { type: "json" };
import arrived from "./fixtures/s3-object-created.json" with { type: "json" };
import { askGate, parseTrigger } from "./trigger.ts";

const context = { landingBucket: "example-landing", timeZone: "America/Chicago" };

function problemsOf(event: unknown): string[] {
  try {
    parseTrigger(event, context);
  } catch (error) {
    assert.instanceOf(error, InvalidPropertiesError);
    assert.equal(error.code, "EVENT_INVALID");
    return error.problems.map(({ path, message }) => `${path}: ${message}`);
  }
  return assert.fail("must throw");
}

const withKey = (key: string) => ({ ...arrived, detail: { ...arrived.detail, object: { key } } });

describe("events: what triggers the gate", () => {
  it("reads the date from the manifest that S3 announces", () => {
    assert.deepEqual(parseTrigger(arrived, context), {
      by: "manifest",
      businessDate: "2017-06-30",
      moment: null,
      wish: null,
    });
  });

  it("takes the day that ended last in the company's zone for the schedule's time", () => {
    const trigger = parseTrigger({ scheduledTime: "2017-07-01T02:00:00Z" }, context);
    assert.deepEqual(trigger, {
      by: "schedule",
      businessDate: "2017-06-29",
      moment: "2017-07-01T02:00:00Z",
      wish: null,
    });
    assert.equal(parseTrigger({ scheduledTime: "2017-07-01T02:00:00-05:00" }, context).businessDate, "2017-06-30");
  });

  it("takes the moment at which the host runs, and the night's begin when it ran already, in the same way", () => {
    const running = {
      source: "aws.ec2",
      "detail-type": "EC2 Instance State-change Notification",
      time: "2017-07-01T05:01:07Z",
      detail: { "instance-id": "i-0a1b2c3d4e5f60718", state: "running" },
    };
    assert.deepEqual(parseTrigger(running, context), {
      by: "host",
      businessDate: "2017-06-30",
      moment: running.time,
      wish: null,
    });
    const requested = {
      source: "sales-etl",
      "detail-type": "GateRequested",
      detail: { scheduledTime: "2017-07-01T02:00:00Z" },
    };
    const { scheduledTime: moment } = requested.detail;
    assert.deepEqual(parseTrigger(requested, context), {
      by: "schedule",
      businessDate: "2017-06-29",
      moment,
      wish: null,
    });
    assert.deepEqual(problemsOf({ ...running, detail: { state: "stopped" } }), ['detail.state: is not "running"']);
    assert.deepEqual(problemsOf(accepted), ["detail-type: LandingAccepted is not for the gate"]);
  });

  it("takes a person's date as it is", () => {
    assert.deepEqual(parseTrigger({ businessDate: "2016-02-29" }, context), {
      by: "person",
      businessDate: "2016-02-29",
      ...{ moment: null, wish: null },
    });
    const detail = { scheduledTime: "2017-07-01T02:00:00Z", businessDate: "2016-02-29" };
    const overTheBus = { source: "sales-etl", "detail-type": "GateRequested", detail };
    const wished = { ...overTheBus, detail: { ...detail, requestId: "manual__1" } };
    // As Airflow's form tells it: it names nobody, and a run is what it is for.
    const ofForm = { id: "manual__1", by: null, reason: null, wantsRun: true };
    assert.deepEqual(parseTrigger(wished, context).wish, ofForm);
    assert.deepEqual(parseTrigger(overTheBus, context), {
      by: "person",
      businessDate: "2016-02-29",
      moment: null,
      wish: null,
    });
  });

  it("reads what a person says as it was told", () => {
    const moment = "2017-07-01T08:00:00Z";
    for (const wish of [
      { id: "1", by: "Ada", reason: "the till was repaired", wantsRun: false },
      { id: "2", by: null, reason: null, wantsRun: true },
    ]) {
      const { detailType, detail } = askGate("2016-02-29", moment, wish);
      const event = { source: "sales-etl", "detail-type": detailType, detail };
      assert.deepEqual(parseTrigger(event, context), { by: "person", businessDate: "2016-02-29", moment: null, wish });
    }
    const { detail } = askGate("2016-02-29", moment, null);
    assert.deepEqual(detail, { scheduledTime: moment, businessDate: "2016-02-29" });
    const wrong = { ...detail, by: "", wantsRun: "yes" };
    assert.deepEqual(problemsOf({ source: "sales-etl", "detail-type": "GateRequested", detail: wrong }), [
      "detail.wantsRun: is neither true nor false",
      "detail.by: is empty",
    ]);
  });

  const manifestExpected = "expected _manifest/dt=YYYY-MM-DD/manifest.json";
  for (const key of [
    "_manifest/dt=2017-06-30/report.json",
    "_manifest/dt=2017-06-31/manifest.json",
    "_manifest/dt%3D2017-06-30/manifest.json",
    "_manifest/dt=2017-06-30/x/manifest.json",
    "old/_manifest/dt=2017-06-30/manifest.json",
    "sales/dt=2017-06-30/sales_2017-06-30.csv",
    "",
  ]) {
    it(`refuses the key "${key}"`, () => {
      assert.deepEqual(problemsOf(withKey(key)), [`detail.object.key: "${key}" is no manifest: ${manifestExpected}`]);
    });
  }

  it("names every wrong property of an event of S3", () => {
    const detail = { bucket: { name: "other" }, object: { key: "x" } };
    assert.deepEqual(problemsOf({ source: "aws.s3", "detail-type": "Object Created", detail }), [
      'detail.bucket.name: "other" is not the landing bucket',
      `detail.object.key: "x" is no manifest: ${manifestExpected}`,
    ]);
    assert.deepEqual(problemsOf({ source: "aws.s3", "detail-type": "Object Deleted", detail: { bucket: 7 } }), [
      'detail-type: is not "Object Created"',
      "detail.bucket: is no object",
      "detail.object: is no object",
    ]);
  });

  it("refuses a scheduled time that could be read in two ways", () => {
    const expected = ["scheduledTime: is no moment written 2017-07-01T02:00:00Z"];
    for (const scheduledTime of ["2017-07-01T02:00:00", "2017-07-01", "<aws.scheduler.scheduled-time>", 1498874400]) {
      assert.deepEqual(problemsOf({ scheduledTime }), expected);
    }
  });

  it("refuses a date that is none", () => {
    for (const businessDate of ["2017-02-29", "2017-6-30", "yesterday", 20170630, null]) {
      assert.deepEqual(problemsOf({ businessDate }), ["businessDate: is no day written YYYY-MM-DD"]);
    }
  });

  it("says what it expects when it knows nothing of an event", () => {
    for (const event of [null, undefined, "2017-06-30", [], {}, { source: "aws.emr" }]) {
      const [problem, ...others] = problemsOf(event);
      assert.isEmpty(others);
      assert.match(problem ?? "", /^source: expected an event of S3, \{"scheduledTime": /);
    }
  });
});
