import { expect } from "chai";
import { defineDataset } from "../contract/index.ts";
import { retail } from "../retail/index.ts";
import type { ReportPlan } from "./report-plan.ts";

const plan = retail.report as ReportPlan;
const declared = (changes: Partial<ReportPlan>) => defineDataset({ ...retail, report: { ...plan, ...changes } });

describe("the report's plan", () => {
  it("is optional", () => {
    const { report: _, ...without } = retail;
    expect(defineDataset(without).report).to.equal(null);
    expect(declared({}).report).to.deep.equal(plan);
  });

  const share = plan.shares[0];
  const wrong: Readonly<Record<string, [Partial<ReportPlan>, string]>> = {
    "a headline that is no measure": [
      { headlines: [{ measure: "profit", better: "more" }] },
      "report of weekly_fact: profit is neither a measure nor a share",
    ],
    "a trend that is no measure": [{ trends: ["profit"] }, "profit is neither a measure nor a share"],
    "a share of what is no measure": [
      { shares: share === undefined ? [] : [{ ...share, numerator: "profit" }] },
      "profit is no measure",
    ],
    "a share with the name of a measure": [
      { shares: share === undefined ? [] : [{ ...share, name: "sales_amt" }] },
      "sales_amt is a measure and a share",
    ],
    "a heat map of a measure": [
      { heat: { share: "pct_in_stock", by: [{ key: "store_key", column: null }] } },
      "pct_in_stock is no share",
    ],
    "a heat map by what is no key": [
      { heat: { share: "pct_out_of_stock", by: [{ key: "city", column: null }] } },
      "city is no key of the fact",
    ],
    "a heat map by a column that its table lacks": [
      { heat: { share: "pct_out_of_stock", by: [{ key: "prod_key", column: "colour" }] } },
      "the table product has no column colour",
    ],
    "a column of losses that is no measure": [
      { losses: { measure: "sales_amt", columns: ["profit"] } },
      "profit is neither a measure nor a share",
    ],
  };
  for (const [title, [changes, message]] of Object.entries(wrong)) {
    it(`refuses ${title}`, () => expect(() => declared(changes)).to.throw(message));
  }
});
