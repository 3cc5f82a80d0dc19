/** What is measured, each in a process of its own: `node bench/cases.ts NAME LANDING ...` prints seconds and peak memory. */
import { createReadStream, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { tableOf } from "@sales-etl/etl-core/contract";
import { addDays } from "@sales-etl/etl-core/landing";
import { retail } from "@sales-etl/etl-core/retail";
import { duckdb, factSql, rawRelation, sqlType } from "@sales-etl/etl-core/sql";
import { type CheckedFile, checkFile } from "@sales-etl/etl-core/validate";
import { parse } from "csv-parse";
import Papa from "papaparse";
import * as z from "zod";
import { openEngine, quoted } from "../packages/cli/src/engine/duckdb.ts";
import { checkedRows, rawRows } from "../packages/cli/src/engine/load.ts";
import { runDates } from "../packages/cli/src/engine/run.ts";
import { DATE } from "./data.ts";

const csv = (landing: string, table: string) => path.join(landing, table, `dt=${DATE}`, `${table}_${DATE}.csv`);

/** The contract's rules of sales in zod: form, size, range and day of each value. */
function salesSchema() {
  const { columns, dated } = tableOf(retail, "sales");
  const earliest = addDays(DATE, -(dated?.lateness ?? 0));
  const fields = Object.entries(columns).map(([name, column]) => {
    const { type, nullable, min, max } = column;
    const inRange = (text: string) =>
      (min === undefined || Number(text) >= Number(min)) && (max === undefined || Number(text) <= Number(max));
    const forms: Readonly<Record<string, z.ZodType<string, string>>> = {
      int: z
        .string()
        .regex(/^-?[0-9]+$/)
        .refine((text) => Math.abs(Number(text)) < 2 ** 31 && inRange(text)),
      bigint: z
        .string()
        .regex(/^-?[0-9]{1,18}$/)
        .refine(inRange),
      "decimal(18,2)": z
        .string()
        .regex(/^-?[0-9]{1,16}([.][0-9]{1,2}0*)?$/)
        .refine(inRange),
      date: z.iso.date().refine((text) => name !== dated?.column || (text <= DATE && text >= earliest)),
    };
    const form = forms[type];
    if (form === undefined) throw new TypeError(`the peer knows no ${type}`);
    return [name, nullable ? z.literal("").or(form) : form] as const;
  });
  return z.object(Object.fromEntries(fields));
}

/** The limit of the stream checker: its parser, and nothing done with the rows. */
const parseAlone = (landing: string, table: string) =>
  new Promise<void>((resolve, reject) => {
    const stream = createReadStream(csv(landing, table), "utf8");
    Papa.parse<string[]>(stream, {
      delimiter: ",",
      newline: "\n",
      chunk: () => {},
      complete: () => resolve(),
      error: reject,
    });
  });

async function checkAsStream(landing: string, name: string): Promise<void> {
  const file = csv(landing, name);
  const table = tableOf(retail, name);
  const { rowsRejected } = await checkFile({ table, businessDate: DATE, file, stream: createReadStream(file) });
  if (rowsRejected !== 0) throw new Error("the bench's rows should all be right");
}

export const cases: Readonly<Record<string, (landing: string, ...more: string[]) => Promise<void>>> = {
  papaparse: (landing) => parseAlone(landing, "sales"),
  "papaparse-keyed": (landing) => parseAlone(landing, "inventory"),
  "stream-checker": (landing) => checkAsStream(landing, "sales"),
  "stream-checker-keyed": (landing) => checkAsStream(landing, "inventory"),

  /** What one would write without us: csv-parse as a stream and a zod schema of the same columns and rules. */
  async "csv-parse-zod"(landing) {
    const schema = salesSchema();
    const rows = createReadStream(csv(landing, "sales")).pipe(parse({ columns: true, bom: true }));
    for await (const row of rows) {
      if (!schema.safeParse(row).success) throw new Error("the bench's rows should all be right");
    }
  },

  /** The limit of the check SQL: the engine's own typed read, which repairs silently and says nothing of what is wrong. */
  async "typed-read"(landing) {
    const engine = await openEngine(":memory:");
    const { columns } = tableOf(retail, "sales");
    const types = Object.entries(columns).map(
      ([name, { type }]) => `${quoted(name)}: ${quoted(sqlType(type, duckdb))}`,
    );
    const options = `header = true, auto_detect = false, delim = ',', quote = '"', escape = '"'`;
    await engine.run(
      `CREATE TEMP TABLE t AS FROM read_csv(${quoted(csv(landing, "sales"))}, ${options}, columns = {${types.join(", ")}})`,
    );
    engine.close();
  },

  /** As the embedded engine runs it. */
  async "check-sql"(landing) {
    const engine = await openEngine(":memory:");
    const table = tableOf(retail, "sales");
    const file = { file: `sales/dt=${DATE}/sales_${DATE}.csv`, columns: table.columnNames } as CheckedFile;
    await engine.run(`CREATE TEMP VIEW ${rawRelation(table)} AS ${rawRows(table, landing, DATE, [file])}`);
    await engine.run(`CREATE TEMP TABLE checked AS ${checkedRows(table)}`);
    const rejected = await engine.value("SELECT COUNT(*) FROM checked WHERE _problems <> ''");
    if (Number(rejected) !== 0) throw new Error("the bench's rows should all be right");
    engine.close();
  },

  /** The limit of the run: the engine's own typed read and the same SQL, without checks, files or a publish. */
  async "bare-duckdb"(landing) {
    const engine = await openEngine(":memory:");
    const { calendar } = retail.fact;
    for (const { name, columns, load } of retail.tables) {
      const types = Object.entries(columns).map(
        ([column, { type }]) => `${quoted(column)}: ${quoted(sqlType(type, duckdb))}`,
      );
      const dates = readdirSync(path.join(landing, name)).sort();
      const files = (load === "snapshot" ? dates.slice(-1) : dates).map((date) =>
        path.join(landing, name, date, "*.csv"),
      );
      await engine.run(
        `CREATE TABLE ${name} AS FROM read_csv([${files.map(quoted).join(", ")}], header = true, hive_partitioning = false, columns = {${types.join(", ")}})`,
      );
    }
    await engine.run(`CREATE TABLE touched_periods AS SELECT DISTINCT ${calendar.period} FROM ${calendar.table}`);
    await engine.run(`CREATE TABLE fact AS ${factSql(retail)}`);
    engine.close();
  },

  /** All of a landing into a new warehouse, or some of it into one that there is. */
  async run(landing, warehouse, from, to) {
    const folder = warehouse ?? mkdtempSync(path.join(tmpdir(), "sales-etl-bench-"));
    try {
      const all = readdirSync(path.join(landing, "sales"))
        .map((name) => name.replace("dt=", ""))
        .sort();
      const dates = all.filter((date) => date >= (from ?? "") && date <= (to ?? "9999"));
      const result = await runDates({ dataset: retail, landing, warehouse: folder, dates });
      if (result.dates.some(({ verdict, changed }) => verdict !== "accepted" || !changed))
        throw new Error("the bench's dates should all be loaded");
    } finally {
      if (warehouse === undefined) rmSync(folder, { recursive: true });
    }
  },
};

if (import.meta.main) {
  const [name = "", landing = "", ...more] = process.argv.slice(2);
  const measured = cases[name];
  if (measured === undefined) throw new Error(`no case is called ${name}`);
  const start = performance.now();
  await measured(landing, ...more);
  const seconds = (performance.now() - start) / 1000;
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  console.log(JSON.stringify({ seconds, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, megabytes: maxRSS / 1024 }));
}
