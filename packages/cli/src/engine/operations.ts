/** The rows of the operations' relations, in the order of their columns in the contract. */
import type { RunRecord } from "./state.ts";

export type Cell = string | number | null;

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** @returns rows by relation */
export function operationsRows(runs: readonly RunRecord[]): Readonly<Record<string, readonly (readonly Cell[])[]>> {
  return {
    runs: runs.map((run) => {
      const { runId, kind, publishedAt, contractVersion, rolledBackTo, dates, warnings } = run;
      const loaded = dates.filter(({ verdict }) => verdict === "accepted");
      return [
        ...[runId, kind, publishedAt, contractVersion, rolledBackTo],
        ...[loaded.length, dates.length - loaded.length],
        new Set(dates.flatMap(({ periods }) => periods)).size,
        sum(loaded.map(({ rowsAccepted }) => rowsAccepted)),
        sum(loaded.map(({ rowsRejected }) => rowsRejected)),
        warnings.length,
        ...[run.by ?? null, run.landing ?? null],
      ];
    }),
    receipts: runs.flatMap(({ runId, dates }) =>
      dates.map((date) => [
        ...[runId, date.businessDate, date.verdict, date.rowsAccepted, date.rowsRejected],
        ...[date.periods.join(","), date.report],
      ]),
    ),
    quality_warnings: runs.flatMap(({ runId, warnings }) =>
      warnings.map(({ check, rule, rows, examples }) => [runId, check, rule, rows, JSON.stringify(examples)]),
    ),
  };
}
