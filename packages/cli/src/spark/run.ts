/** The whole way on Spark: the gate's checks, then the job of the cluster, here on this machine. */
import path from "node:path";
import { SalesEtlError } from "@sales-etl/etl-core/errors";
import type { BusinessDate } from "@sales-etl/etl-core/landing";
import type { DateProblem } from "@sales-etl/etl-core/validate";
import { gapsFolder } from "../engine/accepted-gaps.ts";
import { QualityError } from "../engine/quality.ts";
import type { RunArgs, RunResult } from "../engine/run.ts";
import { newRunId } from "../engine/state.ts";
import { type DateResult, secondsSince } from "../engine/take-date.ts";
import { whoRuns } from "../engine/who.ts";
import { plural } from "../people.ts";
import { openGate, type Sources } from "./gate.ts";
import { type JobArgs, startJob } from "./job.ts";
import { listen, nothingTold, type Told } from "./listen.ts";
import { removeLoads, writeLoads } from "./loads.ts";
import { readPublishes, requireEngine } from "./publishes.ts";
import { noteVerdict } from "./refusals.ts";

export interface SparkRunArgs extends Omit<RunArgs, "keep">, JobArgs {}

/** The data is to blame: exit code 1. */
const DATA_CODES = new Set(["QUALITY_CHECK_FAILED", "DAY_WITHOUT_PERIOD"]);

/** The job has written nothing, and nothing is to be noted of it. */
const NEVER_BEGAN = new Set([
  ...["LEASE_HELD", "PYTHON_MISSING", "SPARK_NOT_INSTALLED", "SPARK_VERSION", "JAR_NOT_FETCHED"],
]);

async function runJob(
  args: SparkRunArgs,
  accepted: readonly BusinessDate[],
  gapTables: ReadonlySet<string>,
  runId: string,
): Promise<Told> {
  const { say = () => {}, warehouse } = args;
  const told = nothingTold();
  say(`Spark starts for ${plural(accepted.length, "date")} ...`);
  const { code, output } = await startJob(args, listen(told, args), [
    // The gate before has read every file; what is wrong with one that a person has given up the job must see, too.
    ...["--landing", path.resolve(args.landing), `--left-to-spark=${[...gapTables].join(",")}`],
    ...(gapTables.size === 0 ? [] : ["--gaps", path.resolve(gapsFolder(warehouse))]),
    ...["--run-id", runId, "--business-dates", accepted.join(",")],
    ...(args.stop === true ? ["--stop"] : []),
  ]);
  if (told.failed === null && code !== 0 && code !== 1) {
    told.failed = { code: "SPARK_FAILED", message: `Spark ended with exit code ${code}:\n${output}` };
  }
  if (told.failed !== null) throw failure(told.failed, warehouse);
  return told;
}

function failure({ code, message }: NonNullable<Told["failed"]>, warehouse: string): SalesEtlError {
  const text = message.replace(new RegExp(`^${code}: `), "");
  const details = { code, path: path.resolve(warehouse) };
  return DATA_CODES.has(code) ? new QualityError(text, details) : new SalesEtlError(text, details);
}

/**
 * Runs business dates into an Iceberg warehouse in a folder. A date that is not accepted leaves what was published of it
 * as it was; everything accepted is published at once, at the end, or not at all.
 *
 * @throws {QualityError} when a check before publishing fails; {SalesEtlError} LEASE_HELD while another run writes,
 * PYTHON_MISSING, SPARK_NOT_INSTALLED, JAR_NOT_FETCHED, SPARK_FAILED
 */
export async function runDatesOnSpark(args: SparkRunArgs): Promise<RunResult> {
  const { warehouse, onProgress } = args;
  requireEngine(warehouse, "spark");
  const gate = await openGate(args);
  const results: DateResult[] = [];
  const gaps = new Set<string>();
  const [sources, alerts]: [Record<BusinessDate, Sources>, Record<BusinessDate, readonly DateProblem[]>] = [{}, {}];
  for (const businessDate of args.dates) {
    const start = performance.now();
    const { report, verdict, rowsAccepted, rowsRejected, gapTables, ...judged } = await gate.judge(businessDate);
    if (verdict === "accepted") {
      sources[businessDate] = judged.sources;
      if (judged.alerts !== null) alerts[businessDate] = judged.alerts;
    }
    if (report !== null) await noteVerdict(warehouse, report);
    for (const table of gapTables) gaps.add(table);
    const result = { businessDate, verdict, rowsAccepted, rowsRejected, weeksRestated: [], changed: report !== null };
    results.push({ ...result, changed: false, seconds: secondsSince(start) });
    onProgress?.({ step: "date", result: { ...result, seconds: secondsSince(start) }, report });
    if (args.stop === true && verdict !== "accepted") break;
  }
  const accepted = results.filter(({ verdict }) => verdict === "accepted").map(({ businessDate }) => businessDate);
  const start = performance.now();
  const runId = newRunId();
  const landing = path.resolve(args.landing);
  const loads = { by: whoRuns(args.by), landing, dates: sources, alerts, warnings: null };
  if (accepted.length > 0) await writeLoads(warehouse, runId, loads);
  const told =
    accepted.length === 0
      ? null
      : await runJob(args, accepted, gaps, runId).catch(async (error: SalesEtlError) => {
          if (NEVER_BEGAN.has(error.code)) await removeLoads(warehouse, runId);
          throw error;
        });
  // With --stop the job judges no date after the first that it refuses: such a date is as it was, not accepted.
  const isOpen = ({ businessDate, verdict }: DateResult) =>
    args.stop === true && told !== null && verdict === "accepted" && !told.dates.has(businessDate);
  const dates = results
    .filter((result) => !isOpen(result))
    .map((result) => ({ ...result, ...told?.dates.get(result.businessDate) }));
  const published = dates.some(({ changed }) => changed);
  if (told !== null && published) await writeLoads(warehouse, runId, { ...loads, warnings: told.warnings });
  else await removeLoads(warehouse, runId);
  for (const date of told?.dates.keys() ?? [])
    await noteVerdict(warehouse, told?.refused.get(date) ?? { businessDate: date, verdict: "accepted" });
  if (published) onProgress?.({ step: "published", seconds: secondsSince(start) });
  return {
    ...{ dates, warehouse, published, otherContract: [], warnings: told?.warnings ?? [] },
    runId: published ? runId : ((await readPublishes(warehouse)).at(-1)?.run_id ?? null),
  };
}
