/** A measure with its numbers: what it was computed from, day by day and for the period. */
import { SalesEtlError } from "../errors.ts";
import type { Daily } from "./daily.ts";
import type { Fact } from "./fact.ts";
import type { Measure } from "./measure.ts";

/** Values by column, as text; null is unknown. */
export type Numbers = Readonly<Record<string, unknown>>;

export interface Explanation {
  /** The formula in words. */
  readonly formula: string;
  /** One line a day that says something, in the order given. */
  readonly days: readonly { readonly day: string; readonly text: string }[];
  /** The formula with the period's numbers. */
  readonly total: string;
}

const UNKNOWN = "unknown";

/** Puts numbers in the places `{name}`. A place without a column is a fault of who wrote the text. */
export function filled(text: string, numbers: Numbers): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => {
    if (!(name in numbers))
      throw new SalesEtlError(`there is no column ${name}`, { code: "EXPLAIN_NO_COLUMN", path: name });
    return String(numbers[name] ?? UNKNOWN);
  });
}

const dailyOf = (fact: Fact, name: string): Daily | undefined =>
  [...(fact.daily ?? []), ...(fact.brief?.daily ?? [])].find((one) => one.name === name);

function belowOf(fact: Fact, name: string): Extract<Daily, { kind: "below" }> {
  const daily = dailyOf(fact, name);
  if (daily?.kind === "below") return daily;
  if (daily?.kind === "shortfall") return belowOf(fact, daily.below);
  throw new TypeError(`${name} does not come from a daily column of the kind below`);
}

/** The text of a daily column with places for the day's numbers; where the condition does not hold, why it is 0. */
function dailyText(fact: Fact, name: string, day: Numbers): string {
  const daily = dailyOf(fact, name);
  if (daily === undefined) return day.tracked === 0 ? `{${name}}: no row of the stock` : `{${name}}`;
  switch (daily.kind) {
    case "below": {
      const [stock, flow] = [daily.stock.column, daily.flow.column];
      if (day[stock] === null) return `{${name}}: the stock is unknown`;
      return `{${name}}: {${stock}} ${day[name] === 1 ? "is" : "is not"} below {${flow}}`;
    }
    case "flow-where":
      return day[daily.flag] === 1 ? `{${name}}` : `{${name}}: ${daily.flag} is 0`;
    case "difference":
      return day[daily.below] === 1
        ? `{${daily.flow.column}} - {${daily.stock.column}} = {${name}}`
        : `{${name}}: ${daily.below} is 0`;
    case "shortfall":
    case "shortfall-value": {
      const below = belowOf(fact, daily.kind === "shortfall" ? daily.below : daily.shortfall);
      const [stock, flow] = [below.stock.column, below.flow.column];
      if (day[below.name] !== 1) return `{${name}}: ${below.name} is 0`;
      if (!(Number(day[flow]) > 0)) return `{${name}}: {${flow}} is not above 0`;
      if (daily.kind === "shortfall") return `{${flow}} - {${stock}} = {${name}}`;
      const value = daily.value.column;
      return `{${value}} - {${stock}} x {${value}} / {${flow}} = {${name}}`;
    }
  }
}

/** What one day adds, with places for its numbers; null where the day says nothing. */
function dayText(fact: Fact, measure: Measure, day: Numbers): string | null {
  switch (measure.kind) {
    case "sum":
      return day.moved === 0 ? null : `{${measure.of.column}}`;
    case "daily-sum":
      return measure.of
        .map((name) => (measure.of.length > 1 ? `${name} ` : "") + dailyText(fact, name, day))
        .join("; ");
    case "last":
      return day.tracked === 0 ? null : `{${measure.of.column}}`;
    case "flag-days":
      return day.tracked === 0 ? null : `{${measure.of.column}}`;
    case "last-day":
    case "days":
      return day.tracked === 0 ? null : "tracked";
    case "ratio":
      return null;
  }
}

/** The formula with places for the columns of the fact: of a ratio its parts, of the others what is done with the days. */
export function totalText(measure: Measure): string {
  const { name } = measure;
  switch (measure.kind) {
    case "sum":
    case "daily-sum":
      return `sum of the days = {${name}}`;
    case "flag-days":
      return `days with 1 = {${name}}`;
    case "days":
      return `days tracked = {${name}}`;
    case "last":
      return `of the last day tracked = {${name}}`;
    case "last-day":
      return `the last day tracked = {${name}}`;
    case "ratio": {
      const dividend =
        measure.less === null ? `{${measure.numerator}}` : `({${measure.numerator}} - {${measure.less}})`;
      const divisor = typeof measure.denominator === "number" ? measure.denominator : `{${measure.denominator}}`;
      return `${dividend} / ${divisor} = {${name}}`;
    }
  }
}

/**
 * @param row of the fact (or of its brief view)
 * @param days the rows of the daily base behind it, by day
 * @throws {SalesEtlError} EXPLAIN_NO_COLUMN where a row lacks a column
 */
export function explainMeasure(fact: Fact, measure: Measure, row: Numbers, days: readonly Numbers[]): Explanation {
  return {
    formula: measure.formula,
    days: days.flatMap((day) => {
      const text = dayText(fact, measure, day);
      return text === null ? [] : [{ day: String(day.day), text: filled(text, day) }];
    }),
    total: filled(totalText(measure), row),
  };
}
