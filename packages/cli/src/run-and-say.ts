/** A run with its progress and summary for people; the report page is written when something was published. */
import { sayProblems, sayWarnings, verdictColour } from "./describe.ts";
import { type Progress, type RunArgs, type RunResult, runDates } from "./engine/run.ts";
import { coloured, plural, say } from "./people.ts";
import { writeReport } from "./report/write.ts";
import { requireEngine } from "./spark/publishes.ts";
import { runDatesOnSpark, type SparkRunArgs } from "./spark/run.ts";

/** A line for each step of a run. */
export function sayProgress(progress: Progress): void {
  if (progress.step === "compute") say(`computing ${plural(progress.periods, "week")}`);
  if (progress.step === "published") say(`published in ${progress.seconds.toFixed(1)} s`);
  if (progress.step !== "date") return;
  const { result, report } = progress;
  const rows = plural(result.rowsAccepted, "row");
  const rejected =
    result.rowsRejected === 0 ? "" : coloured("yellow", `  ${plural(result.rowsRejected, "row")} rejected`);
  const state =
    result.verdict === "accepted" && !result.changed
      ? coloured("dim", "unchanged")
      : coloured(verdictColour[result.verdict], result.verdict);
  say(`${result.businessDate}  ${state}  ${rows}${rejected}  ${coloured("dim", `${result.seconds.toFixed(2)} s`)}`);
  if (report !== null) sayProblems(report);
}

function sayOtherContract({ otherContract }: RunResult): void {
  if (otherContract.length === 0) return;
  const range = `--from ${otherContract[0]} --to ${otherContract.at(-1)}`;
  const count = plural(otherContract.length, "published date was", "published dates were");
  say(coloured("yellow", `${count} checked under another contract: run them again with ${range}.`));
}

function saySummary({ dates, runId }: RunResult): void {
  const count = (verdict: string) => dates.filter((date) => date.verdict === verdict).length;
  const changed = dates.filter((date) => date.changed);
  const weeks = new Set(changed.flatMap(({ weeksRestated }) => weeksRestated));
  if (changed.length === 0 && count("accepted") === dates.length) {
    say(`Nothing changed: ${plural(dates.length, "date")} already published (run ${runId}).`);
    return;
  }
  const parts = [`${plural(changed.length, "date")} published`];
  const same = dates.filter((date) => date.verdict === "accepted" && !date.changed).length;
  if (same > 0) parts.push(`${plural(same, "date")} unchanged`);
  if (count("rejected") > 0) parts.push(coloured("red", `${plural(count("rejected"), "date")} rejected`));
  if (count("incomplete") > 0) parts.push(coloured("yellow", `${plural(count("incomplete"), "date")} incomplete`));
  say(`${parts.join(", ")}; ${plural(weeks.size, "week")} computed${runId === null ? "" : ` (run ${runId})`}.`);
}

function sayResult(result: RunResult): void {
  saySummary(result);
  sayWarnings(result.warnings);
  sayOtherContract(result);
}

async function endRun(args: RunArgs | SparkRunArgs, result: RunResult): Promise<RunResult> {
  sayResult(result);
  if (result.published) {
    const { file } = await writeReport(args);
    say(`report: ${file}`);
  }
  return result;
}

/** @returns the run's result; the report lies at `<warehouse>/report.html` */
export async function runAndSay(args: RunArgs): Promise<RunResult> {
  requireEngine(args.warehouse, "duckdb");
  return endRun(args, await runDates({ ...args, onProgress: sayProgress }));
}

/** The same on Spark; its tables are Iceberg's, in a folder. */
export const runOnSparkAndSay = async (args: SparkRunArgs): Promise<RunResult> =>
  endRun(args, await runDatesOnSpark({ ...args, say, onProgress: sayProgress }));
