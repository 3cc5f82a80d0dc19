import { appendFileSync, cpSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { retail } from "@sales-etl/etl-core/retail";
import { expect } from "chai";
import { openEngine, quoted, type Row } from "../src/engine/duckdb.ts";
import { runDates } from "../src/engine/run.ts";
import { land } from "./support/landing.ts";
import { stateOf } from "./support/warehouse.ts";
import { inProcess } from "./support/workspace.ts";

/** As any DuckDB client does: opens the file that the state names. */
async function opened(warehouse: string, sql: string): Promise<readonly Row[]> {
  const engine = await openEngine(path.join(warehouse, stateOf(warehouse).database.file), { access_mode: "READ_ONLY" });
  try {
    await engine.run(`SET file_search_path = ${quoted(warehouse)}`);
    return await engine.rows(sql);
  } finally {
    engine.close();
  }
}

const TABLES = ["weekly_fact", "store_dim", "product_dim", "calendar_dim", "quarantine", "runs", "receipts"];

const content = async (warehouse: string, tables = TABLES) =>
  Object.fromEntries(
    await Promise.all(
      tables.map(async (name) => [name, await opened(warehouse, `SELECT * FROM ${name} ORDER BY ALL`)] as const),
    ),
  );

describe("the DuckDB file of a warehouse", () => {
  const good = Array.from({ length: 49 }, (_, index) => `${index},10,1,2020-01-06,1,1.00`);
  const { folder, landing, warehouse, run } = inProcess();

  before(async () => {
    await land(landing, "2020-01-04", { sales: "1,10,1,2020-01-04,2,5.00" });
    await land(landing, "2020-01-06", {
      sales: [...good, "99,10,,2020-01-06,1,1.00"].join("\n"),
      inventory: "2020-01-06,1,10,4,0",
      store: "1,Store one",
    });
    await run("2020-01-04");
    await run("2020-01-06");
  });

  it("has fact, dimensions and operations as tables", async () => {
    const found = await content(warehouse);
    const days = found.weekly_fact?.map(({ yr_wk_num, sales_amt }) => [yr_wk_num, sales_amt]);
    expect(days).to.deep.equal([
      [202001, "5.00"],
      [202002, "49.00"],
    ]);
    const stores = found.store_dim?.map((row) => [row.store_desc, row.valid_from, row.valid_to, row.is_current]);
    expect(stores).to.deep.equal([
      ["Store 1", "2020-01-04", "2020-01-06", false],
      ["Store one", "2020-01-06", null, true],
    ]);
    expect(found.calendar_dim).to.have.length(5);
    expect(found.quarantine?.[0]).to.include({
      ...{ business_date: "2020-01-06", table_name: "sales", line_num: "51", column_name: "store_key" },
      ...{ problem_code: "VALUE_NULL", file_name: "sales/dt=2020-01-06/sales_2020-01-06.csv" },
    });
    const runs = found.runs?.map((row) => [row.kind, row.dates_loaded, row.rows_accepted, row.rows_rejected]);
    // 1 and 49 + 1 rows, and 7 of the snapshots each.
    expect(runs).to.deep.equal([
      ["run", 1, "8", "0"],
      ["run", 1, "57", "1"],
    ]);
    expect(found.receipts?.map((row) => [row.business_date, row.periods_restated])).to.deep.equal([
      ["2020-01-04", "202001"],
      ["2020-01-06", "202002"],
    ]);
  });

  it("has the base rows as views, also after the folder has moved", async () => {
    const moved = path.join(folder, "moved [1]");
    cpSync(warehouse, path.join(folder, "copy"), { recursive: true, preserveTimestamps: true });
    renameSync(path.join(folder, "copy"), moved);
    const hidden = `${warehouse}.hidden`;
    renameSync(warehouse, hidden);
    try {
      expect(await opened(moved, "SELECT COUNT(*) AS n, SUM(sales_amt) AS amt FROM sales")).to.deep.equal([
        { n: "50", amt: "54.00" },
      ]);
      expect(await opened(moved, "SELECT inventory_on_hand_qty AS n FROM inventory")).to.deep.equal([{ n: "4.00" }]);
    } finally {
      renameSync(hidden, warehouse);
    }
  });

  it("has the literal wording of the brief beside the corrected numbers, as a view", async () => {
    const rows = await opened(warehouse, "SELECT * FROM weekly_fact_brief ORDER BY ALL");
    expect(rows.map((row) => [row.yr_wk_num, row.sales_qty, row.brief_pct_in_stock, row.pct_in_stock])).to.deep.equal([
      [202001, "2.00", "0.0000", null],
      [202002, "49.00", "0.0000", "1.0000"],
    ]);
  });

  it("has the fact with what is current of its dimensions, as a view", async () => {
    const rows = await opened(warehouse, "SELECT * FROM weekly_fact_with_dimensions ORDER BY ALL");
    // The weeks of Saturday, 4 January and Monday, 6 January 2020 begin on their Sundays; the store has its new name in both.
    expect(rows.map((row) => [row.week_start_dt, row.yr_wk_num, row.sales_qty, row.store_desc])).to.deep.equal([
      ["2020-01-04", 202001, "2.00", "Store one"],
      ["2020-01-05", 202002, "49.00", "Store one"],
    ]);
  });

  it("is the same carried on as made anew, also after somebody wrote to it or lost it", async () => {
    await land(landing, "2020-01-06", { sales: "7,11,1,2020-01-06,1,1.25" });
    await run("2020-01-06");
    const carried = await content(warehouse);
    expect(carried.quarantine).to.deep.equal([]);
    expect(carried.weekly_fact?.map((row) => row.prod_key)).to.deep.equal([10, 11]);
    await land(landing, "2020-01-11", { sales: "8,10,1,2020-01-11,1,2.00", store: "1,Store two" });
    const spoil = {
      "as it was": () => {},
      "written to": (file: string) => appendFileSync(file, "x"),
      lost: (file: string) => rmSync(file),
    };
    const tables = TABLES.filter((name) => !["runs", "receipts", "quarantine"].includes(name));
    const found = [];
    for (const [name, how] of Object.entries(spoil)) {
      const other = path.join(folder, name);
      cpSync(warehouse, other, { recursive: true, preserveTimestamps: true });
      how(path.join(other, stateOf(other).database.file));
      await runDates({ dataset: retail, landing, warehouse: other, dates: ["2020-01-11"] });
      found.push(await content(other, tables));
      expect(await opened(other, "SELECT COUNT(*) AS n FROM runs")).to.deep.equal([{ n: "4" }]);
    }
    expect(found[0]?.weekly_fact).to.have.length(3);
    expect(found[1]).to.deep.equal(found[0]);
    expect(found[2]).to.deep.equal(found[0]);
  });
});
