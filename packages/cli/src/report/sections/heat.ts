/** The heat map as a table: every cell is a number and a link; colour only helps the eye. */
import type { Measure } from "@sales-etl/etl-core/measures";
import type { Row } from "../../engine/duckdb.ts";
import { plural } from "../../people.ts";
import { formatExact, formatValue, rounded } from "../format.ts";
import { type Content, type Html, html } from "../html.ts";
import { link, type Panel } from "../panels.ts";
import type { Heat, HeatRow } from "../read/heat.ts";
import { table } from "../table.ts";
import { capital, definition, meaning, type NumbersPage, withParts } from "../words.ts";

/** Fixed steps, so that a colour means the same every week. Upper bounds; above the last is the darkest. */
const STEPS = [0, 0.02, 0.04, 0.08, 0.16] as const;

const step = (value: unknown): number => {
  const found = STEPS.findIndex((bound) => (bound === 0 ? Number(value) === 0 : Number(value) < bound));
  return found < 0 ? STEPS.length : found;
};

const LEGEND = ["0", "below 2", "2 to 4", "4 to 8", "8 to 16", "16 and more"];

/** In per cent without the sign, to fit: `3.1`; the explanation has all digits. */
const inCell = (share: Measure, row: Row): string =>
  Number(row[share.name]) === 0 ? "0" : formatValue(share, rounded(share, row)).replace("%", "");

function explain(page: NumbersPage, heat: Heat, share: Measure, row: HeatRow, id: string): Panel {
  const shown = withParts(page, share);
  return page.panels.add(
    id,
    html`${share.title}: ${row.label}`,
    html`${meaning(share)}${table({
      ...{ caption: `${share.title} by ${page.word}`, captionHidden: true, first: capital(page.word) },
      columns: shown.map(({ title }) => ({ title, number: true })),
      rows: heat.periods.toReversed().map((period) => ({
        id: `${id}.${period}`,
        head: page.short(period),
        cells: shown.map((measure) => formatExact(measure, row.cells.get(period)?.[measure.name])),
      })),
    })}`,
  );
}

/** On a narrow screen the oldest are left out. */
const NARROW = 7;

function grid(page: NumbersPage, heat: Heat, index: number): Html {
  const share = page.plan.measure(heat.share);
  const old = heat.periods.length - NARROW;
  const line = (row: HeatRow, at: number, head: Content) => {
    const panel = explain(page, heat, share, row, `heat.${index}.${at}`);
    const cells = heat.periods.map((period, column) => {
      const cell = row.cells.get(period);
      const value = cell?.[share.name] ?? null;
      const kind = value === null ? "none" : `h${step(value)}`;
      return html`<td class="${kind}${column < old ? " wide" : ""}">${link(panel, cell === undefined || value === null ? "–" : inCell(share, cell), period)}</td>`;
    });
    return html`<tr><th scope="row">${head}</th>${cells}</tr>
`;
  };
  const rest =
    heat.rest === null
      ? null
      : line(heat.rest, heat.rows.length, html`<i>${heat.restCount.toLocaleString("en")} others</i>`);
  const caption = html`${heat.title}: ${heat.restCount > 0 ? `the ${plural(heat.rows.length, "worst", "worst")} of ${(heat.rows.length + heat.restCount).toLocaleString("en")}` : "the worst first"}`;
  return html`<div class="card" data-chart="heat.${index}"><table class="heat"><caption>${caption}</caption>
<thead><tr><th scope="col">${heat.title}</th>${heat.periods.map(
    (period, column) => html`<th scope="col"${column < old ? html` class="wide"` : null}>${page.short(period)}</th>`,
  )}</tr></thead>
<tbody>${heat.rows.map((row, at) => line(row, at, row.label))}${rest}</tbody></table></div>
`;
}

export function heat(page: NumbersPage): Html | null {
  const { heats, periods } = page.numbers;
  const [first] = heats;
  if (first === undefined) return null;
  const share = page.plan.measure(first.share);
  return html`<section aria-labelledby="heat-title"><h2 id="heat-title"><a href="#${definition(share).id}">${share.title}</a>: where, and since when</h2>
<p class="lead">Per cent of the ${share.unit.replace(/^share of /, "")}, worst in ${page.short(periods.shown.period)} first.</p>
<ul class="legend" aria-label="Colours">${LEGEND.map((text, index) => html`<li><span class="h${index}"></span>${text}</li>`)}<li class="unit">%</li></ul>
<div class="pair">${heats.map((one, index) => grid(page, one, index))}</div></section>
`;
}
