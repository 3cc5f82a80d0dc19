/** Columns that the contract does not know and keeps: the same rows and the same text, letter by letter, on both engines. */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { type Dataset, withLoads } from "@sales-etl/etl-core/contract";
import { retail } from "@sales-etl/etl-core/retail";
import { expect } from "chai";
import { writeManifest } from "../../packages/cli/src/source/write-manifest.ts";
import { land } from "../../packages/cli/test/support/landing.ts";
import { bothEngines, sameDimensions, sameQuarantine, sameRows, sparkFact } from "./both-engines.ts";

const keeping = ["sales", "inventory", "store"];
const kept: Dataset = withLoads(
  {
    ...retail,
    tables: retail.tables.map((table) =>
      keeping.includes(table.name) ? { ...table, drift: "keep", tolerance: 0.5 } : table,
    ),
  },
  { sales: "cumulative" },
);

type Cells = Readonly<Record<string, string>>;

/** A file with the contract's columns, empty but for those that are given, and others around them. */
function csv(table: string, others: readonly string[], rows: readonly Cells[], lineEnd = "\n"): string {
  const known = retail.tables.find(({ name }) => name === table)?.columnNames ?? [];
  const names = [...others.slice(0, 1), ...known, ...others.slice(1)];
  const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const line = (cells: readonly string[]) => `${cells.map(quote).join(",")}${lineEnd}`;
  return [names, ...rows.map((row) => names.map((name) => row[name] ?? ""))].map(line).join("");
}

function write(landing: string, table: string, date: string, part: string, text: string): void {
  const file = path.join(landing, table, `dt=${date}`, `${table}_${date}${part}`);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, part.endsWith(".gz") ? gzipSync(text) : text);
}

const sale = (basket: string, day: string, more: Cells): Cells => ({
  ...{ trans_id: basket, prod_key: "10", store_key: "1", trans_dt: day, sales_qty: "1.00", sales_amt: "2.00" },
  ...more,
});
const stock = (product: string, day: string, more: Cells): Cells => ({
  ...{ cal_dt: day, store_key: "1", prod_key: product, inventory_on_hand_qty: "5.00", out_of_stock_flg: "0" },
  ...more,
});

/** Every control character but NUL, which makes a file binary, and what JSON writers are not of one mind about. */
const odd = `${Array.from({ length: 31 }, (_, index) => String.fromCharCode(index + 1)).join("")}\u007f\u2028/\\"<>'\ud83d\ude00\uffff`;
const [first, second, third] = ["2020-01-05", "2020-01-06", "2020-01-11"] as const;

describe("columns that are kept, on the Spark job and the embedded engine", function () {
  this.timeout("600s");
  const { folder, both } = bothEngines();

  it("are the same text whatever stands in them, in parts with other columns, in dumps and in a dimension's history", async () => {
    const landing = path.join(folder(), "kept-landing");
    for (const date of [first, second, third]) await land(landing, date, { sales: null, inventory: null, store: null });
    // Dumps of all days: a value changes, a column comes and goes, a row is wrong.
    write(
      landing,
      "sales",
      first,
      ".csv",
      csv("sales", ["Till"], [sale("1", first, { Till: odd }), sale("2", first, {})]),
    );
    const now = [sale("1", first, { Till: odd, " Note": "a" }), sale("2", first, { Till: "7" }), sale("3", second, {})];
    write(
      landing,
      "sales",
      second,
      ".csv",
      csv("sales", ["Till", " Note"], [...now, sale("x", second, { Till: "8" })], "\r\n"),
    );
    const bare = [sale("1", first, {}), sale("2", first, { till: "7" }), sale("3", second, {})];
    write(landing, "sales", third, ".part1.csv", csv("sales", ["till"], bare.slice(0, 2)));
    write(landing, "sales", third, ".part2.csv.gz", csv("sales", [], bare.slice(2)));
    // A day in parts, each with columns of its own; U+1F600 comes before U+FF5E where UTF-16 is sorted.
    write(
      landing,
      "inventory",
      first,
      ".part1.csv",
      csv("inventory", ["\uff5e", "\ud83d\ude00"], [stock("10", first, { "\uff5e": "w", "\ud83d\ude00": "f" })]),
    );
    write(
      landing,
      "inventory",
      first,
      ".part2.csv",
      csv("inventory", ['a "b".c', "_ragged"], [stock("11", first, { 'a "b".c': "line\r\nend\n", _ragged: " " })]),
    );
    write(landing, "inventory", second, ".csv", csv("inventory", [], [stock("10", second, {})]));
    write(
      landing,
      "inventory",
      third,
      ".csv",
      csv("inventory", ["_metadata"], [stock("10", third, { _metadata: odd })]),
    );
    // The second store's rating is all that changes: a version of it.
    const store = (key: string, more: Cells): Cells => ({ store_key: key, store_desc: `Store ${key}`, ...more });
    write(landing, "store", first, ".csv", csv("store", ["rating"], [store("1", {}), store("2", { rating: "A" })]));
    write(landing, "store", second, ".csv", csv("store", ["rating"], [store("1", {}), store("2", { rating: "B" })]));
    write(landing, "store", third, ".csv", csv("store", ["rating"], [store("1", {}), store("2", { rating: "B" })]));
    for (const date of [first, second, third]) await writeManifest(kept, landing, date);

    const warehouses = await both(kept, landing, [first, second, third], 1);
    const sales = await sameRows(
      kept,
      warehouses,
      "sales",
      (from) => `SELECT trans_id, extra_columns FROM ${from} ORDER BY ALL`,
    );
    expect(sales).to.deep.equal([
      { trans_id: "1", extra_columns: null },
      { trans_id: "2", extra_columns: '{"till":"7"}' },
      { trans_id: "3", extra_columns: null },
    ]);
    const inventory = await sameRows(
      kept,
      warehouses,
      "inventory",
      (from) => `SELECT cal_dt, prod_key, extra_columns FROM ${from} ORDER BY ALL`,
    );
    expect(inventory.map((row) => row.extra_columns)).to.deep.equal([
      '{"\ud83d\ude00":"f","\uff5e":"w"}',
      '{"_ragged":" ","a \\"b\\".c":"line\\r\\nend\\n"}',
      null,
      JSON.stringify({ _metadata: odd }).replaceAll(/\\u00../g, (text) => `\\u${text.slice(2).toUpperCase()}`),
    ]);
    // Two versions of store 2, one of store 1; the product; five days.
    expect(await sameDimensions(warehouses, kept)).to.equal(3 + 1 + 5);
    // The header is line 1; the first row has a line end of its own, so the fourth begins on line 6.
    const [refused, ...rest] = await sameQuarantine(warehouses, [first, second, third]);
    expect(rest).to.deep.equal([]);
    expect(refused).to.match(/^sales sales\/dt=2020-01-06\/sales_2020-01-06.csv 6 trans_id VALUE_NOT_INTEGER x /);
    const columns = [kept.fact.calendar.period, ...kept.fact.keys, ...kept.fact.measures.map(({ name }) => name)];
    const fact = await sameRows(
      kept,
      warehouses,
      kept.fact.name,
      (from) => `SELECT ${columns.join(", ")} FROM ${from} ORDER BY ALL`,
    );
    expect(fact.map(({ sales_qty }) => sales_qty)).to.deep.equal(["3.00", "0.00"]);
    expect(await sparkFact(warehouses.spark, kept)).to.have.length(1 + fact.length);
  });
});
