import { InvalidPropertiesError } from "@sales-etl/etl-core/errors";
import { assert } from "chai";
import { parseRequest } from "./request.ts";

describe("trigger-dag: what is to be triggered", () => {
  it("reads a person's wish", () => {
    assert.deepEqual(parseRequest({ businessDate: "2017-06-30" }), {
      businessDate: "2017-06-30",
      attempt: 1,
      again: null,
    });
    assert.deepEqual(parseRequest({ businessDate: "2017-06-30", attempt: 3 }), {
      businessDate: "2017-06-30",
      attempt: 3,
      again: null,
    });
  });

  const wrong = [
    null,
    {},
    { businessDate: "2017-06-31" },
    { businessDate: "2017-06-30", attempt: 0 },
    { businessDate: "2017-06-30", attempt: 100 },
    { businessDate: "2017-06-30", attempt: "2" },
    { source: "aws.s3", detail: {} },
    {
      source: "sales-etl",
      "detail-type": "RunEnded",
      detail: { dataset: "retail", businessDate: "2017-06-30", runId: "x", result: "failed" },
    },
  ];
  for (const event of wrong) {
    it(`refuses ${JSON.stringify(event)}`, () => {
      assert.throws(() => parseRequest(event), InvalidPropertiesError);
    });
  }
});
