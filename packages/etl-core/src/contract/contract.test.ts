import { expect } from "chai";
import { retail } from "../retail/index.ts";
import { amount, date, defineDataset, defineTable, int, type RowOf, tableOf, text } from "./index.ts";

const visits = {
  name: "visits",
  title: "Visits",
  description: "People through the door",
  grain: "one row per site and day",
  load: "delta" as const,
  tolerance: 0,
};

describe("defineTable", () => {
  it("infers the row type: keys are there, other values may be null, decimals are text", () => {
    const table = defineTable({ ...visits, columns: { site: int("Site").required(), paid: amount("Paid") } });
    const row: RowOf<typeof table> = { site: 1, paid: "2.50" };
    const unknown: RowOf<typeof table> = { site: 1, paid: null };
    // @ts-expect-error a required column is never null
    const wrong: RowOf<typeof table> = { site: null, paid: null };
    expect([row.site, unknown.paid, wrong.paid]).to.deep.equal([1, null, null]);
  });

  it("refuses a key that may be empty, naming table and column", () => {
    expect(() => defineTable({ ...visits, key: ["site"], columns: { site: int("Site") } }))
      .to.throw("table visits: the key column site must be required()")
      .with.include({ code: "CONTRACT_INVALID", path: "visits.site" });
  });

  it("refuses a dated column that is no required date", () => {
    const columns = { day: date("Day"), site: int("Site").required() };
    expect(() => defineTable({ ...visits, dated: { column: "day", lateness: 0 }, columns })).to.throw(
      "must be a required date",
    );
    expect(() => defineTable({ ...visits, dated: { column: "site", lateness: 0 }, columns })).to.throw(
      "must be a required date",
    );
  });

  it("refuses patterns that engines read differently, and patterns of what is no text", () => {
    const code = (column: ReturnType<typeof text>) => () => defineTable({ ...visits, columns: { code: column } });
    for (const pattern of ["[A-Z]{2}", "a|b", "[0-9]{3}[.][0-9]+", "(AB|[^a-c])?x*"]) {
      expect(code(text("Code").matching(pattern)), pattern).not.to.throw();
    }
    const wrong = [
      "[0-9]\\.",
      "a.b",
      "^a",
      "a$",
      "(?:a)",
      "[a&&b]",
      "[[:alpha:]]",
      "[]a]",
      "a{1001}",
      "a{2000,}",
      "(",
      "é",
      "",
    ];
    for (const pattern of wrong) {
      expect(code(text("Code").matching(pattern)), pattern).to.throw(
        "is not written so that all engines read it alike",
      );
    }
    const number = () => defineTable({ ...visits, columns: { site: int("Site").matching("[0-9]") } });
    expect(number).to.throw("only a text can have a pattern, not int").with.include({ path: "visits.site" });
  });

  it("refuses names that some engine would have to quote, and tolerances that are no share", () => {
    expect(() => defineTable({ ...visits, columns: { Site: int("Site") } })).to.throw('"Site" is no name');
    expect(() => defineTable({ ...visits, tolerance: 2, columns: { site: int("Site") } })).to.throw(
      "share from 0 to 1",
    );
  });
});

describe("the retail data set", () => {
  // Counted by hand in the source's DDL.
  const columns = { sales: 12, inventory: 9, store: 21, product: 11, calendar: 11 };

  it("has the five tables in full", () => {
    expect(Object.fromEntries(retail.tables.map(({ name, columnNames }) => [name, columnNames.length]))).to.deep.equal(
      columns,
    );
  });

  it("stores numeric(38,2) as decimal(18,2), and 64-bit basket numbers", () => {
    const sales = tableOf(retail, "sales");
    expect(sales.columns.sales_amt).to.include({ sourceType: "numeric(38,2)", type: "decimal(18,2)" });
    expect(sales.columns.trans_id).to.include({ sourceType: "int", type: "bigint" });
  });

  it("says which tables there are when one is asked for that is not", () => {
    expect(() => tableOf(retail, "shops")).to.throw(
      "there is no table shops in retail: sales, inventory, store, product, calendar",
    );
  });

  it("refuses a fact over a column that no table has", () => {
    const fact = { ...retail.fact, keys: ["store_key", "colour"] };
    expect(() => defineDataset({ ...retail, attribution: "", fact })).to.throw("the table sales has no column colour");
  });
});
