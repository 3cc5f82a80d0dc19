/**
 * `npm run bench:spark [-- --only NAME,... --rows N,N --year-rows N --days N --runs N]`: the Spark job on this machine,
 * written into docs/spark.md. Core seconds are compared, as a run's wall clock on a shared machine says little; the wall
 * clock is told beside them.
 *
 * - `day`: a day with its checks against the bare SQL on the same CSVs (at most 1.8), and the embedded engine on it. Of two
 *   sizes, it also tells from which size a cluster is worth it.
 * - `year`: a day on a year-long warehouse against a full rebuild.
 */
import { mkdtempSync, rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { emrPrices, type MeasuredRun, measuredSpeed } from "@sales-etl/etl-core/emr";
import { addDays } from "@sales-etl/etl-core/landing";
import { table } from "../packages/cli/src/people.ts";
import { scriptOptions } from "../scripts/options.ts";
import { DATE, landDay } from "./data.ts";
import { type Measurement, measure, median } from "./measure.ts";
import { type SparkCase, sparkCases } from "./spark-cases.ts";
import { landYear } from "./spark-data.ts";
import { SIZES_HEADER, sizesTable } from "./spark-sizes.ts";
import { type Section, writeSection } from "./write.ts";

const usage = `npm run bench:spark -- [options]: the Spark job on this machine, in core seconds, written into docs/spark.md

  --only NAME,NAME  of day, year (default both)
  --rows N,N        of one day: sales, and as many inventory rows; of two sizes also the table of clusters
                    (default 500000)
  --year-rows N     a day of a year (default 2000)
  --days N          of that year, before the one that is measured (default 364)
  --runs N          of each case (default 3; the year runs once)`;
const values = scriptOptions(usage, {
  only: { type: "string", default: "day,year" },
  rows: { type: "string", default: "500000" },
  "year-rows": { type: "string", default: "2000" },
  days: { type: "string", default: "364" },
  runs: { type: "string", default: "3" },
});
const wrong = (text: string): never => {
  console.error(`${text}\n\n${usage}`);
  process.exit(2);
};
const whole = (name: string, text: string, least: number): number => {
  const number = Number(text);
  return Number.isInteger(number) && number >= least
    ? number
    : wrong(`--${name} takes whole numbers from ${least}, not ${text}`);
};
const sizes = values.rows.split(",").map((text) => whole("rows", text, 1000));
const [yearRows, days] = [whole("year-rows", values["year-rows"], 100), whole("days", values.days, 2)];
const runs = whole("runs", values.runs, 1);
const only = values.only.split(",");
for (const name of only) if (!["day", "year"].includes(name)) wrong(`--only knows day and year, not ${name}`);

const inWords = (number: number) => number.toLocaleString("en");
const progress = (text: string) => console.error(`${new Date().toISOString().slice(11, 19)} ${text}`);

/** Of a day's rows, of both kinds: the text, two warehouses beside each other and what is sorted on disk. */
const BYTES_A_ROW = 600;
function needs(rows: number): void {
  const { bavail, bsize } = statfsSync(tmpdir());
  const [free, wanted] = [bavail * bsize, 2 * rows * BYTES_A_ROW];
  if (free < wanted)
    wrong(`${inWords(rows)} rows need ${wanted / 2 ** 30} GB in ${tmpdir()}, ${free / 2 ** 30} are free`);
}

const core = ({ cpuSeconds }: Measurement) => cpuSeconds;
const cells = (title: string, all: readonly Measurement[], ratio = ""): string[] => [
  title,
  ratio,
  median(all.map(core)).toFixed(1),
  median(all.map(({ seconds }) => seconds)).toFixed(1),
  Math.max(...all.map(({ megabytes }) => megabytes)).toFixed(0),
];
const HEADER = ["", "ratio", "core s", "wall s", "peak MB"];

function write(name: string, section: Section): void {
  writeSection(name, section, "spark.md");
  console.log(
    table(
      section.header,
      section.rows.map((row) => [...row]),
    ),
  );
}

interface Day {
  readonly bare: Measurement[];
  readonly job: Measurement[];
  readonly embedded: Measurement[];
}

/** In turn, as a shared machine is now faster and now slower. */
async function aDay(spark: SparkCase, home: string, rows: number): Promise<Day> {
  needs(rows);
  const landing = path.join(home, "day");
  progress(`${inWords(rows)} sales and as many inventory rows are written`);
  await landDay(landing, rows);
  const day: Day = { bare: [], job: [], embedded: [] };
  for (let run = 1; run <= runs; run += 1) {
    for (const name of ["bare", "job"] as const) {
      const warehouse = path.join(home, name);
      const measured = await spark(name, landing, warehouse, [DATE]);
      day[name].push(measured);
      rmSync(warehouse, { recursive: true });
      progress(`${inWords(rows)} rows, run ${run} of ${runs}, ${name}: ${core(measured).toFixed(1)} core s`);
    }
    day.embedded.push(measure("run", landing));
  }
  rmSync(landing, { recursive: true });
  return day;
}

async function someDays(spark: SparkCase, home: string): Promise<void> {
  const lines: string[][] = [];
  const [jobs, own]: [MeasuredRun[], MeasuredRun[]] = [[], []];
  for (const rows of sizes) {
    const { bare, job, embedded } = await aDay(spark, home, rows);
    const ratio = median(job.map((one, index) => core(one) / core(bare[index] as Measurement))).toFixed(2);
    lines.push(
      cells(`${inWords(rows)} sales and as many inventory rows: the job, an empty warehouse`, job, ratio),
      cells("bare SQL in Spark: typed read, Iceberg tables, the fact", bare),
      cells("the embedded engine, the whole run", embedded),
    );
    jobs.push({ rows: 2 * rows, coreSeconds: median(job.map(core)) });
    own.push({ rows: 2 * rows, coreSeconds: median(embedded.map(core)) });
    const note = `A day with all checks, branch and publish; ${runs === 1 ? "one run" : `${runs} runs`} of each, in turn; the aim is 1.8.`;
    write("day", { header: HEADER, rows: lines, note });
  }
  if (new Set(sizes).size < 2) return;
  const speed = measuredSpeed(jobs, new Date().toISOString().slice(0, 10));
  const note =
    `Reckoned by \`estimateRun\` from ${speed.source}: ${speed.fixedSeconds} seconds whatever the rows, then ` +
    `${inWords(speed.rowsPerCoreMinute)} rows a minute and core. Prices of ${emrPrices.date} in ${emrPrices.region}.`;
  write("sizes", { header: SIZES_HEADER, rows: sizesTable(own, speed), note });
}

async function aYear(spark: SparkCase, home: string): Promise<void> {
  const [landing, warehouse] = [path.join(home, "year"), path.join(home, "year-warehouse")];
  const first = "2019-01-06";
  progress(`${inWords(days + 1)} days are written`);
  const dates = await landYear(landing, first, addDays(first, days), yearRows);
  const [last, before] = [dates.at(-1) ?? "", dates.at(-2) ?? ""];
  const rebuild = await spark("job", landing, warehouse, [first, before]);
  progress(`all anew: ${core(rebuild).toFixed(1)} core s`);
  const day = await spark("job", landing, warehouse, [last, last]);
  progress(`one more day: ${core(day).toFixed(1)} core s`);
  const share = (core(day) / core(rebuild)).toFixed(3);
  const rows = [cells(`${inWords(days)} days, all anew`, [rebuild]), cells("one more day", [day], share)];
  const note = `${inWords(yearRows)} sales and as many inventory rows a day; one run of each.`;
  write("year", { header: HEADER, rows, note });
}

const home = mkdtempSync(path.join(tmpdir(), "sales-etl-bench-spark-"));
try {
  const spark = await sparkCases(home);
  if (only.includes("day")) await someDays(spark, home);
  if (only.includes("year")) await aYear(spark, home);
} finally {
  rmSync(home, { recursive: true, force: true });
}
