/**
 * An inventory export of any size, made while it is read: right rows with different keys, but for the first, which comes
 * again as the last. Run by itself (`node large-stock.ts MEGABYTES`) it checks one and prints what came of it.
 */
import { Readable } from "node:stream";
import { tableOf } from "@sales-etl/etl-core/contract";
import { retail } from "@sales-etl/etl-core/retail";
import { checkFile } from "@sales-etl/etl-core/validate";

const DATE = "2020-01-06";

/** Physical lines from 2 on: one row each. */
function* pieces(megabytes: number): Generator<Buffer> {
  yield Buffer.from(
    "cal_dt,store_key,prod_key,inventory_on_hand_qty,inventory_on_order_qty,out_of_stock_flg,waste_qty,promotion_flg,next_delivery_dt\n",
  );
  const row = (store: number, product: number) =>
    `${DATE},${store},${product},${(product * 7) % 900}.${10 + (store % 90)},0.00,0,0.00,false,2020-01-09\n`;
  let bytes = 0;
  for (let product = 1; bytes < megabytes * 1e6; product += 1) {
    let piece = "";
    for (let store = 1; store <= 1000; store += 1) piece += row(store, product);
    bytes += piece.length;
    yield Buffer.from(piece);
  }
  yield Buffer.from(row(1, 1));
}

if (import.meta.main) {
  const start = performance.now();
  const checked = await checkFile({
    table: tableOf(retail, "inventory"),
    businessDate: DATE,
    file: `inventory/dt=${DATE}/inventory_${DATE}.csv`,
    stream: Readable.from(pieces(Number(process.argv[2]))),
  });
  const { rowsRead, rowsRejected, verdict, bytes } = checked;
  const problems = checked.problems.map(({ code, line, value }) => [code, line, value]);
  const seconds = (performance.now() - start) / 1000;
  const megabytes = process.resourceUsage().maxRSS / 1024;
  console.log(JSON.stringify({ rowsRead, rowsRejected, verdict, bytes, problems, seconds, megabytes }));
}
