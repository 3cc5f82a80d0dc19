/**
 * `npm start`: the whole pipeline on the sample. Twelve weeks as one range, the last week night by night, as the
 * nights bring it; then last week by store and the report. All of it lies in `demo/`; a second start changes nothing.
 */
import { existsSync, rmSync } from "node:fs";
import path from "node:path";
import { type BusinessDate, businessDates } from "@sales-etl/etl-core/landing";
import { retail } from "@sales-etl/etl-core/retail";
import { type Progress, type RunResult, runDates } from "../src/engine/run.ts";
import { plural, say, table } from "../src/people.ts";
import { readReportData } from "../src/report/data.ts";
import { formatValue } from "../src/report/format.ts";
import { writeReport } from "../src/report/write.ts";
import { sayProgress } from "../src/run-and-say.ts";
import { landSample } from "./land.ts";

const FIRST = "2017-10-01";
const LAST_WEEK = "2017-12-24";
const LAST = "2017-12-30";
const SHOWN = ["sales_qty", "sales_amt", "out_of_stock_days", "pct_in_stock"];

const dataset = {
  ...retail,
  attribution:
    "Sample: Complete Journey by 84.51° (CC0): 10 stores, 150 products, 13 weeks of 2017. Sales are real; costs, store names and inventory are derived (a simulated replenishment).",
};
const demo = path.join(import.meta.dirname, "..", "..", "..", "demo");
const landing = path.join(demo, "landing");
const warehouse = path.join(demo, "warehouse");
const report = path.join(warehouse, "report.html");
const relative = (file: string) => path.relative(process.cwd(), file);

/** Calls `then` at every 28th call: four weeks of dates. */
function everyFourWeeks(then: (date: BusinessDate) => void): (date: BusinessDate) => void {
  let count = 0;
  return (date) => {
    count += 1;
    if (count % 28 === 0) then(date);
  };
}

const run = (dates: readonly BusinessDate[], onProgress: (progress: Progress) => void): Promise<RunResult> =>
  runDates({ dataset, landing, warehouse, dates, onProgress });

async function showLastWeek(): Promise<void> {
  const { plan, numbers } = await readReportData(dataset, warehouse, null);
  if (numbers === null) return;
  const { period, first, last } = numbers.periods.shown;
  const columns = SHOWN.map(plan.measure);
  const rows = numbers.byKey.groups.rows.map((row) => [
    String(row.label),
    ...columns.map((measure) => formatValue(measure, row[measure.name])),
  ]);
  say(`\nWeek ${period}, ${first} to ${last}:\n`);
  console.log(table(["Store", ...columns.map(({ title }) => title)], rows));
}

async function start(): Promise<void> {
  const started = performance.now();
  const dates = businessDates(FIRST, LAST);
  const exported = everyFourWeeks((date) => say(`  exported up to ${date}`));
  const fresh = await landSample(demo, dates, exported);
  say(
    `${relative(landing)}: ${plural(dates.length, "business date")}, ${fresh ? "exported from the sample" : "there already"}`,
  );

  const before = dates.filter((date) => date < LAST_WEEK);
  say(`\nTwelve weeks as one range, ${FIRST} to ${before.at(-1)}`);
  const loaded = everyFourWeeks((date) => say(`  loaded up to ${date}`));
  const range = await run(before, (progress) => {
    if (progress.step === "date" && progress.result.changed) loaded(progress.result.businessDate);
    else if (progress.step !== "date") sayProgress(progress);
  });
  const results = [...range.dates];
  const rows = results.reduce((sum, { rowsAccepted }) => sum + rowsAccepted, 0);
  const unchanged = results.every(({ changed }) => !changed);
  say(`  ${plural(results.length, "date")}, ${plural(rows, "row")}${unchanged ? ": nothing changed" : ""}`);

  say(`\nThe last week, night by night, ${LAST_WEEK} to ${LAST}`);
  for (const date of dates.filter((day) => day >= LAST_WEEK)) {
    results.push(...(await run([date], (progress) => progress.step === "date" && sayProgress(progress))).dates);
  }
  if (results.some(({ changed }) => changed) || !existsSync(report))
    await writeReport({ dataset, warehouse, file: report });
  if (results.every(({ changed }) => !changed)) say("Nothing changed: every date is published already.");

  await showLastWeek();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  say(`\nReport: ${relative(report)} (open it in a browser). ${seconds} s.`);
}

/** The demo is made of the sample alone: one that an older sales-etl left behind is made again. */
async function withFreshFormat(): Promise<void> {
  try {
    await start();
  } catch (error) {
    if ((error as { code?: string }).code !== "WAREHOUSE_VERSION") throw error;
    say("\nThe demo was made by another version of sales-etl: making it again.\n");
    rmSync(warehouse, { recursive: true });
    await start();
  }
}

await withFreshFormat().catch((error: Error) => {
  say(`npm start: ${error.message}`);
  process.exitCode = 2;
});
