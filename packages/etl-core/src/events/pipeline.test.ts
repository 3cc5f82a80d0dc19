import { assert } from "chai";
import { InvalidPropertiesError } from "../errors.ts";
import type { PipelineEvent } from "./details.ts";
import accepted from "./fixtures/landing-accepted.json" with { type: "json" };
import { eventEntry, parsePipelineEvent } from "./pipeline.ts";

const ended: PipelineEvent = {
  detailType: "RunEnded",
  detail: {
    dataset: "retail",
    businessDate: "2017-06-30",
    runId: "sales_daily__2017-06-30",
    result: "succeeded",
    clusterId: "j-1",
  },
};

function problemsOf(action: () => unknown): string[] {
  try {
    action();
  } catch (error) {
    assert.instanceOf(error, InvalidPropertiesError);
    assert.equal(error.code, "EVENT_INVALID");
    return error.problems.map(({ path, message }) => `${path}: ${message}`);
  }
  return assert.fail("must throw");
}

describe("events: the pipeline's own", () => {
  it("makes an entry for PutEvents", () => {
    assert.deepEqual(eventEntry(ended, "example-bus"), {
      Source: "sales-etl",
      DetailType: "RunEnded",
      Detail: JSON.stringify({
        ...{ dataset: "retail", businessDate: "2017-06-30", runId: "sales_daily__2017-06-30", result: "succeeded" },
        clusterId: "j-1",
      }),
      EventBusName: "example-bus",
    });
  });

  it("reads what an older version has told", () => {
    const { clusterId: _, ...older } = ended.detail as Record<string, unknown>;
    const event = { source: "sales-etl", "detail-type": "RunEnded", detail: older };
    assert.deepEqual<unknown>(parsePipelineEvent(event), {
      detailType: "RunEnded",
      detail: { ...older, clusterId: null },
    });
    const { leftToSpark: _left, again: _again, ...landed } = accepted.detail;
    const before = parsePipelineEvent({ ...accepted, detail: landed });
    assert.deepInclude(before.detail, { leftToSpark: [], again: null });
  });

  it("lets nothing onto the bus that a consumer could not parse", () => {
    const broken = { ...ended, detail: { ...ended.detail, businessDate: "30.06.2017", runId: "" } } as PipelineEvent;
    assert.deepEqual(
      problemsOf(() => eventEntry(broken, "example-bus")),
      ["detail.businessDate: is no day written YYYY-MM-DD", "detail.runId: is empty"],
    );
  });

  it("parses what the bus delivers", () => {
    const { detailType, detail } = parsePipelineEvent(accepted);
    assert.equal(detailType, "LandingAccepted");
    assert.deepEqual(detail, accepted.detail);
  });

  it("gives back what was put", () => {
    const { Source, DetailType, Detail } = eventEntry(ended, "example-bus");
    assert.deepEqual(
      parsePipelineEvent({ source: Source, "detail-type": DetailType, detail: JSON.parse(Detail) }),
      ended,
    );
  });

  it("leaves out properties that it does not know, for a later version may add some", () => {
    const later = { ...accepted, detail: { ...accepted.detail, cost: 3 } };
    assert.deepEqual(parsePipelineEvent(later).detail, accepted.detail);
  });

  it("names what is wrong with an event", () => {
    assert.deepEqual(
      problemsOf(() => parsePipelineEvent({ ...accepted, source: "aws.s3", "detail-type": "Other" })),
      [
        'source: is not "sales-etl"',
        "detail-type: is none of LandingAccepted, LandingRejected, LandingIncomplete, RunEnded, GateRequested, AttentionNeeded",
      ],
    );
    assert.deepEqual(
      problemsOf(() => parsePipelineEvent({ ...accepted, detail: { ...accepted.detail, files: -1, rowsRead: "9" } })),
      ["detail.files: is negative", "detail.rowsRead: is no whole number"],
    );
  });
});
