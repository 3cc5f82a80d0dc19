/** The charts over the periods, and the explanation of each period. */
import type { Measure } from "@sales-etl/etl-core/measures";
import type { Row } from "../../engine/duckdb.ts";
import { type Point, periodChart } from "../charts.ts";
import { formatExact, formatShort, rounded } from "../format.ts";
import { type Html, html } from "../html.ts";
import { capital, measuresTable, type NumbersPage } from "../words.ts";

const panelId = (period: number) => `week.${period}`;

/** One panel a period, with all headline numbers. */
function explain(page: NumbersPage, row: Row): void {
  const { panels, plan, data, numbers } = page;
  const { calendar } = data.dataset.fact;
  const period = Number(row[calendar.period]);
  const { shown } = numbers.periods;
  const days =
    period === shown.period && shown.published.length < shown.days.length
      ? html`<p>${shown.published.length} of its ${shown.days.length} days are published so far.</p>`
      : null;
  const measures = [...new Set([...plan.headlines.map(({ measure }) => measure), ...plan.trends])];
  const id = panelId(period);
  const title = capital(page.period(period));
  panels.add(id, title, html`${days}${measuresTable(page, title, measures, row, id)}`);
}

function pointsOf(page: NumbersPage, measure: Measure): Point[] {
  const { shown, totals } = page.numbers.periods;
  const column = page.data.dataset.fact.calendar.period;
  return totals.map((row) => {
    const period = Number(row[column]);
    const value = row[measure.name] ?? null;
    return {
      shown: formatShort(measure, rounded(measure, row)),
      value: value === null ? null : String(value),
      label: page.short(period),
      title: `${measure.title}, ${page.period(period)}: ${formatExact(measure, value)}`,
      href: `${panelId(period)}.${measure.name}`,
      partial: period === shown.period && shown.published.length < shown.days.length,
    };
  });
}

export function trends(page: NumbersPage): Html | null {
  const { totals, count } = page.numbers.periods;
  for (const row of totals) explain(page, row);
  if (page.plan.trends.length === 0) return null;
  const figure = (measure: Measure) =>
    html`<figure class="card" data-chart="${measure.name}"><figcaption><h2>${measure.title} by ${page.word}</h2></figcaption>
${periodChart(measure, pointsOf(page, measure))}</figure>
`;
  const note =
    totals.length < count ? html`<p class="note">The last ${totals.length} of ${count} ${page.word}s.</p>` : null;
  return html`<section class="pair" aria-label="Over time">${page.plan.trends.map(figure)}${note}</section>
`;
}
