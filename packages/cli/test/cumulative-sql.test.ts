import { date, defineTable, int, text } from "@sales-etl/etl-core/contract";
import { cumulativeSources, cumulativeSql } from "@sales-etl/etl-core/sql";
import { expect } from "chai";
import { openEngine } from "../src/engine/duckdb.ts";

const table = defineTable({
  ...{ name: "lines", title: "Lines", description: "Lines", grain: "one row per line" },
  ...{ load: "cumulative", tolerance: 0, dated: { column: "day", lateness: 0 } },
  columns: { day: date("Day").required(), basket: int("Basket").required(), note: text("Note") },
});

/** Rows of `day, basket, note[, load_dt], source_file`. */
async function changes(known: readonly string[], dump: readonly string[]): Promise<string[]> {
  const engine = await openEngine(":memory:");
  try {
    const { known: before, dump: now } = cumulativeSources(table);
    const columns = "day DATE, basket INT, note VARCHAR";
    await engine.run(`CREATE TABLE ${before} (${columns}, load_dt DATE, source_file VARCHAR)`);
    await engine.run(`CREATE TABLE ${now} (${columns}, source_file VARCHAR)`);
    if (known.length > 0) await engine.run(`INSERT INTO ${before} VALUES ${known.join(", ")}`);
    if (dump.length > 0) await engine.run(`INSERT INTO ${now} VALUES ${dump.join(", ")}`);
    const rows = await engine.rows(cumulativeSql(table, ["source_file"]));
    expect(rows.length === 0 ? "" : Object.keys(rows[0] ?? {}).join(",")).to.be.oneOf([
      "",
      "day,basket,note,source_file,load_dt,row_change",
    ]);
    return rows
      .map((row) =>
        Object.values(row)
          .map((value) => value ?? "-")
          .join(","),
      )
      .sort();
  } finally {
    engine.close();
  }
}

describe("the SQL of a cumulative dump", () => {
  const old = "(DATE '2020-01-05', 1, NULL, DATE '2020-01-05', 'a.csv')";

  it("finds nothing in an unchanged dump, NULLs being equal", async () => {
    expect(
      await changes([old, old], ["(DATE '2020-01-05', 1, NULL, 'b.csv')", "(DATE '2020-01-05', 1, NULL, 'b.csv')"]),
    ).to.deep.equal([]);
  });

  it("counts copies: a third one is new, of two that are one too many the later one is gone", async () => {
    const copy = "(DATE '2020-01-05', 1, NULL, 'b.csv')";
    expect(await changes([old, old], [copy, copy, copy])).to.deep.equal(["2020-01-05,1,-,b.csv,-,added"]);
    const later = "(DATE '2020-01-05', 1, NULL, DATE '2020-01-06', 'b.csv')";
    expect(await changes([later, old], [copy])).to.deep.equal(["2020-01-05,1,-,b.csv,2020-01-06,gone"]);
  });

  it("gives a row that changed as it was and as it is, and leaves days before the dump's first alone", async () => {
    const known = ["(DATE '2020-01-04', 9, 'x', DATE '2020-01-04', 'a.csv')", old];
    expect(await changes(known, ["(DATE '2020-01-05', 1, '', 'b.csv')"])).to.deep.equal([
      "2020-01-05,1,,b.csv,-,added",
      "2020-01-05,1,-,a.csv,2020-01-05,gone",
    ]);
  });

  it("says nothing where there is no row, and everything where nothing was known", async () => {
    expect(await changes([old], [])).to.deep.equal([]);
    expect(await changes([], ["(DATE '2020-01-05', 1, 'x', 'b.csv')"])).to.deep.equal(["2020-01-05,1,x,b.csv,-,added"]);
  });
});
