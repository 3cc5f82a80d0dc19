import { expect } from "chai";
import { amount, defineTable, text } from "../contract/index.ts";
import { retail } from "../retail/index.ts";
import { rulesOf, section } from "./markdown.ts";
import { relationOf } from "./relation.ts";

describe("the data dictionary", () => {
  it("says grain, key and what an export brings", () => {
    const lines = section(relationOf(retail, "inventory"));
    expect(lines).to.contain("Grain: one row per day, store and product. Key: `cal_dt`, `store_key`, `prod_key`.");
    expect(lines).to.contain("| `out_of_stock_flg` | int | required; 0 or 1 |  | 1 when the store ran out |");
    expect(section(relationOf(retail, "sales")))
      .to.contain("Key: none, repeated rows are data.")
      .and.to.contain("up to 7 days before");
    expect(section(relationOf(retail, "calendar"))).to.contain("Rule: yr_num and wk_num are the parts of yr_wk_num.");
    expect(section(relationOf(retail, "weekly_fact"))).to.contain(
      "| `pct_in_stock` | decimal(18,4) |  | share of tracked days |",
    );
  });

  it("says owner and freshness where there are some, and no | ends a cell", () => {
    const table = defineTable({
      ...{
        name: "notes",
        title: "Notes",
        description: "Notes",
        grain: "one row per note",
        load: "snapshot",
        tolerance: 0,
      },
      ...{ owner: "planning", freshness: 3 },
      columns: { note: text("This | that") },
    });
    const lines = section(relationOf({ ...retail, tables: [...retail.tables, table] }, "notes"));
    expect(lines).to.contain("An export may be missing for up to 3 days. Owner: planning.");
    expect(lines).to.contain("| This \\| that |");
  });

  it("has bounds in words", () => {
    const { spec } = amount("Paid").between(0);
    expect(rulesOf(spec)).to.equal("from 0");
    expect(rulesOf(amount("Paid").between(undefined, 5).required().spec)).to.equal("required; up to 5");
  });
});
