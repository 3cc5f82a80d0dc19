/** The business dates: a calendar of the last weeks, and all that are not in the numbers. */
import type { DateState, DateStatus } from "../../engine/status.ts";
import { formatDay } from "../format.ts";
import { type Html, html } from "../html.ts";
import type { Panel } from "../panels.ts";
import { table } from "../table.ts";
import { capital, type Page } from "../words.ts";

/** Weeks of the calendar, and dates that are listed. */
const WEEKS = 5;
const LISTED = 60;

/** Nobody knows of them where no reports are kept. */
const REFUSALS: readonly string[] = ["rejected", "incomplete"];

const marks: Readonly<Record<DateState, string>> = {
  accepted: "",
  rejected: "✕",
  incomplete: "…",
  missing: "?",
  "rolled-back": "↶",
};

const words = (date: DateStatus): string => {
  const parts: string[] = [date.state];
  if (date.rowsRejected > 0) parts.push(`${date.rowsRejected.toLocaleString("en")} rows rejected`);
  if (date.restated.length > 0) parts.push("restated");
  if (date.refusedDelivery !== null) parts.push(`a later delivery was ${date.refusedDelivery}`);
  return parts.join(", ");
};

export function datesPanel({ panels, data }: Page): Panel {
  const { status, refused } = data.operations;
  const { counts, dates, first, last } = status;
  const apart = dates.filter(({ state, refusedDelivery }) => state !== "accepted" || refusedDelivery !== null);
  return panels.add(
    "dates",
    "Business dates",
    html`<p>Every day from ${first ?? "–"} to ${last ?? "–"} should have a delivery. A date that is not accepted leaves what was published of it as it was.</p>
${table({
  ...{ caption: "How many", first: "State" },
  columns: [{ title: "Dates", number: true }],
  rows: Object.entries(counts)
    .filter(([state]) => refused !== null || !REFUSALS.includes(state))
    .map(([state, count], index) => ({
      head: refused === null && state === "missing" ? "Missing, or refused" : capital(state),
      cells: [count.toLocaleString("en")],
      ...(index === 0 ? { id: "dates.counts" } : {}),
    })),
})}${
  apart.length === 0
    ? null
    : table({
        ...{ caption: "Not as they should be", first: "Date" },
        columns: [{ title: "State" }],
        rows: apart.slice(-LISTED).map((date) => ({ head: date.businessDate, cells: [words(date)] })),
      })
}`,
  );
}

const weekday = (date: string): number => new Date(`${date}T00:00:00Z`).getUTCDay();

/** Sunday first, as the fiscal week. The marks say what the colours say. */
export function calendarStrip({ data }: Page): Html | null {
  const { dates, last } = data.operations.status;
  if (last === null) return null;
  const shown = dates.slice(-((WEEKS - 1) * 7 + weekday(last) + 1));
  const lead = shown[0] === undefined ? 0 : weekday(shown[0].businessDate);
  const day = (date: DateStatus) => {
    const kind =
      date.state === "accepted" && (date.rowsRejected > 0 || date.refusedDelivery !== null) ? "partly" : date.state;
    const mark = date.state === "accepted" ? (kind === "partly" ? "!" : "") : marks[date.state];
    return html`<li class="${kind}" title="${date.businessDate}: ${words(date)}">${Number(date.businessDate.slice(8))}<sup aria-hidden="true">${mark}</sup><span class="vh"> ${formatDay(date.businessDate)}: ${words(date)}</span></li>`;
  };
  return html`<ol class="dates" aria-label="The last ${shown.length} business dates">${[..."SMTWTFS"].map((name) => html`<li class="name" aria-hidden="true">${name}</li>`)}${Array.from({ length: lead }, () => html`<li class="gap" aria-hidden="true"></li>`)}${shown.map(day)}</ol>
<p class="note">${data.operations.refused === null ? "! rows rejected; ? missing, or refused" : "! rows rejected or a later delivery refused; ✕ rejected; … incomplete; ? missing"}</p>
`;
}
