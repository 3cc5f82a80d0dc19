/**
 * Files that the gate has not read, for they are too large for its time: the job refuses what the checks of the command
 * refuse, with the same code, file and line, and loads what they accept.
 */
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { businessDates } from "@sales-etl/etl-core/landing";
import { folderLanding } from "@sales-etl/etl-core/landing/folder";
import { retail } from "@sales-etl/etl-core/retail";
import { type DateReport, validateDate } from "@sales-etl/etl-core/validate";
import { expect } from "chai";
import { openEngine, quoted } from "../../packages/cli/src/engine/duckdb.ts";
import { bothEngines } from "./both-engines.ts";

type Cells = Readonly<Record<string, string>>;

const columnsOf = (table: string) => retail.tables.find(({ name }) => name === table)?.columnNames ?? [];
const line = (table: string, cells: Cells) =>
  columnsOf(table)
    .map((name) => cells[name] ?? "")
    .join(",");
const header = (table: string) => columnsOf(table).join(",");
const text = (table: string, rows: readonly Cells[]) =>
  [header(table), ...rows.map((row) => line(table, row)), ""].join("\n");

interface File {
  readonly content: string | Buffer;
  readonly rows: number;
  /** @default "" */
  readonly part?: string;
  /** As the manifest says. @default that of the content */
  readonly sha256?: string;
}

/** What is not as it should be on a date. */
interface Delivery {
  readonly sales: readonly File[];
  readonly totals?: Readonly<Record<string, string>>;
}

const sale = (basket: number, day: string, more: Cells = {}): Cells => ({
  ...{ trans_id: String(basket), prod_key: "10", store_key: "1", trans_dt: day },
  ...{ sales_qty: "1.00", sales_amt: "2.50", ...more },
});

function deliver(landing: string, date: string, { sales, totals }: Delivery): void {
  const own = { store_key: "1", prod_key: "10", cal_dt: date };
  const snapshot = (table: string, row: Cells): File => ({ content: text(table, [row]), rows: 1 });
  const week = { yr_wk_num: "202002", yr_num: "2020", wk_num: "2" };
  const calendar = [
    ["2020-01-05", "0"],
    ["2020-01-06", "1"],
  ].map(([cal_dt = "", day_of_wk_num = ""]) => ({ cal_dt, day_of_wk_num, ...week }));
  const tables: Readonly<Record<string, readonly File[]>> = {
    ...{ sales, store: [snapshot("store", own)], product: [snapshot("product", own)] },
    calendar: [{ content: text("calendar", calendar), rows: 2 }],
    inventory: [snapshot("inventory", { ...own, inventory_on_hand_qty: "5.00", out_of_stock_flg: "0" })],
  };
  const files = Object.entries(tables).flatMap(([table, all]) =>
    all.map(({ content, rows, part = "", sha256 }) => {
      const file = `${table}/dt=${date}/${table}_${date}${part}.csv${Buffer.isBuffer(content) ? ".gz" : ""}`;
      mkdirSync(path.dirname(path.join(landing, file)), { recursive: true });
      writeFileSync(path.join(landing, file), content);
      const bytes = Buffer.from(content);
      return {
        table,
        file,
        rows,
        bytes: bytes.length,
        sha256: sha256 ?? createHash("sha256").update(bytes).digest("hex"),
      };
    }),
  );
  const manifest = {
    version: 1,
    businessDate: date,
    files,
    ...(totals === undefined ? {} : { totals: { sales: totals } }),
  };
  const folder = path.join(landing, "_manifest", `dt=${date}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, "manifest.json"), JSON.stringify(manifest));
}

/** The first thing that made a date unusable: its code, and where that is. */
function firstFault(report: DateReport): string {
  for (const { file, problems } of report.files.filter(({ verdict }) => verdict === "rejected")) {
    const [first] = problems.filter(({ column }) => column === null || column === undefined);
    if (first !== undefined) return `${first.code} ${file} ${first.line ?? "-"}`;
  }
  const first = report.problems.find(({ severity }) => severity === "error");
  return first === undefined ? report.verdict : `${first.code} ${first.file ?? "-"} -`;
}

const wrongHash = "0".repeat(64);

/** By what is wrong, the day's sales and the code that it is refused with. */
const faults: Readonly<Record<string, readonly [code: string, make: (day: string) => Delivery]>> = {
  "another SHA-256": [
    "SHA256_DIFFERS",
    (day) => ({ sales: [{ content: text("sales", [sale(1, day)]), rows: 1, sha256: wrongHash }] }),
  ],
  "another control total": [
    "TOTALS_DIFFER",
    (day) => ({
      sales: [{ content: text("sales", [sale(1, day), sale(2, day)]), rows: 2 }],
      totals: { sales_amt: "5.01" },
    }),
  ],
  "a control total that is lost with a rejected row": [
    "TOTALS_DIFFER",
    (day) => ({
      sales: [
        { content: text("sales", [...many(day), sale(99, day, { sales_amt: "99999999999999999.25" })]), rows: 101 },
      ],
      totals: { sales_amt: "250.00" },
    }),
  ],
  "a control total of no column": [
    "TOTALS_DIFFER",
    (day) => ({ sales: [{ content: text("sales", [sale(1, day)]), rows: 1 }], totals: { trans_id: "1" } }),
  ],
  "a row too few": ["ROWS_DIFFER", (day) => ({ sales: [{ content: text("sales", [sale(1, day)]), rows: 2 }] })],
  "every row twice": [
    "FILE_DOUBLED",
    (day) => ({
      sales: [{ content: text("sales", [sale(1, day), sale(2, day), sale(2, day), sale(1, day)]), rows: 4 }],
    }),
  ],
  "two parts with the same rows": [
    "FILE_REPEATED",
    (day) => ({
      sales: [
        { content: text("sales", [sale(1, day)]), rows: 1, part: ".part1" },
        { content: gzipSync(text("sales", [sale(1, day)])), rows: 1, part: ".part2" },
      ],
    }),
  ],
  "two parts with the same rows in another order": [
    "FILE_REPEATED",
    (day) => ({
      sales: [
        { content: text("sales", [sale(1, day), sale(2, day), sale(2, day)]), rows: 3, part: ".part1" },
        { content: text("sales", [sale(2, day), sale(1, day), sale(2, day)]), rows: 3, part: ".part2" },
      ],
    }),
  ],
  "a quote that is not closed": [
    "FILE_QUOTES_UNBALANCED",
    (day) => ({ sales: [{ content: `${text("sales", [sale(1, day)])}"${line("sales", sale(2, day))}\n`, rows: 2 }] }),
  ],
  "two kinds of line ends": [
    "FILE_LINE_ENDS_MIXED",
    (day) => ({ sales: [{ content: `${text("sales", [sale(1, day)])}${line("sales", sale(2, day))}\r\n`, rows: 2 }] }),
  ],
  "an empty line": [
    "FILE_ROW_RAGGED",
    (day) => ({ sales: [{ content: `${text("sales", [sale(1, day)])}\n${line("sales", sale(2, day))}\n`, rows: 2 }] }),
  ],
  "a line too short": [
    "FILE_ROW_RAGGED",
    (day) => ({
      sales: [{ content: `${text("sales", [sale(1, day)])}1,2\n${line("sales", sale(2, day))}\n`, rows: 3 }],
    }),
  ],
  "an end inside a row": [
    "FILE_TRUNCATED",
    (day) => ({ sales: [{ content: `${text("sales", [sale(1, day)])}1,2,3`, rows: 2 }] }),
  ],
  "a second header": [
    "HEADER_REPEATED",
    (day) => ({ sales: [{ content: `${text("sales", [sale(1, day)])}${text("sales", [sale(2, day)])}`, rows: 3 }] }),
  ],
  "another table": [
    "FILE_SEVERAL_TABLES",
    (day) => ({ sales: [{ content: `${text("sales", [sale(1, day)])}store_key,city\n1,Rome\n`, rows: 3 }] }),
  ],
  "a NUL": [
    "FILE_BINARY",
    (day) => ({
      sales: [
        {
          content: `${text("sales", [sale(1, day)])}${line("sales", sale(2, day, { sales_qty: "\u00001" }))}\n`,
          rows: 2,
        },
      ],
    }),
  ],
  "a gzip that is cut off": [
    "FILE_GZIP_BROKEN",
    (day) => ({ sales: [{ content: gzipSync(text("sales", many(day))).subarray(0, -9), rows: 100 }] }),
  ],
  "something behind a gzip": [
    "FILE_GZIP_BROKEN",
    (day) => ({
      sales: [{ content: Buffer.concat([gzipSync(text("sales", many(day))), Buffer.from("more")]), rows: 100 }],
    }),
  ],
};

