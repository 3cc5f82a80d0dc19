import { expect } from "chai";
import { parseRunId, runId } from "./run-id.ts";

const first = { businessDate: "2017-06-30", judgement: "0a1b2c3d4e5f6071", attempt: 1 };

describe("the names of runs", () => {
  it("say date, judgement and attempt, and can be read again", () => {
    expect(runId(first)).to.equal("sales_daily__2017-06-30__0a1b2c3d4e5f6071");
    expect(runId({ ...first, attempt: 12 })).to.equal("sales_daily__2017-06-30__0a1b2c3d4e5f6071__12");
    for (const name of [first, { ...first, attempt: 2 }, { ...first, attempt: 99 }]) {
      expect(parseRunId(runId(name))).to.deep.equal(name);
    }
  });

  it("are ours or nobody's", () => {
    for (const id of [
      "manual__2017-07-01T00:00:00+00:00",
      "sales_daily__2017-06-30",
      "sales_daily__2017-06-31__0a1b2c3d4e5f6071",
      "sales_daily__2017-06-30__0a1b2c3d4e5f6071__1",
      "sales_daily__2017-06-30__0a1b2c3d4e5f6071__100",
      "xsales_daily__2017-06-30__0a1b2c3d4e5f6071",
    ]) {
      expect(parseRunId(id), id).to.equal(null);
    }
  });
});
