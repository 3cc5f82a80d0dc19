/** From the report of the checks to the event that tells it. */
import { manifestKey, reportKey } from "../landing/landing.ts";
import type { DateReport, Problem } from "../validate/report.ts";
import type { PipelineEvent, Reason } from "./details.ts";

/**
 * An event holds at most 256 KB and a person's message far less: the first reasons say what kind of trouble it is, the
 * report has them all.
 */
const REASONS_TOLD = 20;

const sum = <T>(items: readonly T[], of: (item: T) => number) => items.reduce((total, item) => total + of(item), 0);

/** A fault of the whole file or of its header, not of one row. */
const isOfFile = ({ line, column }: Problem) => column === null || line === 1;

/** Faults of the date, then of each rejected file as a whole; single rows stay in the report. */
function reasonsOf({ problems, files }: DateReport): Reason[] {
  const ofDate = problems
    .filter(({ severity }) => severity === "error")
    .map(({ code, table, file, message }) => ({ code, table, file, message }));
  const ofFiles = files
    .filter(({ verdict }) => verdict === "rejected")
    .flatMap(({ table, file, problems: found }) =>
      found.filter(isOfFile).map(({ code, line, message }) => ({
        code,
        table,
        file,
        message: line === null ? message : `line ${line}: ${message}`,
      })),
    );
  return [...ofDate, ...ofFiles];
}

export interface LandingEventArgs {
  readonly dataset: string;
  readonly report: DateReport;
  readonly receiptKey: string;
  /** When a person is told if the date is not published: {@link publishedBy}. */
  readonly waitsUntil: Date;
}

/** The one event that tells a report's verdict. */
export function landingEvent({ dataset, report, receiptKey, waitsUntil }: LandingEventArgs): PipelineEvent {
  const { businessDate, files, verdict } = report;
  const landed = {
    dataset,
    businessDate,
    manifestKey: manifestKey(businessDate),
    reportKey: reportKey(businessDate),
    receiptKey,
  };
  const counts = {
    files: files.length,
    rowsRead: sum(files, ({ rowsRead }) => rowsRead),
    rowsAccepted: sum(files, ({ rowsAccepted }) => rowsAccepted),
    rowsRejected: sum(files, ({ rowsRejected }) => rowsRejected),
  };
  if (verdict === "accepted") {
    const leftToSpark = (report.leftToSpark ?? []).map(({ table }) => table);
    return { detailType: "LandingAccepted", detail: { ...landed, ...counts, leftToSpark, again: null } };
  }
  const reasons = reasonsOf(report);
  const told = reasons.slice(0, REASONS_TOLD);
  const omitted = reasons.length - told.length;
  return verdict === "rejected"
    ? { detailType: "LandingRejected", detail: { ...landed, ...counts, reasons: told, reasonsOmitted: omitted } }
    : {
        detailType: "LandingIncomplete",
        detail: {
          ...landed,
          ...{
            missing: told,
            missingOmitted: omitted,
            waitsUntil: waitsUntil.toISOString(),
            afterwards: WHAT_HAPPENS_THEN,
          },
        },
      };
}

const WHAT_HAPPENS_THEN =
  "A person is told that the date is not published. It is loaded as soon as it is complete, also after that time.";
