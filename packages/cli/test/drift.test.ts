/** Columns that the contract does not know: the file is rejected, they are left out, or they are kept. */
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type Dataset, withLoads } from "@sales-etl/etl-core/contract";
import { folderLanding } from "@sales-etl/etl-core/landing/folder";
import { retail } from "@sales-etl/etl-core/retail";
import { validateDate } from "@sales-etl/etl-core/validate";
import { expect } from "chai";
import { openReader } from "../src/engine/reader.ts";
import { runDates } from "../src/engine/run.ts";
import { writeManifest } from "../src/source/write-manifest.ts";
import { scratch } from "./support/command.ts";
import { land } from "./support/landing.ts";

const withDrift = (drift: "reject" | "ignore" | "keep", dataset: Dataset = retail): Dataset => ({
  ...dataset,
  tables: dataset.tables.map((table) => (["sales", "store"].includes(table.name) ? { ...table, drift } : table)),
});

/** Replaces the file of a table. */
async function write(landing: string, table: string, date: string, text: string): Promise<void> {
  const file = path.join(landing, table, `dt=${date}`, `${table}_${date}.csv`);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  await writeManifest(retail, landing, date);
}

const columnsOf = (table: string) => retail.tables.find(({ name }) => name === table)?.columnNames ?? [];

/** A file with the contract's columns, empty but for those that are given, and others. */
function csv(table: string, others: readonly string[], rows: readonly Readonly<Record<string, string>>[]): string {
  const names = [...others.slice(0, 1), ...columnsOf(table), ...others.slice(1)];
  const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
  return `${[names.map(quote), ...rows.map((row) => names.map((name) => quote(row[name] ?? "")))].map((line) => line.join(",")).join("\n")}\n`;
}

const sale = (basket: string, day: string, more: object) => ({
  ...{ trans_id: basket, prod_key: "10", store_key: "1", trans_dt: day, sales_qty: "1.00", sales_amt: "2.00" },
  ...more,
});

const FIRST = "2020-01-05";

