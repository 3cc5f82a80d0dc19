/** What a measure is computed from, down to the columns of the daily base. */
import { SalesEtlError } from "../errors.ts";
import type { Daily } from "./daily.ts";
import { columnsOf, type Fact, partsOf } from "./fact.ts";
import type { ColumnRef, Measure } from "./measure.ts";

/** What a set of measures reads of the daily base. */
export interface Needs {
  /** Columns of the flow table, summed by day. */
  readonly flow: readonly string[];
  /** Columns of the stock table; {@link Needs.flags} are among them. */
  readonly stock: readonly string[];
  /** Stock columns that are 0 or 1. */
  readonly flags: readonly string[];
  /** In the order in which they are declared. */
  readonly daily: readonly Daily[];
  /** Those of the source tables that all of it comes from. */
  readonly columns: readonly ColumnRef[];
}

const allDaily = (fact: Fact): readonly Daily[] => [...(fact.daily ?? []), ...(fact.brief?.daily ?? [])];
const allMeasures = (fact: Fact): readonly Measure[] => [...fact.measures, ...(fact.brief?.measures ?? [])];

const namesIn = (daily: Daily): readonly string[] => {
  switch (daily.kind) {
    case "below":
      return [];
    case "shortfall":
    case "difference":
      return [daily.below];
    case "shortfall-value":
      return [daily.shortfall];
    case "flow-where":
      return [daily.flag];
  }
};

export function needsOf(fact: Fact, measures: readonly Measure[], days: readonly Daily[] = []): Needs {
  const declared = allDaily(fact);
  const found = new Set<Daily>();
  const refs: ColumnRef[] = [];
  const flags = new Set<string>();
  const seen = new Set<string>();
  const byName = (name: string, asked: string) => {
    const daily = declared.find((one) => one.name === name);
    if (daily !== undefined) visitDaily(daily);
    // What is no daily column is a flag of the stock table; that it exists is for the contract to say.
    else if (fact.stock !== null) {
      flags.add(name);
      refs.push({ table: fact.stock.table, column: name });
    } else {
      throw new SalesEtlError(`measure ${asked}: there is no daily column ${name}`, {
        code: "MEASURE_INVALID",
        path: `${fact.name}.${asked}`,
      });
    }
  };
  const visitDaily = (daily: Daily) => {
    if (found.has(daily)) return;
    for (const name of namesIn(daily)) byName(name, daily.name);
    found.add(daily);
    refs.push(...columnsOf(daily));
  };
  const visit = (measure: Measure) => {
    if (seen.has(measure.name)) return;
    seen.add(measure.name);
    if (measure.kind === "daily-sum") for (const name of measure.of) byName(name, measure.name);
    if (measure.kind === "flag-days") flags.add(measure.of.column);
    refs.push(...columnsOf(measure));
    for (const part of partsOf(measure)) {
      const other = allMeasures(fact).find(({ name }) => name === part);
      if (other !== undefined) visit(other);
    }
  };
  for (const measure of measures) visit(measure);
  for (const daily of days) visitDaily(daily);
  const of = (table: string | undefined) => [
    ...new Set(refs.filter((ref) => ref.table === table).map(({ column }) => column)),
  ];
  return {
    flow: of(fact.flow.table),
    stock: of(fact.stock?.table),
    flags: [...flags],
    daily: declared.filter((daily) => found.has(daily)),
    columns: refs.filter(
      (ref, index) => refs.findIndex((other) => other.table === ref.table && other.column === ref.column) === index,
    ),
  };
}

/** The columns of the daily base that a measure needs, for who shows a measure day by day. */
export function dailyColumnsOf(fact: Fact, measure: Measure): readonly string[] {
  const { flow, stock, daily } = needsOf(fact, [measure]);
  const counted = measure.kind === "days" || measure.kind === "last-day" || stock.length > 0 ? ["tracked"] : [];
  return [...flow, ...counted, ...stock, ...daily.map(({ name }) => name)];
}
