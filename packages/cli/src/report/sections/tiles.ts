/** The headline numbers: value, change against the period before, and the way there. */
import type { Row } from "../../engine/duckdb.ts";
import { formatDays, formatExact, formatShort, rounded } from "../format.ts";
import { type Html, html } from "../html.ts";
import { link } from "../panels.ts";
import type { Headline } from "../plan.ts";
import { sparkline } from "../sparkline.ts";
import {
  capital,
  changeMark,
  comparedWith,
  definition,
  madeOf,
  meaning,
  type NumbersPage,
  partsTable,
  withParts,
} from "../words.ts";

/** As many as there are columns in the heat map. */
const SPARKS = 13;

function explanation(page: NumbersPage, headline: Headline, now: Row) {
  const { measure } = headline;
  const { periods, byKey } = page.numbers;
  const { shown, before } = periods;
  const id = `now.${measure.name}`;
  const mark = changeMark(page, headline, now[measure.name], before?.row[measure.name]);
  const compared = comparedWith(page);
  const against =
    before === null
      ? html`<p>There is no ${page.word} before it to compare with.</p>`
      : html`<p>${capital(compared ?? "")}: <b>${formatExact(measure, before.row[measure.name])}</b>. ${
          measure.kind === "ratio" ? madeOf(page, measure, before.row) : null
        } ${mark === null ? "No change can be told." : html`Change: <b>${mark.text}</b>.`}</p>`;
  return page.panels.add(
    id,
    html`${measure.title}, ${page.period(shown.period)}: ${formatExact(measure, now[measure.name])}`,
    html`${meaning(measure)}
<p>${formatDays(shown.first, shown.last)}, ${shown.published.length} of ${shown.days.length} days published. ${
      measure.kind === "ratio" ? madeOf(page, measure, now) : null
    }</p>
${against}
${partsTable(html`${measure.title} by ${byKey.groups.title.toLowerCase()}`, byKey.groups, withParts(page, measure))}`,
  );
}

function tile(page: NumbersPage, headline: Headline, now: Row): Html {
  const { measure } = headline;
  const { before, totals } = page.numbers.periods;
  const panel = explanation(page, headline, now);
  const mark = changeMark(page, headline, now[measure.name], before?.row[measure.name]);
  const compared = comparedWith(page);
  const delta =
    mark === null || compared === null
      ? html`<p class="delta same">no ${page.word} before to compare</p>`
      : html`<p class="delta ${mark.className}"><span class="sign" aria-hidden="true">${mark.arrow}</span> <b>${mark.text}</b></p>
<p class="was">${mark.verdict} ${compared} (${link(panel, formatShort(measure, rounded(measure, before?.row ?? {})))})</p>`;
  return html`<li class="tile" data-measure="${measure.name}"><h3><a href="#${definition(measure).id}">${measure.title}</a></h3>
<p class="value">${link(panel, formatShort(measure, rounded(measure, now)))}</p>
${delta}${sparkline(totals.slice(-SPARKS).map((row) => row[measure.name]))}</li>
`;
}

export function tiles(page: NumbersPage): Html {
  const now = page.numbers.periods.totals.at(-1) ?? {};
  return html`<section aria-labelledby="tiles-title"><h2 class="vh" id="tiles-title">Headline numbers</h2><ul class="tiles">${page.plan.headlines.map(
    (headline) => tile(page, headline, now),
  )}</ul></section>
`;
}
