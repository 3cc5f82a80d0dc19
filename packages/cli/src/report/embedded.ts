/** The embedded engine's published state, as a report reads it. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Dataset } from "@sales-etl/etl-core/contract";
import type { DateReport } from "@sales-etl/etl-core/validate";
import { factFiles } from "../engine/fact-files.ts";
import { deltaViews, overParquet, snapshotViews } from "../engine/relations.ts";
import { type Published, type RunRecord, readKept } from "../engine/state.ts";
import { newestWarnings, statusOf } from "../engine/status.ts";
import type { PublishedRun, Rejected, Source } from "./source.ts";

const byDate = (a: { businessDate: string }, b: { businessDate: string }) =>
  a.businessDate < b.businessDate ? -1 : a.businessDate > b.businessDate ? 1 : 0;

const publishedRun = ({ runId, publishedAt, by, kind, dates }: RunRecord): PublishedRun => ({
  ...{ runId, publishedAt, by: by ?? null, kind },
  dates: dates.filter(({ verdict }) => verdict === "accepted"),
});

function rejectedOf(state: Published, folder: string): Rejected {
  const dates = Object.values(state.dates);
  const files = dates.flatMap(({ quarantine }) => quarantine ?? []);
  const rows = dates.reduce((sum, { rowsRejected }) => sum + rowsRejected, 0);
  const rowsRead = dates.reduce((sum, { rowsAccepted }) => sum + rowsAccepted, rows);
  return { rows, rowsRead, faults: files.length === 0 ? null : overParquet(folder, files) };
}

export function embeddedSource(dataset: Dataset, warehouse: string, state: Published): Source {
  const folder = path.resolve(warehouse);
  const reportIn = async (file: string) =>
    JSON.parse(await readFile(path.join(folder, ...file.split("/")), "utf8")) as DateReport;
  return {
    ...{ runId: state.runId, publishedAt: state.publishedAt, attribution: state.attribution },
    dates: new Set(Object.keys(state.dates)),
    fact: factFiles(folder, state.fact),
    runs: state.runs.map(publishedRun),
    async factAfter(run) {
      const runId = state.runs[run]?.runId ?? "";
      const kept = runId === state.runId ? state : await readKept(warehouse, dataset.name, runId);
      return kept === null ? null : factFiles(folder, kept.fact);
    },
    viewSnapshots: (engine) => snapshotViews(engine, dataset, warehouse, state.dates),
    viewDays: (engine, days) => deltaViews(engine, dataset, warehouse, state.dates, days),
    status: () => statusOf(warehouse, state),
    rejected: rejectedOf(state, folder),
    async refused() {
      // The newest report of an accepted date is the one it was accepted with.
      const files = Object.entries(state.reports).filter(([date, file]) => state.dates[date]?.report !== file);
      return (await Promise.all(files.map(([, file]) => reportIn(file)))).sort(byDate);
    },
    async alerts(dates) {
      const reports = await Promise.all(dates.flatMap((date) => state.dates[date]?.report ?? []).map(reportIn));
      return reports.flatMap(({ businessDate, problems }) =>
        problems.map(({ code, message }) => ({ businessDate, code, message })),
      );
    },
    warnings: newestWarnings(state),
  };
}
