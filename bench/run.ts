/**
 * `npm run bench [-- --rows N] [--megabytes N] [--only TITLE]`: ratios in one run. Each case runs five times, in turn with what it is compared with, in
 * a process of its own; medians are compared, as single times on a shared machine say little.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { say, table } from "../packages/cli/src/people.ts";
import { landDay } from "./data.ts";
import { lambdaTable } from "./lambdas.ts";

const RUNS = 5;
const comparisons = [
  { title: "stream checker / bare papaparse: sales", ours: "stream-checker", limit: "papaparse" },
  {
    title: "stream checker / bare papaparse: inventory, with keys",
    ours: "stream-checker-keyed",
    limit: "papaparse-keyed",
  },
  { title: "stream checker / csv-parse and zod: sales", ours: "stream-checker", limit: "csv-parse-zod" },
  { title: "check SQL / DuckDB's typed read of the same file", ours: "check-sql", limit: "typed-read" },
  { title: "whole run / bare DuckDB read + SQL", ours: "run", limit: "bare-duckdb" },
] as const;

interface Measurement {
  readonly seconds: number;
  readonly megabytes: number;
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

function measure(name: string, landing: string): Measurement {
  const args = ["--conditions=@sales-etl/source", path.join(import.meta.dirname, "cases.ts"), name, landing];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" })) as Measurement;
}

const { values } = parseArgs({
  options: {
    rows: { type: "string", default: "500000" },
    megabytes: { type: "string", default: "200" },
    only: { type: "string", default: "" },
  },
});
const rows = Number(values.rows);
if (!Number.isInteger(rows) || rows < 1000) {
  console.error("--rows takes a whole number from 1000");
  process.exit(2);
}
/** Memory that does not grow: keyed files made while they are read, as large as asked for. */
function memoryLine(megabytes: number): readonly string[] {
  const child = path.join(import.meta.dirname, "..", "packages", "cli", "test", "support", "large-stock.ts");
  const args = ["--conditions=@sales-etl/source", child, String(megabytes)];
  const result = JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" }));
  return [`${megabytes} MB`, String(result.rowsRead), result.seconds.toFixed(1), result.megabytes.toFixed(0)];
}

const landing = mkdtempSync(path.join(tmpdir(), "sales-etl-bench-"));
try {
  say(`One day of ${rows.toLocaleString("en")} sales and as many inventory rows, ${RUNS} runs each ...`);
  await landDay(landing, rows);
  const lines = comparisons
    .filter(({ title }) => title.includes(values.only))
    .map(({ title, ours, limit }) => {
      const pairs = Array.from({ length: RUNS }, () => [measure(ours, landing), measure(limit, landing)] as const);
      const seconds = (index: 0 | 1) => median(pairs.map((pair) => pair[index].seconds));
      const memory = (index: 0 | 1) => Math.max(...pairs.map((pair) => pair[index].megabytes)).toFixed(0);
      const ratio = median(pairs.map(([a, b]) => a.seconds / b.seconds));
      return [title, ratio.toFixed(2), seconds(0).toFixed(2), seconds(1).toFixed(2), memory(0), memory(1)];
    });
  console.log(table(["time against the limit", "ratio", "s", "limit s", "peak MB", "limit MB"], lines));
  if (values.only === "" || values.only === "memory") {
    const sizes = new Set([10, 200, Number(values.megabytes)]);
    console.log(table(["stream checker, keyed file of", "rows", "s", "peak MB"], [...sizes].map(memoryLine)));
  }
  if (values.only === "" || values.only === "lambdas") console.log(await lambdaTable());
} finally {
  rmSync(landing, { recursive: true, force: true });
}
