import type { DayColumn } from "../contract/table.ts";
import { SalesEtlError } from "../errors.ts";
import type { Measure } from "./measure.ts";

/** A fact: one row per period (fiscal week) and keys (store, product), with measures from a flow and a stock table. */
export interface Fact {
  readonly name: string;
  readonly title: string;
  /** The table of days and its period column, which is the first column of the fact. */
  readonly calendar: DayColumn & { readonly period: string };
  readonly keys: readonly string[];
  /** What moves: many rows a day, summed by day first. */
  readonly flow: DayColumn;
  /** What stands: at most one row per day and keys. */
  readonly stock: DayColumn | null;
  readonly measures: readonly Measure[];
}

/** Declares a fact; a measure that names another one must come after it. */
export function defineFact(fact: Fact): Fact {
  const known = new Set<string>();
  const fail = (measure: string, message: string) => {
    throw new SalesEtlError(`measure ${measure}: ${message}`, {
      code: "MEASURE_INVALID",
      path: `${fact.name}.${measure}`,
    });
  };
  for (const measure of fact.measures) {
    if (known.has(measure.name)) fail(measure.name, "is declared twice");
    if (measure.kind === "ratio") {
      for (const part of [measure.numerator, measure.less, measure.denominator]) {
        if (part !== null && !known.has(part)) fail(measure.name, `${part} is not declared before it`);
      }
    } else if (measure.kind === "sum") {
      if (measure.of.table !== fact.flow.table) fail(measure.name, `${measure.of.table} is not the flow table`);
    } else {
      const table = "of" in measure ? measure.of.table : fact.stock?.table;
      if (fact.stock === null || table !== fact.stock.table) fail(measure.name, "needs the stock table");
    }
    known.add(measure.name);
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
