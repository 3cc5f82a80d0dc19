/**
 * An inventory export of any size, made while it is read: right rows with different keys, but for the first, which comes
 * again as the last. Run by itself (`node large-stock.ts MEGABYTES [PARTS]`) it checks one and prints what came of it.
 */
import { Readable } from "node:stream";
import { tableOf } from "@sales-etl/etl-core/contract";
import { type Landing, manifestKey, tablePrefix } from "@sales-etl/etl-core/landing";
import { retail } from "@sales-etl/etl-core/retail";
import { checkDate, checkFile } from "@sales-etl/etl-core/validate";

const DATE = "2020-01-06";
const STORES = 1000;
const header =
  "cal_dt,store_key,prod_key,inventory_on_hand_qty,inventory_on_order_qty,out_of_stock_flg,waste_qty,promotion_flg,next_delivery_dt\n";

/** Products have seven digits, so that the rows of one are those of another with its digits in them. */
const FIRST_PRODUCT = 1_000_000;
const row = (store: number) =>
  `${DATE},${store},${FIRST_PRODUCT},${(store * 7) % 900}.${10 + (store % 90)},0.00,0,0.00,false,2020-01-09\n`;
const rows = Buffer.from(Array.from({ length: STORES }, (_, index) => row(index + 1)).join(""));
const digitsAt: number[] = [];
for (let at = rows.indexOf(`,${FIRST_PRODUCT},`); at >= 0; at = rows.indexOf(`,${FIRST_PRODUCT},`, at + 1))
  digitsAt.push(at + 1);

/**
 * Physical lines from 2 on: one row each. The same buffer is given again and again, and no text is made: what takes memory
 * is the checker.
 */
async function* pieces(megabytes: number, firstProduct = FIRST_PRODUCT): AsyncGenerator<Buffer> {
  yield Buffer.from(header);
  for (let index = 0; index * rows.length < megabytes * 1e6; index += 1) {
    for (let place = 6, rest = firstProduct + index; place >= 0; place -= 1, rest = Math.floor(rest / 10)) {
      for (const at of digitsAt) rows[at + place] = 48 + (rest % 10);
    }
    yield rows;
  }
  // The first row of all.
  yield Buffer.from(row(1));
}

async function checkOne(megabytes: number) {
  const { rowsRead, rowsRejected, verdict, bytes, problems } = await checkFile({
    table: tableOf(retail, "inventory"),
    businessDate: DATE,
    file: `inventory/dt=${DATE}/inventory_${DATE}.csv`,
    stream: pieces(megabytes),
  });
  return {
    rowsRead,
    rowsRejected,
    verdict,
    bytes,
    problems: problems.map(({ code, line, value }) => [code, line, value]),
  };
}

/** The same in parts, each with products of its own. */
async function checkParts(megabytes: number, parts: number) {
  const prefix = tablePrefix("inventory", DATE);
  async function* content(part: number) {
    // A stream of Node reads ahead.
    for await (const piece of pieces(megabytes / parts, FIRST_PRODUCT + part * 100_000)) yield Buffer.from(piece);
  }
  const count = Math.ceil((megabytes * 1e6) / parts / rows.length);
  const files = Array.from({ length: parts }, (_, part) => ({
    table: "inventory",
    file: `${prefix}inventory_${DATE}.part${part + 1}.csv`,
    rows: count * STORES + 1,
    bytes: header.length + count * rows.length + row(1).length,
  }));
  const manifest = JSON.stringify({ version: 1, businessDate: DATE, createdAt: `${DATE}T22:00:00Z`, files });
  const landing: Landing = {
    uri: "memory:",
    list: async (wanted) =>
      [
        ...files.map(({ file, bytes }) => ({ key: file, bytes })),
        { key: manifestKey(DATE), bytes: manifest.length },
      ].filter(({ key }) => key.startsWith(wanted)),
    async open(key) {
      const part = files.findIndex(({ file }) => file === key);
      return Readable.from(part < 0 ? [Buffer.from(manifest)] : content(part));
    },
  };
  const dataset = { ...retail, tables: [tableOf(retail, "inventory")] };
  const { report } = await checkDate({ dataset, landing, businessDate: DATE });
  return {
    verdict: report.verdict,
    rowsRead: report.files.reduce((sum, { rowsRead }) => sum + rowsRead, 0),
    problems: report.files.flatMap((file) => file.problems.map(({ code, value }) => [code, value])),
  };
}

if (import.meta.main) {
  const [megabytes = 0, parts = 1] = process.argv.slice(2).map(Number);
  const start = performance.now();
  const found = parts === 1 ? await checkOne(megabytes) : await checkParts(megabytes, parts);
  const seconds = (performance.now() - start) / 1000;
  console.log(JSON.stringify({ ...found, seconds, megabytes: process.resourceUsage().maxRSS / 1024 }));
}
