/**
 * `npm run bench:spark [-- --rows N --year-rows N --days N --runs N]`: the Spark job on this machine. Core seconds are
 * compared, as a run's wall clock on a shared machine says little; the wall clock is told beside them.
 *
 * 1. A day with its checks against the bare SQL on the same CSVs (at most 1.8).
 * 2. The embedded engine on the same day.
 * 3. A day on a year-long warehouse against a full rebuild.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { estimateRun } from "@sales-etl/etl-core/emr";
import { sparkContract } from "@sales-etl/etl-core/generate";
import { addDays } from "@sales-etl/etl-core/landing";
import { retail } from "@sales-etl/etl-core/retail";
import { say, table } from "../packages/cli/src/people.ts";
import { ensureJars, jarsFolder } from "../packages/cli/src/spark/jars.ts";
import { sparkJava } from "../packages/cli/src/spark/java.ts";
import { sparkPython } from "../packages/cli/src/spark/python.ts";
import { submit } from "../packages/cli/src/spark/submit.ts";
import { scriptOptions } from "../scripts/options.ts";
import { DATE, landDay } from "./data.ts";
import { landYear } from "./spark-data.ts";

interface Measurement {
  readonly seconds: number;
  readonly cpu: number;
  readonly megabytes: number;
}

const options = {
  rows: { type: "string", default: "500000" },
  "year-rows": { type: "string", default: "2000" },
  days: { type: "string", default: "364" },
  runs: { type: "string", default: "3" },
} as const;
const usage = `npm run bench:spark -- [options]: the Spark job on this machine, in core seconds

  --rows N       of one day (default 500000; 0 leaves it out)
  --year-rows N  a day of a year (default 2000)
  --days N       of that year (default 364; 0 leaves it out)
  --runs N       of each case (default 3)`;
const values = scriptOptions(usage, options);
const [rows, yearRows, days, runs] = [values.rows, values["year-rows"], values.days, values.runs].map(Number) as [
  number,
  number,
  number,
  number,
];
if (![rows, yearRows, days, runs].every((one) => Number.isInteger(one) && one >= 0)) {
  console.error("--rows, --year-rows, --days and --runs take whole numbers; 0 leaves a case out");
  process.exit(2);
}

const median = (found: readonly number[]): number => found.toSorted((a, b) => a - b)[found.length >> 1] ?? Number.NaN;
const home = mkdtempSync(path.join(tmpdir(), "sales-etl-bench-spark-"));
const contract = path.join(home, "contract.json");
writeFileSync(contract, JSON.stringify(sparkContract(retail)));
const [python, javaHome, jars] = [await sparkPython(say), await sparkJava(say), await ensureJars(jarsFolder())];

/** A case of spark_cases.py in a process of its own; only its last line is an answer. */
async function spark(name: "bare" | "job", landing: string, warehouse: string, dates: readonly string[]) {
  let answer = "";
  const { code, output } = await submit({
    ...{ python, javaHome, jars, program: path.join(import.meta.dirname, "spark_cases.py") },
    args: [name, contract, landing, warehouse, ...dates],
    onOutput: (line) => {
      answer = line.startsWith('{"seconds"') ? line : answer;
    },
  });
  if (code !== 0) throw new Error(`${name} ended with ${code}:\n${output}`);
  return JSON.parse(answer) as Measurement;
}

/** The embedded engine's whole run. */
function embedded(landing: string): Measurement {
  const args = ["--conditions=@sales-etl/source", path.join(import.meta.dirname, "cases.ts"), "run", landing];
  const { seconds, megabytes } = JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" })) as Measurement;
  return { seconds, megabytes, cpu: Number.NaN };
}

const number = (value: number) => (Number.isNaN(value) ? "" : value.toFixed(1));
const line = (title: string, all: readonly Measurement[], ratio = ""): string[] => [
  title,
  ratio,
  number(median(all.map(({ cpu }) => cpu))),
  number(median(all.map(({ seconds }) => seconds))),
  Math.max(...all.map(({ megabytes }) => megabytes)).toFixed(0),
];
const header = ["", "ratio", "core s", "wall s", "peak MB"];

async function aDay(): Promise<void> {
  const landing = path.join(home, "day");
  await landDay(landing, rows);
  const [bare, job, own]: Measurement[][] = [[], [], []];
  for (let run = 0; run < runs; run += 1) {
    const warehouse = path.join(home, `day-${run}`);
    bare?.push(await spark("bare", landing, `${warehouse}-bare`, [DATE]));
    job?.push(await spark("job", landing, warehouse, [DATE]));
    own?.push(embedded(landing));
    for (const folder of [warehouse, `${warehouse}-bare`]) rmSync(folder, { recursive: true });
  }
  const ratio = median((job ?? []).map(({ cpu }, index) => cpu / (bare?.[index]?.cpu ?? Number.NaN))).toFixed(2);
  const title = `a day of 2 x ${rows.toLocaleString("en")} rows`;
  const lines = [line(`${title}: Spark's job`, job ?? [], ratio), line("  bare SQL in Spark", bare ?? [])];
  console.log(table(header, [...lines, line("  the embedded engine", own ?? [])]));
}

async function aYear(): Promise<void> {
  const landing = path.join(home, "year");
  const first = "2019-01-06";
  const dates = await landYear(landing, first, addDays(first, days), yearRows);
  const [last, before] = [dates.at(-1) ?? "", dates.at(-2) ?? ""];
  const warehouse = path.join(home, "year-warehouse");
  const rebuild = await spark("job", landing, warehouse, [first, before]);
  const day = await spark("job", landing, warehouse, [last, last]);
  const title = `${days} days of 2 x ${yearRows.toLocaleString("en")} rows`;
  const share = (day.cpu / rebuild.cpu).toFixed(3);
  console.log(table(header, [line(`${title}: all anew`, [rebuild]), line("  one more day", [day], share)]));
}

/** From which size a cluster is worth it, as `estimateRun` reckons it. */
function sizes(): void {
  const clusters = [1, 2, 4, 8].map((count) => ({
    primary: { types: ["m7g.xlarge"] },
    core: { types: ["m7g.xlarge"] },
    ...(count === 1 ? {} : { task: { types: ["m7g.xlarge"], count: count - 1 } }),
  }));
  const lines = [1, 10, 50, 100, 500].map((millions) => [
    `${millions} million rows`,
    ...clusters.map((instances) => {
      const { minutes, dollars } = estimateRun({ rows: millions * 1_000_000, instances });
      return `${minutes} min, ${dollars}`;
    }),
  ]);
  console.log(table(["a day, on an own cluster", "1 worker", "2 workers", "4 workers", "8 workers"], lines));
}

try {
  if (rows > 0) await aDay();
  if (days > 0) await aYear();
  sizes();
} finally {
  rmSync(home, { recursive: true, force: true });
}
