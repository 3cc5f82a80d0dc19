/** What several sections say in the same way. */
import { explainMeasure, type Measure, partsOf } from "@sales-etl/etl-core/measures";
import type { Row } from "../engine/duckdb.ts";
import type { NumbersData, ReportData } from "./data.ts";
import { change, formatExact, formatPeriod, shortPeriod } from "./format.ts";
import { type Content, type Html, html } from "./html.ts";
import { type Panel, Panels } from "./panels.ts";
import type { Headline, Plan } from "./plan.ts";
import type { Groups } from "./read/rows.ts";
import { table } from "./table.ts";

/** What the sections share while a page is made. */
export interface Page {
  readonly data: ReportData;
  readonly plan: Plan;
  readonly panels: Panels;
  /** `week` */
  readonly word: string;
  readonly period: (period: number) => string;
  /** `W52` */
  readonly short: (period: number) => string;
}

export interface NumbersPage extends Page {
  readonly numbers: NumbersData;
}

export function newPage(data: ReportData): Page {
  const word = data.dataset.fact.calendar.word ?? "period";
  return {
    ...{ data, plan: data.plan, panels: new Panels(), word },
    period: (period) => `${word} ${formatPeriod(period)}`,
    short: (period) => shortPeriod(word, period),
  };
}

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** `is` of a measure in the list of definitions. */
export const definition = ({ name }: Pick<Measure, "name">): Panel => ({ id: `is.${name}` });

/** What the numbers are compared with: `W51`, or `the same 3 days of W51`; null where there is nothing. */
export function comparedWith({ short, numbers }: NumbersPage): string | null {
  const { before } = numbers.periods;
  if (before === null) return null;
  const days = before.days.length === 1 ? "day" : `${before.days.length} days`;
  const name = before.whole ? short(before.period) : `the same ${days} of ${short(before.period)}`;
  return before.published < before.days.length ? `${name}, ${before.published} of its ${days} published` : name;
}

/** The parts of a measure with their values, and the formula with the numbers in it; the value alone where it has none. */
export function madeOf({ plan }: Page, measure: Measure, row: Row): Html {
  if (measure.kind !== "ratio") return html`<b class="n">${formatExact(measure, row[measure.name])}</b>`;
  const named = [...new Set(partsOf(measure))].map((part) => {
    const { title, ...of } = plan.measure(part);
    return html`${title} ${formatExact(of, row[part])}`;
  });
  const filled = Object.fromEntries(
    [...partsOf(measure), measure.name].map((name) => [name, formatExact(plan.measure(name), row[name])]),
  );
  const { total } = explainMeasure(plan.fact, measure, filled, []);
  return html`${named.map((part, index) => [index === 0 ? null : "; ", part])}. <span class="formula">${total.replaceAll(" - ", " − ")}</span>`;
}

/** What a measure means, in words. */
export const meaning = (measure: Measure): Html =>
  html`<p class="means">${capital(measure.formula)} (${measure.unit}). ${measure.why ?? null}</p>`;

/** The measures and what they are made of, one a row. */
export const measuresTable = (page: Page, caption: Content, measures: readonly Measure[], row: Row, id: string): Html =>
  table({
    ...{ caption, captionHidden: true, first: "Number" },
    columns: [{ title: "Value", number: true }, { title: "Made of" }],
    rows: measures.map((measure) => ({
      id: `${id}.${measure.name}`,
      head: html`<a href="#${definition(measure).id}">${measure.title}</a>`,
      cells: [
        formatExact(measure, row[measure.name]),
        measure.kind === "ratio" ? madeOf(page, measure, row) : capital(measure.formula),
      ],
    })),
    className: "made",
  });

/** Groups, the rest and the total, each with some measures; together they add up. */
export function partsTable(caption: Content, groups: Groups, measures: readonly Measure[]): Html {
  const cells = (row: Row) => measures.map((measure) => formatExact(measure, row[measure.name]));
  return table({
    ...{ caption, first: groups.title },
    columns: measures.map(({ title }) => ({ title, number: true })),
    rows: [
      ...groups.rows.map((row) => ({ head: String(row.label), cells: cells(row) })),
      ...(groups.rest === null
        ? []
        : [
            {
              head: `${groups.restCount.toLocaleString("en")} others`,
              cells: cells(groups.rest),
              kind: "rest" as const,
            },
          ]),
      { head: "Together", cells: cells(groups.total), kind: "total" as const },
    ],
  });
}

/** The measure and what it is computed from, the parts first. */
export const withParts = ({ plan }: Page, measure: Measure): readonly Measure[] => [
  ...[...new Set(partsOf(measure))].map(plan.measure),
  measure,
];

/** A change with its direction and whether that is good, which cannot be told against days that are missing. */
export function changeMark({ numbers }: NumbersPage, { measure, better }: Headline, now: unknown, was: unknown) {
  const { before } = numbers.periods;
  const against = change(measure, now, was);
  if (against === null || before === null) return null;
  const { sign, text } = against;
  const alike = before.published === before.days.length;
  const good = better === null || sign === 0 || !alike ? null : sign > 0 === (better === "more");
  return {
    text,
    arrow: ["▼", "■", "▲"][sign + 1] ?? "",
    className: good === null ? "same" : good ? "good" : "bad",
    verdict: good === null ? (sign === 0 ? "as in" : "against") : good ? "better than" : "worse than",
  };
}