describe("a column that the contract does not know", () => {
  async function place() {
    const landing = path.join(mkdtempSync(path.join(scratchFolder, "place-")), "landing");
    const warehouse = path.join(landing, "..", "warehouse");
    await land(landing, FIRST, { inventory: `${FIRST},1,10,5.00,0` });
    const rows = [
      sale("1", FIRST, { Till: 'the "first"', "gift note": "thé, \\ ☕\nfor you" }),
      sale("2", FIRST, { Till: "", "gift note": "" }),
    ];
    await write(landing, "sales", FIRST, csv("sales", ["Till", "gift note"], rows));
    return { landing, warehouse };
  }
  const scratchFolder = scratch();
  const query = async (dataset: Dataset, warehouse: string, sql: string) => {
    const reader = await openReader(dataset, warehouse);
    try {
      return await reader.rows(sql);
    } finally {
      reader.close();
    }
  };

  it("rejects the file, or is left out with a warning", async () => {
    const { landing, warehouse } = await place();
    const check = (drift: "reject" | "ignore") =>
      validateDate({ dataset: withDrift(drift), landing: folderLanding(landing), businessDate: FIRST });
    const rejected = await check("reject");
    expect(rejected.verdict).to.equal("rejected");
    expect(rejected.files.flatMap(({ problems }) => problems.map(({ code, column }) => [code, column]))).to.deep.equal([
      ["HEADER_COLUMN_EXTRA", "till"],
      ["HEADER_COLUMN_EXTRA", "gift note"],
    ]);
    const ignored = await check("ignore");
    expect(ignored.verdict).to.equal("accepted");
    expect(ignored.problems.map(({ code }) => code)).to.deep.equal(["HEADER_COLUMN_IGNORED", "HEADER_COLUMN_IGNORED"]);
    const dataset = withDrift("ignore");
    const { dates } = await runDates({ dataset, landing, warehouse, dates: [FIRST] });
    expect(dates[0]).to.include({ verdict: "accepted", rowsRejected: 0 });
    expect(Object.keys((await query(dataset, warehouse, "SELECT * FROM sales"))[0] ?? {})).to.deep.equal([
      ...columnsOf("sales"),
      "load_dt",
    ]);
  });

  it("is kept with its row, letter by letter, and asked for by name", async () => {
    const { landing, warehouse } = await place();
    const dataset = withDrift("keep");
    await write(landing, "store", FIRST, csv("store", ["open since"], [{ store_key: "1", "open since": "1999" }]));
    const { dates } = await runDates({ dataset, landing, warehouse, dates: [FIRST] });
    expect(dates[0]).to.include({ verdict: "accepted", rowsRejected: 0 });
    const rows = await query(
      dataset,
      warehouse,
      `SELECT trans_id, extra_columns ->> 'till' AS till, extra_columns ->> '$."gift note"' AS note, extra_columns FROM sales ORDER BY 1`,
    );
    expect(rows).to.deep.equal([
      {
        ...{ trans_id: "1", till: 'the "first"', note: "thé, \\ ☕\nfor you" },
        extra_columns: JSON.stringify({ "gift note": "thé, \\ ☕\nfor you", till: 'the "first"' }),
      },
      { trans_id: "2", till: null, note: null, extra_columns: null },
    ]);
    expect(await query(dataset, warehouse, "SELECT store_key, extra_columns FROM store_dim")).to.deep.equal([
      { store_key: 1, extra_columns: '{"open since":"1999"}' },
    ]);
    const report = await validateDate({ dataset, landing: folderLanding(landing), businessDate: FIRST });
    expect(report.problems.map(({ code, severity, table }) => `${code} ${severity} ${table}`)).to.deep.equal([
      ...["HEADER_COLUMN_KEPT warning sales", "HEADER_COLUMN_KEPT warning sales", "HEADER_COLUMN_KEPT warning store"],
    ]);
  });

  it("makes a version of a store of its own, and is missing where an older contract did not keep it", async () => {
    const { landing, warehouse } = await place();
    await write(landing, "sales", FIRST, csv("sales", [], [sale("1", FIRST, {})]));
    await runDates({ dataset: retail, landing, warehouse, dates: [FIRST] });
    const dataset = withDrift("keep");
    const next = "2020-01-06";
    await land(landing, next, { sales: "" });
    const stores = csv("store", ["rating"], [{ store_key: "1", store_desc: "Store 1", rating: "A" }]);
    await write(landing, "store", next, stores);
    await runDates({ dataset, landing, warehouse, dates: [next] });
    const versions = "SELECT CAST(valid_from AS VARCHAR) AS since, extra_columns FROM store_dim ORDER BY 1";
    expect(await query(dataset, warehouse, versions)).to.deep.equal([
      { since: FIRST, extra_columns: null },
      { since: next, extra_columns: '{"rating":"A"}' },
    ]);
    expect(await query(dataset, warehouse, "SELECT trans_id, extra_columns FROM sales")).to.deep.equal([
      { trans_id: "1", extra_columns: null },
    ]);
  });

  it("is compared in dumps of all days: another value makes another row", async () => {
    const { landing, warehouse } = await place();
    const dataset = withDrift("keep", withLoads(retail, { sales: "cumulative" }));
    const next = "2020-01-06";
    await land(landing, next);
    const rows = [sale("1", FIRST, { till: "7" }), sale("2", FIRST, { till: "" })];
    await write(landing, "sales", next, csv("sales", ["till"], rows));
    await runDates({ dataset, landing, warehouse, dates: [FIRST, next] });
    const found = "SELECT trans_id, CAST(load_dt AS VARCHAR) AS since, extra_columns FROM sales ORDER BY 1";
    expect(await query(dataset, warehouse, found)).to.deep.equal([
      { trans_id: "1", since: next, extra_columns: '{"till":"7"}' },
      { trans_id: "2", since: FIRST, extra_columns: null },
    ]);
  });
});
