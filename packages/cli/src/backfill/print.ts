/** What a backfill changes, for people. */
import type { Dataset } from "@sales-etl/etl-core/contract";
import { plural, table } from "../people.ts";
import type { BackfillResult, BackfillState } from "./backfill.ts";
import { type Change, summedMeasures } from "./changes.ts";

const STATES: readonly BackfillState[] = ["pending", "changed", "unchanged", "rejected", "incomplete"];

/** Measures that are shown; all of them are in the JSON. */
const SHOWN = 2;

const arrow = (change: Change<number | string> | undefined): string => {
  const [old, now] = [change?.old ?? "–", change?.new ?? "–"];
  return String(old) === String(now) ? String(now) : `${old} -> ${now}`;
};

export function backfillText(dataset: Dataset, { plan, dates, periods, notKnown }: BackfillResult): string {
  const counts = STATES.map((state) => [state, dates.filter((date) => date.state === state).length] as const);
  const said = counts.filter(([, count]) => count > 0).map(([state, count]) => `${count} ${state}`);
  const parts = [`${plural(dates.length, "date")}: ${said.join(", ")}`];
  const refused = dates.filter(({ state }) => state === "rejected" || state === "incomplete");
  for (const { businessDate, state, wasPublished } of refused)
    parts.push(`  ${businessDate} ${state}${wasPublished ? ": what was published of it stays" : ""}`);
  const loads = dates.filter(({ state }) => state === "pending" || state === "changed");
  // Where weeks are shown, the dates are told by what they change.
  if (periods === null)
    for (const { businessDate, state, rowsAccepted, rowsRejected } of loads)
      parts.push(`  ${businessDate} ${state}: ${plural(rowsAccepted, "row")}, ${rowsRejected} rejected`);
  if (periods !== null && periods.length > 0) {
    const { calendar } = dataset.fact;
    const measures = summedMeasures(dataset).slice(0, SHOWN);
    const rows = periods.map(({ period, rows: counted, totals, differs }) => [
      String(period),
      arrow(counted),
      ...measures.map(({ name }) => arrow(totals[name])),
      differs ? "" : "computed again, the same",
    ]);
    const header = [calendar.period, "rows", ...measures.map(({ title, unit }) => `${title} (${unit})`), ""];
    parts.push("", table(header, rows));
  }
  if (loads.length > 0 && notKnown !== undefined) parts.push("", notKnown);
  parts.push("", lastLine(dataset, { plan, dates, periods }));
  return `${parts.join("\n")}\n`;
}

function lastLine({ fact }: Dataset, { plan, dates, periods }: Omit<BackfillResult, "warnings" | "runId">): string {
  const loads = dates.filter(({ state }) => state === "pending" || state === "changed").length;
  if (loads === 0) return plan ? "Nothing would change." : "Nothing changed.";
  if (periods === null) return `${plural(loads, "date")} to load. Nothing was changed: without --plan it is done.`;
  const changed = plural(periods.filter(({ differs }) => differs).length, fact.calendar.word ?? "period");
  const what = `${plural(loads, "date")} to load, ${changed} with other numbers`;
  return plan
    ? `${what}. Nothing was changed: without --plan it is done.`
    : `${plural(loads, "date")} loaded, ${changed} with other numbers.`;
}
