/** The whole way on Spark: the gate's checks, then the job of the cluster, here on this machine. */
import path from "node:path";
import { SalesEtlError } from "@sales-etl/etl-core/errors";
import type { BusinessDate } from "@sales-etl/etl-core/landing";
import type { DateProblem, DateReport, ProblemCode } from "@sales-etl/etl-core/validate";
import { gapsFolder } from "../engine/accepted-gaps.ts";
import { QualityError } from "../engine/quality.ts";
import type { RunArgs, RunResult } from "../engine/run.ts";
import { newRunId, type QualityWarning } from "../engine/state.ts";
import { type DateResult, secondsSince } from "../engine/take-date.ts";
import { whoRuns } from "../engine/who.ts";
import { plural } from "../people.ts";
import { openGate, type Sources } from "./gate.ts";
import { type JobArgs, startJob } from "./job.ts";
import { removeLoads, writeLoads } from "./loads.ts";
import { readPublishes, requireEngine } from "./publishes.ts";
import { noteVerdict } from "./refusals.ts";
import type { LogLine } from "./submit.ts";

export interface SparkRunArgs extends Omit<RunArgs, "keep">, JobArgs {}

/** The data is to blame: exit code 1. */
const DATA_CODES = new Set(["QUALITY_CHECK_FAILED", "DAY_WITHOUT_PERIOD"]);

interface Told {
  readonly dates: Map<BusinessDate, Partial<DateResult>>;
  readonly warnings: QualityWarning[];
  /** By the job, of dates that the gate has let through. */
  readonly refused: Map<BusinessDate, DateReport>;
  failed: { readonly code: string; readonly message: string } | null;
}

/** What the job says of a date that it refuses, as the checks would say it. */
const refusal = ({ businessDate, code, message, file }: LogLine): DateReport => ({
  ...{ businessDate: String(businessDate), verdict: "rejected", files: [] },
  problems: [
    {
      ...{ code: code as ProblemCode, severity: "error", message: String(message) },
      ...{ table: null, file: typeof file === "string" ? file : null },
    },
  ],
});

/** Notes what the job says of dates, checks and faults. */
function listen(told: Told, args: SparkRunArgs): (line: LogLine) => void {
  const { say = () => {}, onProgress } = args;
  return (line) => {
    const date = String(line.businessDate);
    if (line.event === "main_moved") {
      // All is done again, and said again.
      told.dates.clear();
      told.refused.clear();
      told.warnings.length = 0;
    }
    if (line.event === "schema_changed") say(`tables: ${line.change}`);
    if (line.event === "intent_recovered") say(`finished what the run ${line.ofRun} had begun to publish`);
    if (line.event === "table_checked") say(`${line.table}: ${Number(line.read).toLocaleString("en")} rows checked`);
    if (line.event === "fact_computed") onProgress?.({ step: "compute", periods: (line.periods as unknown[]).length });
    if (line.event === "date_unchanged") told.dates.set(date, { changed: false });
    if (line.event === "date_published") {
      const { weeksRestated, seconds } = line as unknown as Pick<DateResult, "weeksRestated" | "seconds">;
      const [rowsAccepted, rowsRejected] = [Number(line.rowsAccepted), Number(line.rowsRejected)];
      told.dates.set(date, { rowsAccepted, rowsRejected, weeksRestated, seconds, changed: true });
    }
    if (line.event === "date_rejected") {
      told.dates.set(date, { verdict: "rejected", rowsAccepted: 0, changed: false });
      told.refused.set(date, refusal(line));
      say(`    ${line.code}  ${line.message}`);
    }
    if (line.event === "checked" && line.broken === true && line.severity === "warning") {
      const examples = (line.examples as string[]).filter((one) => one !== "...").map((one) => JSON.parse(one));
      told.warnings.push({ check: String(line.check), rule: String(line.rule), rows: Number(line.rows), examples });
    }
    if (line.event === "run_failed") told.failed = { code: String(line.code), message: String(line.message) };
  };
}

async function runJob(
  args: SparkRunArgs,
  accepted: readonly BusinessDate[],
  gapTables: ReadonlySet<string>,
  runId: string,
): Promise<Told> {
  const { say = () => {}, warehouse } = args;
  const told: Told = { dates: new Map(), warnings: [], refused: new Map(), failed: null };
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
  const told = accepted.length === 0 ? null : await runJob(args, accepted, gaps, runId);
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
