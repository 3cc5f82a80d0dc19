import { expect } from "chai";
import { contractVersion } from "../generate/version.ts";
import { retail } from "../retail/index.ts";
import { checkSql, duckdb } from "../sql/index.ts";
import { int } from "./column.ts";
import { tableOf } from "./index.ts";
import { parseLoads, withLoads } from "./loads.ts";
import { defineTable, latenessOf } from "./table.ts";

describe("loads of a deployment", () => {
  it("are read from one text", () => {
    expect(parseLoads("sales=cumulative, inventory = delta")).to.deep.equal({
      sales: "cumulative",
      inventory: "delta",
    });
    expect(parseLoads("")).to.deep.equal({});
    for (const wrong of ["sales", "sales=all", "=delta", "sales=delta=delta"]) {
      expect(() => parseLoads(wrong), wrong)
        .to.throw("is no load")
        .with.include({ code: "LOAD_INVALID" });
    }
    expect(() => parseLoads("sales=delta,sales=cumulative")).to.throw("given twice");
  });

  it("change what a table is, and with it the contract's version", () => {
    const dumps = withLoads(retail, { sales: "cumulative" });
    expect(tableOf(dumps, "sales").load).to.equal("cumulative");
    expect(tableOf(dumps, "inventory")).to.equal(tableOf(retail, "inventory"));
    expect(contractVersion(dumps)).not.to.equal(contractVersion(retail));
    expect(contractVersion(withLoads(retail, { sales: "delta" }))).to.equal(contractVersion(retail));
  });

  it("let a row of a dump be of any day before, and of none after", () => {
    const sales = tableOf(withLoads(retail, { sales: "cumulative" }), "sales");
    expect(latenessOf(sales)).to.equal(null);
    expect(latenessOf(tableOf(retail, "sales"))).to.equal(7);
    const sql = checkSql(sales, duckdb);
    expect(sql).to.contain("trans_dt__typed > CAST(_business_date AS DATE) THEN 'trans_dt=DATE_OUTSIDE_FILE'");
    expect(sql).not.to.contain("INTERVAL");
  });

  it("are refused where a table cannot come that way", () => {
    const refused = (table: string, load: "delta" | "snapshot" | "cumulative") =>
      expect(() => withLoads(retail, { [table]: load })).to.throw();
    refused("store", "cumulative").with.include({ code: "LOAD_INVALID", path: "load.store" });
    refused("sales", "snapshot").with.include({ code: "LOAD_INVALID", path: "load.sales" });
    refused("shops", "delta").with.include({ code: "CONTRACT_NO_TABLE" });
    const undated = () =>
      defineTable({
        ...{ name: "notes", title: "Notes", description: "Notes", grain: "one row per note", tolerance: 0 },
        load: "cumulative",
        columns: { note: int("Note") },
      });
    expect(undated).to.throw("only a table with a dated column can be cumulative");
  });
});
