/** What to order and where to look: soonest gone, and most lost to low stock. */
import type { Dataset } from "@sales-etl/etl-core/contract";
import { dailyColumnsOf, explainMeasure, type Measure } from "@sales-etl/etl-core/measures";
import { TRACKED } from "@sales-etl/etl-core/sql";
import type { Row } from "../../engine/duckdb.ts";
import { grainOf, grainOptions } from "../../explain/cell.ts";
import { plural } from "../../people.ts";
import { formatDay, formatExact, formatValue, rounded } from "../format.ts";
import { type Content, type Html, html } from "../html.ts";
import { link, type Panel } from "../panels.ts";
import type { Loss } from "../read/products.ts";
import { table } from "../table.ts";
import { definition, measuresTable, type NumbersPage, partsTable } from "../words.ts";

const titles = (measures: readonly Measure[]) =>
  measures.map((measure) => ({
    title: html`<a href="#${definition(measure).id}">${measure.title}</a>`,
    number: true,
  }));

const cellsOf = (measures: readonly Measure[], row: Row, panel: Panel): Content[] =>
  measures.map((measure) => link(panel, formatValue(measure, rounded(measure, row)), measure.name));

function scarce(page: NumbersPage): Html | null {
  const { plan, numbers } = page;
  if (plan.scarce === null || numbers.scarce === null) return null;
  const { rows, parts, middle, count, title } = numbers.scarce;
  const measures = plan.scarce.columns.map(plan.measure);
  const sold = plan.measure(plan.scarce.sold);
  const cover = plan.measure(plan.scarce.cover);
  const rule = page.panels.add(
    "scarce.rule",
    `${title} at risk: which they are`,
    html`<p>Those that sold at least as much as the middle one of all that sold: ${formatExact(sold, middle)} ${sold.unit} in ${page.period(numbers.periods.shown.period)}. These are ${count.toLocaleString("en")}. The least ${cover.title.toLowerCase()} first; those whose stock is unknown are left out.</p>
<p class="means">${cover.title}: ${cover.formula}. ${cover.why ?? null}</p>`,
  );
  const lines = rows.map((row, index) => {
    const id = `scarce.${index}`;
    const groups = parts[index];
    const panel = page.panels.add(
      id,
      html`${String(row.label)}`,
      html`${measuresTable(page, "The numbers", measures, row, id)}${
        groups === null || groups === undefined
          ? null
          : partsTable(html`By ${groups.title.toLowerCase()}`, groups, measures)
      }`,
    );
    return { head: html`${String(row.label)}`, cells: cellsOf(measures, row, panel) };
  });
  return html`<section class="card" aria-labelledby="scarce-title"><h2 id="scarce-title">${title} at risk</h2>
<p class="lead">Sold well and soonest gone. ${link(rule, "How they are chosen")}.</p>
${
  lines.length === 0
    ? html`<p class="none">None: nothing that sold well has a known stock.</p>`
    : table({
        ...{ caption: `${title} at risk`, captionHidden: true, first: title },
        ...{ columns: titles(measures), rows: lines, className: "data" },
      })
}</section>
`;
}

/** More days than this are rows, not columns. */
const DAYS_ACROSS = 8;

/** The daily rows behind a row of the fact: what the measures shown are made of. */
function dailyTable(page: NumbersPage, loss: Loss, measures: readonly Measure[]): Html {
  const { dataset } = page.data;
  const names = [...new Set(measures.flatMap((measure) => dailyColumnsOf(dataset.fact, measure)))].filter(
    (name) => name !== TRACKED,
  );
  const value = (day: Row, name: string) => formatExact(describedDaily(dataset, name), day[name]);
  const days = loss.days.map((day) => formatDay(String(day.day)));
  const across = days.length <= DAYS_ACROSS;
  return table({
    ...{ caption: "The days it is made of", first: across ? "Per day" : "Day" },
    columns: (across ? days : names.map((name) => describedDaily(dataset, name).title)).map((title) => ({
      title,
      number: true,
    })),
    rows: across
      ? names.map((name) => ({
          head: describedDaily(dataset, name).title,
          cells: loss.days.map((day) => value(day, name)),
        }))
      : loss.days.map((day, index) => ({ head: days[index] ?? "", cells: names.map((name) => value(day, name)) })),
    className: "days",
  });
}

