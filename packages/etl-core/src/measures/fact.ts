import type { DayColumn } from "../contract/table.ts";
import { SalesEtlError } from "../errors.ts";
import type { Daily } from "./daily.ts";
import type { ColumnRef, Measure } from "./measure.ts";

/** Inclusive bounds, as the decimal text of the value. */
export interface Bounds {
  readonly min: string;
  readonly max: string;
}

/** What moves: many rows a day, summed by day first. */
export interface Flow extends DayColumn {
  /** The most rows of one day and keys; checked before the fact is computed. */
  readonly rowsPerDay: number;
  /** What a column of one day and keys can sum to, where that is narrower than rows x range; checked likewise. */
  readonly perDay?: Readonly<Record<string, Bounds>>;
}

/** The table of days and its period column, which is the first column of the fact. */
export interface FactCalendar extends DayColumn {
  readonly period: string;
  /** The most days of one period; checked before the fact is computed. */
  readonly mostDays: number;
  /** What people call a period. @default "period" */
  readonly word?: string;
}

/** Columns computed beside those of the fact, to show what another formula would give. */
export interface Variant {
  readonly daily: readonly Daily[];
  readonly measures: readonly Measure[];
}

/** A fact: one row per period (fiscal week) and keys (store, product), with measures from a flow and a stock table. */
export interface Fact {
  readonly name: string;
  readonly title: string;
  readonly calendar: FactCalendar;
  readonly keys: readonly string[];
  readonly flow: Flow;
  /** What stands: at most one row per day and keys. */
  readonly stock: DayColumn | null;
  /** What is computed day by day. @default none */
  readonly daily?: readonly Daily[];
  readonly measures: readonly Measure[];
  /** The literal wording of the requirements where it is wrong, beside the right numbers. @default none */
  readonly brief?: Variant;
}

/** The columns of the tables that a measure or a daily column reads itself. */
export const columnsOf = (one: Measure | Daily): readonly ColumnRef[] => {
  switch (one.kind) {
    case "sum":
    case "last":
    case "flag-days":
    case "flow-where":
      return [one.of];
    case "below":
    case "difference":
      return [one.flow, one.stock];
    case "shortfall-value":
      return [one.value];
    case "shortfall":
    case "daily-sum":
    case "last-day":
    case "days":
    case "ratio":
      return [];
  }
};

/** The measures that a measure is computed from. */
export const partsOf = (measure: Measure): readonly string[] =>
  measure.kind === "ratio"
    ? [measure.numerator, measure.less, measure.denominator].filter((part) => typeof part === "string")
    : [];

type Fail = (name: string, message: string) => never;

function checkDaily(fact: Fact, daily: Daily, known: ReadonlyMap<string, Daily>, fail: Fail): void {
  if (known.has(daily.name)) fail(daily.name, "is declared twice among the daily columns");
  if (fact.stock === null) fail(daily.name, "needs the stock table");
  const before = (name: string, kind: Daily["kind"]) => {
    if (known.get(name)?.kind !== kind) fail(daily.name, `${name} is no daily column of the kind ${kind} before it`);
  };
  if (daily.kind === "shortfall" || daily.kind === "difference") before(daily.below, "below");
  if (daily.kind === "shortfall-value") before(daily.shortfall, "shortfall");
}

function checkMeasure(fact: Fact, measure: Measure, known: ReadonlySet<string>, fail: Fail): void {
  if (known.has(measure.name)) fail(measure.name, "is declared twice");
  switch (measure.kind) {
    case "sum":
      if (measure.of.table !== fact.flow.table) fail(measure.name, `${measure.of.table} is not the flow table`);
      return;
    case "ratio":
      for (const part of partsOf(measure)) {
        if (!known.has(part)) fail(measure.name, `${part} is not declared before it`);
      }
      if (
        typeof measure.denominator === "number" &&
        !(Number.isInteger(measure.denominator) && measure.denominator > 0)
      )
        fail(measure.name, "a number to divide by is whole and above 0");
      return;
    default: {
      const table = "table" in (columnsOf(measure)[0] ?? {}) ? columnsOf(measure)[0]?.table : fact.stock?.table;
      if (fact.stock === null || table !== fact.stock.table) fail(measure.name, "needs the stock table");
    }
  }
}

/** Declares a fact; what names another measure or daily column must come after it. */
export function defineFact(fact: Fact): Fact {
  const fail: Fail = (name, message) => {
    throw new SalesEtlError(`measure ${name}: ${message}`, { code: "MEASURE_INVALID", path: `${fact.name}.${name}` });
  };
  const daily = new Map<string, Daily>();
  const measures = new Set<string>();
  const variants = [{ daily: fact.daily ?? [], measures: fact.measures }, ...(fact.brief ? [fact.brief] : [])];
  for (const variant of variants) {
    for (const one of variant.daily) {
      checkDaily(fact, one, daily, fail);
      daily.set(one.name, one);
    }
    for (const measure of variant.measures) {
      checkMeasure(fact, measure, measures, fail);
      measures.add(measure.name);
    }
  }
  return fact;
}

/** The tables whose rows have a day: the flow, and the stock where there is one. */
export const datedTables = ({ flow, stock }: Fact): readonly DayColumn[] => (stock === null ? [flow] : [flow, stock]);

/** The columns of the fact in order. */
export const factColumns = (fact: Fact): readonly string[] => [
  fact.calendar.period,
  ...fact.keys,
  ...fact.measures.map(({ name }) => name),
];
