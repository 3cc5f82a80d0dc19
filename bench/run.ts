/**
 * `npm run bench [-- --only NAME,...] [--rows N] [--quarter N] [--history N] [--runs N] [--megabytes N]`: ratios in one run,
 * written into docs/performance.md. Each case runs in a process of its own, in turn with what it is compared with; medians
 * are compared, as single times on a shared machine say little. `--full` takes ten million rows.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { say, table } from "../packages/cli/src/people.ts";
import { scriptOptions } from "../scripts/options.ts";
import { landDay } from "./data.ts";
import { history } from "./history.ts";
import { lambdas } from "./lambdas.ts";
import { COMPARED, comparedLine, inTurn, measure } from "./measure.ts";
import { peers } from "./peers.ts";
import { landQuarter } from "./quarter.ts";
import { type Section, writeSection } from "./write.ts";

const usage = `npm run bench -- [options]: ratios in one run, written into docs/performance.md

  --only NAME,NAME  of checkers, memory, sql, quarter, history, peers, lambdas (default all)
  --rows N          of one day (default 500000)
  --quarter N       of thirteen weeks (default 1000000)
  --history N       a day of a year (default 5000)
  --runs N          of each case (default 5)
  --megabytes N     of the largest file that is made while it is read (default 200)
  --full            ten million rows, in place of --rows and --quarter`;
const values = scriptOptions(usage, {
  rows: { type: "string", default: "500000" },
  quarter: { type: "string", default: "1000000" },
  history: { type: "string", default: "5000" },
  runs: { type: "string", default: "5" },
  megabytes: { type: "string", default: "200" },
  only: { type: "string", default: "checkers,memory,sql,quarter,history,peers,lambdas" },
  full: { type: "boolean", default: false },
});

const count = (name: "rows" | "quarter" | "history" | "runs" | "megabytes", least: number): number => {
  const number = Number(values.full && (name === "rows" || name === "quarter") ? "10000000" : values[name]);
  if (Number.isInteger(number) && number >= least) return number;
  console.error(`--${name} takes a whole number from ${least}`);
  process.exit(2);
};
const [rows, quarterRows, perDay] = [count("rows", 1000), count("quarter", 200_000), count("history", 2000)];
const [runs, megabytes] = [count("runs", 1), count("megabytes", 1)];
const inWords = (number: number) => number.toLocaleString("en");
const only = values.only.split(",");

async function inFolder<T>(make: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), "sales-etl-bench-"));
  try {
    return await make(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const checkers = [
  { title: "stream checker / bare papaparse: sales", ours: "stream-checker", limit: "papaparse" },
  {
    title: "stream checker / bare papaparse: inventory, with keys",
    ours: "stream-checker-keyed",
    limit: "papaparse-keyed",
  },
  { title: "stream checker / csv-parse and zod: sales", ours: "stream-checker", limit: "csv-parse-zod" },
] as const;
const sql = [{ title: "check SQL / DuckDB's typed read", ours: "check-sql", limit: "typed-read" }] as const;

const onOneDay = (pairs: readonly { title: string; ours: string; limit: string }[], size: number) => async () =>
  inFolder(async (landing): Promise<Section> => {
    say(`one day of ${inWords(size)} sales ...`);
    await landDay(landing, size);
    const lines = pairs.map(({ title, ours, limit }) => {
      const compared = inTurn(
        runs,
        () => measure(ours, landing),
        () => measure(limit, landing),
      );
      return comparedLine(title, compared);
    });
    return { header: COMPARED, rows: lines, note: `One file of ${inWords(size)} sales.` };
  });

/** Memory that does not grow: keyed files made while they are read, as large as asked for. */
async function memory(): Promise<Section> {
  const child = path.join(import.meta.dirname, "..", "packages", "cli", "test", "support", "large-stock.ts");
  const lines = [10, megabytes].map((size) => {
    say(`a keyed file of ${size} MB ...`);
    const args = ["--conditions=@sales-etl/source", child, String(size)];
    const result = JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" }));
    return [`${size} MB`, inWords(result.rowsRead), result.seconds.toFixed(1), result.megabytes.toFixed(0)];
  });
  const header = ["stream checker, a keyed file of", "rows", "s", "peak MB"];
  return { header, rows: lines, note: "Files that are made while they are read." };
}

const land = (landing: string, size: number) =>
  landQuarter(landing, {
    rows: size,
    onDay: (_, done, days) => done % 13 === 0 && say(`  ${done} of ${days} days are landed`),
  });

const quarter = () =>
  inFolder(async (landing): Promise<Section> => {
    say(`thirteen weeks, ${inWords(quarterRows)} sales and as many inventory rows ...`);
    await land(landing, quarterRows);
    const compared = inTurn(
      Math.min(runs, 3),
      () => measure("run", landing),
      () => measure("bare-duckdb", landing),
    );
    return {
      header: COMPARED,
      rows: [comparedLine("the whole run / bare DuckDB read + SQL", compared)],
      note: `${inWords(quarterRows)} sales and as many inventory rows, 91 dates in one run with all checks.`,
    };
  });

const sections: Readonly<Record<string, () => Promise<Section>>> = {
  checkers: onOneDay(checkers, Math.min(rows, 1_000_000)),
  sql: onOneDay(sql, rows),
  memory,
  quarter,
  lambdas,
  history: () => inFolder((folder) => history(folder, perDay)),
  peers: () =>
    inFolder(async (folder) => {
      say(`the peers on ${inWords(quarterRows)} sales and as many inventory rows ...`);
      const landing = path.join(folder, "landing");
      await land(landing, quarterRows);
      const section = await peers(landing, folder);
      return { ...section, note: `${inWords(quarterRows)} sales and as many inventory rows. ${section.note}` };
    }),
};
for (const name of only) {
  if (sections[name] === undefined) {
    console.error(`--only takes ${Object.keys(sections).join(", ")}`);
    process.exit(2);
  }
}
for (const name of only) {
  const section = await sections[name]?.();
  if (section === undefined) continue;
  console.log(table(section.header, section.rows));
  writeSection(name, section);
}
say("written into docs/performance.md");
