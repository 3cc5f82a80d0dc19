/** Random rows of sales and stock, and files of them in every order. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { retail } from "@sales-etl/etl-core/retail";
import fc from "fast-check";
import type { SaleRow, StockRow } from "./naive-fact.ts";

// Friday to Monday over the end of a week.
export const days = ["2020-01-03", "2020-01-04", "2020-01-05", "2020-01-06"];
/** The fiscal week of one of the days. */
export const weekOf = (day: string) => (day < "2020-01-05" ? 202001 : 202002);
const calendar = [
  ...["2020-01-03,5,2020,1,202001", "2020-01-04,6,2020,1,202001", "2020-01-05,0,2020,2,202002"],
  "2020-01-06,1,2020,2,202002",
];

/** Hundredths: ordinary ones, and what the contract lets through at most. */
const hundredths = (most: bigint, least = -most) =>
  fc.oneof(
    { weight: 6, arbitrary: fc.bigInt(least < -300n ? -300n : least, most > 900n ? 900n : most) },
    { weight: 1, arbitrary: fc.constantFrom(0n, 1n, least, most) },
  );
const money = hundredths(1_000_000_000n);
// Three lines of a day may not exceed what a day may have.
const dayShare = hundredths(300_000_000n);
const key = { day: fc.constantFrom(...days), store: fc.constantFrom(1, 2), product: fc.constantFrom(10, 11, 12) };
const empty = fc.option(money, { nil: null });
const saleRow: fc.Arbitrary<SaleRow> = fc.record({
  ...{ ...key, qty: hundredths(10_000_000n), amt: dayShare },
  ...{ cost: empty, margin: empty, discount: empty, shipping: empty },
});
const stockRow: fc.Arbitrary<StockRow> = fc.record({
  ...{ ...key, onHand: hundredths(1_000_000_000n, -1_000_000n) },
  ...{
    onOrder: fc.option(hundredths(1_000_000_000n, 0n), { nil: null }),
    out: fc.constantFrom(0 as const, 1 as const),
  },
});

const keyOf = ({ day, store, product }: SaleRow | StockRow) => `${day},${store},${product}`;

/** At most three lines a day and key, so that no day exceeds its bounds; at most one snapshot. */
export const movements = fc.record({
  sales: fc
    .array(saleRow, { maxLength: 40 })
    .map((rows) =>
      rows.filter((row, at) => rows.slice(0, at).filter((other) => keyOf(other) === keyOf(row)).length < 3),
    ),
  stock: fc.uniqueArray(stockRow, { selector: keyOf, maxLength: 20 }),
});

const decimal = (value: bigint | null): string => {
  if (value === null) return "";
  const digits = (value < 0n ? -value : value).toString().padStart(3, "0");
  return `${value < 0n ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
};

/** As the source writes it. */
export const saleText = (row: SaleRow, basket: number): Readonly<Record<string, string>> => ({
  ...{ trans_id: String(basket), trans_dt: row.day, store_key: String(row.store), prod_key: String(row.product) },
  ...{ sales_qty: decimal(row.qty), sales_amt: decimal(row.amt), sales_cost: decimal(row.cost) },
  ...{ sales_mgrn: decimal(row.margin), discount: decimal(row.discount), ship_cost: decimal(row.shipping) },
});
export const stockText = (row: StockRow): Readonly<Record<string, string>> => ({
  ...{ cal_dt: row.day, store_key: String(row.store), prod_key: String(row.product) },
  ...{ inventory_on_hand_qty: decimal(row.onHand), inventory_on_order_qty: decimal(row.onOrder) },
  out_of_stock_flg: String(row.out),
});

export type Row = Readonly<Record<string, string>>;
/** A number below `below`, from the case at hand: repeatable with its seed. */
export type Choose = (below: number) => number;

/** In an order of the case. */
export const shuffled = <T>(items: readonly T[], choose: Choose): T[] =>
  items
    .map((item) => ({ item, at: choose(1_000_000) }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);

/** Writes the files of one table and date, in one to `most` parts, each in its own order of columns and rows. */
export function writeTable(
  landing: string,
  table: string,
  date: string,
  rows: readonly Row[],
  choose: Choose,
  most = 3,
): void {
  const folder = path.join(landing, table, `dt=${date}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const columns = retail.tables.find(({ name }) => name === table)?.columnNames ?? [];
  const parts = 1 + choose(most);
  const order = shuffled(rows, choose);
  for (let part = 0; part < parts; part += 1) {
    const own = order.filter((_, index) => index % parts === part);
    const header = shuffled(columns, choose);
    const text = `${[header, ...own.map((row) => header.map((column) => row[column] ?? ""))].map((line) => line.join(",")).join("\n")}\n`;
    const name = `${table}_${date}${parts === 1 ? "" : `.part${part + 1}`}.csv`;
    if (choose(4) === 0) writeFileSync(path.join(folder, `${name}.gz`), gzipSync(text));
    else writeFileSync(path.join(folder, name), text);
  }
}

/** The tables that come whole. */
export const snapshots: Readonly<Record<string, readonly Row[]>> = {
  store: [{ store_key: "1" }, { store_key: "2" }],
  product: [{ prod_key: "10" }, { prod_key: "11" }, { prod_key: "12" }],
  calendar: calendar.map((line) => {
    const [cal_dt = "", day_of_wk_num = "", yr_num = "", wk_num = "", yr_wk_num = ""] = line.split(",");
    return { cal_dt, day_of_wk_num, yr_num, wk_num, yr_wk_num };
  }),
};
