/** What the Spark job says, a line at a time, as the command tells and notes it. */
import type { BusinessDate } from "@sales-etl/etl-core/landing";
import type { DateReport, ProblemCode } from "@sales-etl/etl-core/validate";
import type { RunArgs } from "../engine/run.ts";
import type { QualityWarning } from "../engine/state.ts";
import type { DateResult } from "../engine/take-date.ts";
import type { JobArgs } from "./job.ts";
import type { LogLine } from "./submit.ts";

export interface Told {
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

/** Nothing yet. */
export const nothingTold = (): Told => ({ dates: new Map(), warnings: [], refused: new Map(), failed: null });

/** Notes what the job says of dates, checks and faults. */
export function listen(told: Told, args: Pick<RunArgs, "onProgress"> & Pick<JobArgs, "say">): (line: LogLine) => void {
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
