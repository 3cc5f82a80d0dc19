/** The headline numbers by the first key. */
import type { Row } from "../../engine/duckdb.ts";
import { formatExact, formatShort, rounded } from "../format.ts";
import { type Content, type Html, html } from "../html.ts";
import { link } from "../panels.ts";
import { table } from "../table.ts";
import { changeMark, comparedWith, definition, measuresTable, type NumbersPage, partsTable } from "../words.ts";

export function stores(page: NumbersPage): Html {
  const { plan, numbers } = page;
  const { groups, before, parts } = numbers.byKey;
  const measures = plan.headlines.map(({ measure }) => measure);
  const [first] = plan.headlines;
  const compared = comparedWith(page);
  const line = (row: Row, index: number, head: string, was: Row | undefined, kind?: "rest" | "total") => {
    const id = `store.${index}`;
    const made = parts[index];
    const earlier =
      was === undefined || compared === null
        ? null
        : html`<p>${compared}: ${measures.map((measure, at) => [at === 0 ? "" : "; ", `${measure.title} ${formatExact(measure, was[measure.name])}`])}.</p>`;
    const panel = page.panels.add(
      id,
      html`${head}, ${page.period(numbers.periods.shown.period)}`,
      html`${measuresTable(page, "The numbers", measures, row, id)}${earlier}${
        made === null || made === undefined ? null : partsTable(`By ${made.title.toLowerCase()}`, made, measures)
      }`,
    );
    const mark =
      first === undefined ? null : changeMark(page, first, row[first.measure.name], was?.[first.measure.name]);
    const against: Content =
      mark === null
        ? "–"
        : html`<span class="${mark.className}">${link(panel, html`<span aria-hidden="true">${mark.arrow}</span> ${mark.text}`)}</span>`;
    const [value, ...others] = measures.map((measure) =>
      link(panel, formatShort(measure, rounded(measure, row)), measure.name),
    );
    return { head, cells: [value ?? null, against, ...others], ...(kind === undefined ? {} : { kind }) };
  };
  const rows = groups.rows.map((row, index) => line(row, index, String(row.label), before.get(String(row.part))));
  if (groups.rest !== null) {
    rows.push(line(groups.rest, rows.length, `${groups.restCount.toLocaleString("en")} others`, undefined, "rest"));
  }
  rows.push(line(groups.total, rows.length, "Together", numbers.periods.before?.row, "total"));
  const columns = measures.map((measure, index) => ({
    title: html`<a href="#${definition(measure).id}">${measure.title}</a>`,
    number: true,
    // A narrow screen has room for few; the explanation of the row has all.
    wide: index > 0 && !plan.trends.includes(measure),
  }));
  const [value, ...others] = columns;
  const against = {
    title: compared === null ? "Change" : `On ${numbers.periods.before?.whole === true ? compared : "same days"}`,
    number: true,
  };
  return html`<section class="card" aria-labelledby="stores-title"><h2 id="stores-title">${groups.title}</h2>
${table({
  ...{ caption: `${groups.title}, ${page.period(numbers.periods.shown.period)}`, captionHidden: true },
  ...{ first: groups.title, columns: [...(value === undefined ? [] : [value]), against, ...others], rows },
  className: "data",
})}</section>
`;
}
