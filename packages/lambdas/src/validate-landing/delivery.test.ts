import type { DateReport } from "@sales-etl/etl-core/validate";
import { assert } from "chai";
import { judgementId } from "./delivery.ts";

const report: DateReport = { businessDate: "2017-06-30", verdict: "accepted", problems: [], files: [] };
const delivery = { etag: "b1946ac92492d2347c6235b4d2611184", versionId: "v1" };

describe("validate-landing: which judgement it is", () => {
  it("the same of the same delivery", () => {
    assert.equal(judgementId(delivery, report), judgementId({ ...delivery }, { ...report }));
    assert.match(judgementId(delivery, report), /^[0-9a-f]{16}$/);
  });

  const others = {
    "the same bytes, delivered again into a bucket with versions": judgementId(
      { ...delivery, versionId: "v2" },
      report,
    ),
    "another manifest in a bucket without versions": judgementId({ etag: "c", versionId: null }, report),
    "the first one in a bucket without versions": judgementId({ etag: "b", versionId: null }, report),
    "no manifest": judgementId(null, report),
    "another finding under the same manifest": judgementId(delivery, { ...report, verdict: "rejected" }),
  };
  it("another of every other one", () => {
    const ids = [judgementId(delivery, report), ...Object.values(others)];
    assert.lengthOf([...new Set(ids)], ids.length, JSON.stringify(others, null, 2));
  });
});
