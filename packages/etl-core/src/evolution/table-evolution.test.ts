import { expect } from "chai";
import { evolveTable, type TableShape } from "./table-evolution.ts";

const current: TableShape = {
  columns: {
    store_key: { type: "int", comment: "Store" },
    sales_amt: { type: "decimal(18,2)", comment: "Sales" },
    _file: { type: "string", comment: "File" },
  },
  partition: "store_key",
};
const evolve = (columns: TableShape["columns"], partition = "store_key") =>
  evolveTable("retail.fact", current, { columns: { ...current.columns, ...columns }, partition });

describe("the evolution of a table", () => {
  it("is nothing where nothing has changed, in whatever order", () => {
    const columns = Object.fromEntries(Object.entries(current.columns).reverse());
    expect(evolveTable("retail.fact", current, { ...current, columns })).to.deep.equal({
      statements: [],
      breaking: [],
    });
  });

  it("adds columns in one statement", () => {
    const { statements, breaking } = evolve({
      weeks: { type: "int", comment: "Store's week" },
      _line: { type: "bigint", comment: "a\\b" },
    });
    expect(breaking).to.deep.equal([]);
    expect(statements).to.deep.equal([
      "ALTER TABLE retail.fact ADD COLUMNS (weeks int COMMENT 'Store\\'s week', `_line` bigint COMMENT 'a\\\\b')",
    ]);
  });

  it("widens whole numbers and decimals of the same scale, and changes comments", () => {
    expect(
      evolve({
        store_key: { type: "bigint", comment: "Store" },
        sales_amt: { type: "decimal(20,2)", comment: "Sales" },
        _file: { type: "string", comment: "File of the row" },
      }),
    ).to.deep.equal({
      statements: [
        "ALTER TABLE retail.fact CHANGE COLUMN store_key store_key bigint COMMENT 'Store'",
        "ALTER TABLE retail.fact CHANGE COLUMN sales_amt sales_amt decimal(20,2) COMMENT 'Sales'",
        "ALTER TABLE retail.fact CHANGE COLUMN `_file` `_file` string COMMENT 'File of the row'",
      ],
      breaking: [],
    });
  });

  for (const [from, to] of [
    ["decimal(18,2)", "decimal(16,2)"],
    ["decimal(18,2)", "decimal(20,4)"],
    ["decimal(18,2)", "double"],
  ] as const) {
    it(`refuses ${from} to ${to}, with a way out`, () => {
      const [problem] = evolve({ sales_amt: { type: to, comment: "Sales" } }).breaking;
      expect(problem?.path).to.equal("columns.sales_amt");
      expect(problem?.message).to.include(`from ${from} into ${to}`).and.to.include("another name");
    });
  }

  it("refuses to narrow a whole number and to change the partition", () => {
    const shape = (type: string, partition: string): TableShape => ({
      columns: { a: { type, comment: "" }, b: { type: "int", comment: "" } },
      partition,
    });
    const { breaking } = evolveTable("t", shape("bigint", "a"), shape("int", "b"));
    expect(breaking.map(({ path }) => path)).to.deep.equal(["columns.a", "partition"]);
  });

  it("refuses to drop a column", () => {
    const { breaking } = evolveTable("t", current, { columns: {}, partition: "store_key" });
    expect(breaking.map(({ path }) => path)).to.deep.equal(["columns.store_key", "columns.sales_amt", "columns._file"]);
  });
});