/** What a column of the daily base is called and counts: its own words, else those of the contract. */
function describedDaily({ fact, tables }: Dataset, name: string): { readonly title: string; readonly unit: string } {
  const own = fact.daily?.find((daily) => daily.name === name);
  if (own !== undefined) return own;
  const [flow, stock] = [fact.flow.table, fact.stock?.table].map((table) => tables.find((one) => one.name === table));
  const spec = flow?.columns[name] ?? stock?.columns[name];
  return { title: spec?.description ?? name, unit: spec?.unit ?? "" };
}

/** Whether a day's own columns make the measure 0 on it. */
const addsNothing = (measure: Measure, day: Row): boolean =>
  measure.kind === "daily-sum" && measure.of.every((name) => Number(day[name]) === 0);

/** The measure's formula with the numbers of each day that adds to it. */
function steps(page: NumbersPage, loss: Loss, measure: Measure): Html {
  const { days, total } = explainMeasure(
    page.data.dataset.fact,
    measure,
    loss.row,
    loss.days.filter((day) => !addsNothing(measure, day)),
  );
  return html`<p>${measure.title}, day by day; days that add nothing are left out:</p>
<ul class="steps">${days.map(({ day, text }) => html`<li>${formatDay(day)}: <span class="formula">${text}</span></li>`)}
<li><b class="formula">${total}</b></li></ul>`;
}

/** What to type to get to files and lines. */
const explainCommand = (dataset: Dataset, row: Row): string =>
  [
    "sales-etl explain --warehouse DIR",
    ...grainOptions(grainOf(dataset)).map(({ flags }, index) => {
      const column = [dataset.fact.calendar.period, ...dataset.fact.keys][index] ?? "";
      return `${flags.split(/[ ,]/)[0]} ${row[column]}`;
    }),
  ].join(" ");

function losses(page: NumbersPage): Html | null {
  const { plan, numbers, data } = page;
  if (plan.losses === null || numbers.losses === null) return null;
  const { rows, count } = numbers.losses;
  const measure = plan.measure(plan.losses.measure);
  const measures = plan.losses.columns.map(plan.measure);
  const lines = rows.map((loss, index) => {
    const id = `loss.${index}`;
    const [where = "", ...what] = loss.labels;
    const name = html`${what.join(", ")}${what.length === 0 ? where : html` <span class="where">${where}</span>`}`;
    const panel = page.panels.add(
      id,
      name,
      html`${measuresTable(page, "The numbers", measures, loss.row, id)}${dailyTable(page, loss, measures)}${steps(page, loss, measure)}
<p class="note">To files and lines: <code>${explainCommand(data.dataset, loss.row)}</code></p>`,
    );
    return { head: name, cells: cellsOf(measures, loss.row, panel) };
  });
  return html`<section class="card" aria-labelledby="loss-title"><h2 id="loss-title">Biggest ${measure.title.toLowerCase()}</h2>
<p class="lead">${count > rows.length ? `The first ${rows.length} of ${plural(count, "row")} with low stock` : plural(count, "row with low stock", "rows with low stock")}. <a href="#${definition(measure).id}">What it means</a>.</p>
${
  lines.length === 0
    ? html`<p class="none">None in ${page.period(numbers.periods.shown.period)}.</p>`
    : table({
        ...{ caption: `Biggest ${measure.title.toLowerCase()}`, captionHidden: true, first: "Where" },
        ...{ columns: titles(measures), rows: lines, className: "data" },
      })
}</section>
`;
}

export function products(page: NumbersPage): Html | null {
  const [left, right] = [scarce(page), losses(page)];
  if (left === null && right === null) return null;
  return html`<div class="pair">${left}${right}</div>
`;
}
