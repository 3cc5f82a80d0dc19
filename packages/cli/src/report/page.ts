/** The report as one HTML file without scripts or links. */
import type { Dataset } from "@sales-etl/etl-core/contract";
import type { Measure } from "@sales-etl/etl-core/measures";
import type { Row } from "../engine/duckdb.ts";
import { plural } from "../people.ts";
import { periodChart } from "./charts.ts";
import type { KeyTable, PeriodDays, ReportData } from "./data.ts";
import { change, escapeHtml, formatValue, kindOf } from "./format.ts";
import { style } from "./style.ts";

const cell = (text: string, tag: "td" | "th" = "td") => `<${tag}>${escapeHtml(text)}</${tag}>`;

/** What a tile is worth: days tracked and the like only explain other numbers. */
const isHeadline = ({ kind }: Measure): boolean => kind === "sum" || kind === "last" || kind === "ratio";

function tiles({ measures, totals, before }: ReportData): string {
  const now = totals.at(-1) ?? {};
  const tile = (measure: Measure) => {
    const against = change(measure, now[measure.name], before?.[measure.name]);
    return `<div class="tile"><span>${escapeHtml(measure.title)}</span><b>${escapeHtml(formatValue(measure, now[measure.name]))}</b>
<span>${against === null ? "" : `${escapeHtml(against)} on the week before`}</span></div>`;
  };
  return `<div class="tiles">${measures.filter(isHeadline).map(tile).join("\n")}</div>`;
}

/** The first sum of money (else the first sum) and the first share: what a planner looks at first. */
function charted(measures: readonly Measure[]): readonly Measure[] {
  const sums = measures.filter(({ kind }) => kind === "sum");
  const money = sums.find((measure) => kindOf(measure) === "money") ?? sums[0];
  const share = measures.find((measure) => kindOf(measure) === "percent");
  return [money, share].filter((measure) => measure !== undefined);
}

function charts(data: ReportData, period: string): string {
  const figure = (measure: Measure) =>
    `<figure><figcaption>${escapeHtml(measure.title)} by week</figcaption>${periodChart(measure, data.totals, period)}</figure>`;
  return `<div class="charts">${charted(data.measures).map(figure).join("\n")}</div>`;
}

function keyTable({ title, rows, total }: KeyTable, measures: readonly Measure[]): string {
  const line = (row: Row) =>
    `<tr>${cell(String(row.label))}${measures.map((measure) => cell(formatValue(measure, row[measure.name]))).join("")}</tr>`;
  const heading = rows.length < total ? `${title}: the first ${rows.length} of ${total}` : title;
  return `<h2>${escapeHtml(heading)}</h2><div class="wide"><table>
<tr>${cell("", "th")}${measures.map((measure) => cell(measure.title, "th")).join("")}</tr>
${rows.map(line).join("\n")}</table></div>`;
}

function rejects({ quarantine, quarantined, refused }: ReportData): string {
  const parts: string[] = [];
  for (const { businessDate, verdict, problems, files } of refused) {
    const why = [
      // A warning is not why.
      ...problems.filter(({ severity }) => severity === "error").map(({ message }) => message),
      ...files.flatMap((file) => file.problems.slice(0, 1).map(({ message }) => `${file.file}: ${message}`)),
    ];
    parts.push(`<p class="bad">${escapeHtml(`${businessDate} is ${verdict}: ${why.join("; ")}`)}</p>`);
  }
  if (quarantined === 0) return [...parts, `<p class="muted">No row was rejected.</p>`].join("\n");
  const line = (row: Row) =>
    `<tr>${cell(String(row.business_date))}<td><code>${escapeHtml(`${row.file}:${row.line}`)}</code></td>${cell(String(row.column ?? ""))}<td><code>${escapeHtml(String(row.value ?? ""))}</code></td>${cell(String(row.code))}</tr>`;
  parts.push(`<p>${plural(quarantined, "row")} rejected and kept in quarantine; all others are in the numbers above.</p>
<div class="wide"><table class="text"><tr>${["Date", "File and line", "Column", "Value", "Code"].map((name) => cell(name, "th")).join("")}</tr>
${quarantine.map(line).join("\n")}</table></div>`);
  return parts.join("\n");
}

function weekLine({ period, first, last, days, published }: PeriodDays): string {
  const partial = published < days ? `, ${published} of ${days} days so far` : "";
  return `Week ${period}, ${first} to ${last}${partial}`;
}

/** @returns the HTML; every text from the data is escaped */
export function page(dataset: Dataset, data: ReportData): string {
  const { shown, state, lastDate, measures, tables } = data;
  const dates = Object.keys(state.dates).length;
  const week = shown === null ? "No week has rows yet" : weekLine(shown);
  const definitions = dataset.fact.measures.map(
    ({ title, formula, unit }) => `<dt>${escapeHtml(title)}</dt><dd>${escapeHtml(`${formula} (${unit})`)}</dd>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(`${dataset.title}: ${week}`)}</title><style>${style}</style></head><body>
<h1>${escapeHtml(dataset.title)}</h1>
<p>${week}</p>
<p class="muted">Data up to ${lastDate} (${plural(dates, "business date")}); published ${state.publishedAt.slice(0, 16).replace("T", " ")} UTC, run ${escapeHtml(state.runId)}</p>
${shown === null ? "" : `${tiles(data)}\n${charts(data, dataset.fact.calendar.period)}`}
${tables
  .map((table) =>
    keyTable(
      table,
      measures.filter(({ kind }) => kind !== "days"),
    ),
  )
  .join("\n")}
<h2>Rejected</h2>
${rejects(data)}
<h2>What the numbers mean</h2>
<dl>${definitions.join("\n")}</dl>
${state.attribution === null ? "" : `<p class="muted">${escapeHtml(state.attribution)}</p>`}
</body></html>
`;
}