const many = (day: string) => Array.from({ length: 100 }, (_, index) => sale(index, day));

describe("files that the gate has left to the job", function () {
  this.timeout("600s");
  const { folder, run } = bothEngines();
  const [first, second] = ["2020-01-05", "2020-01-06"] as const;

  it("are refused as by the checks of the command, and what is right is loaded", async () => {
    const home = mkdtempSync(path.join(folder(), "left-"));
    const landing = path.join(home, "landing");
    const sales = {
      content: text("sales", [sale(1, first), sale(1, first), sale(2, first, { sales_amt: "0.75" })]),
      rows: 3,
    };
    const totals = { sales_amt: "5.75", sales_qty: "3.00", discount: "0" };
    deliver(landing, first, { sales: [sales], totals });
    // The rows of the day before once more: late rows, but the same.
    deliver(landing, second, { sales: [{ ...sales, content: gzipSync(sales.content) }], totals });
    const days = businessDates("2020-02-01", "2020-02-29").slice(0, Object.keys(faults).length);
    for (const [index, [, make]] of Object.values(faults).entries()) {
      deliver(landing, days[index] ?? "", make(days[index] ?? ""));
    }
    const dates = [first, second, ...days];
    const told = new Map<string, string>();
    for (const businessDate of dates) {
      const report = await validateDate({ dataset: retail, landing: folderLanding(landing), businessDate });
      told.set(businessDate, firstFault(report));
    }
    const expected = ["accepted", "FILE_REPEATED", ...Object.values(faults).map(([code]) => code)];
    expect([...told.values()].map((fault) => fault.split(" ")[0])).to.deep.equal(expected);

    const lines = await run(retail, home, landing, dates, { sales: path.join(home, "sales") });
    const rejected = new Map(
      lines
        .filter(({ event }) => event === "date_rejected")
        .map(({ businessDate, code, file, line: at }) => [String(businessDate), `${code} ${file ?? "-"} ${at ?? "-"}`]),
    );
    const places = dates.map((date) => rejected.get(date) ?? "accepted");
    expect(places).to.deep.equal([...told.values()]);
    const engine = await openEngine(":memory:");
    try {
      const rows = await engine.rows(
        `SELECT DISTINCT CAST(load_dt AS VARCHAR) AS day FROM ${quoted(path.join(home, "sales", "*.parquet"))}`,
      );
      expect(rows).to.deep.equal([{ day: first }]);
    } finally {
      engine.close();
    }
  });
});
