/** The fact's measures over groups of its rows: by period, by key, or over all. */
import type { Fact } from "../measures/fact.ts";
import { partsOf } from "../measures/fact.ts";
import type { Measure } from "../measures/measure.ts";
import { divisionCtes, type Quotient, withCtes } from "./division.ts";
import { ratioOf, shown } from "./fact.ts";
import { type Field, scaleOf } from "./field.ts";
import { Proof } from "./whole.ts";

export interface AggregateOptions {
  /**
   * All rows of a group are of one period. Only then stocks are added: those of two weeks are the same goods twice.
   * @default whether the groups are by period
   */
  readonly onePeriod?: boolean;
}

/**
 * The measures that {@link aggregateSql} gives, in order: days have no sum; stocks, and ratios of them, only within one
 * period.
 */
export function aggregateMeasures(fact: Fact, onePeriod: boolean): readonly Measure[] {
  const kept: Measure[] = [];
  for (const measure of fact.measures) {
    if (measure.kind === "last-day" || (measure.kind === "last" && !onePeriod)) continue;
    if (partsOf(measure).every((part) => kept.some(({ name }) => name === part))) kept.push(measure);
  }
  return kept;
}

/**
 * The measures over groups of the fact's rows: sums are added, ratios computed again from the added parts. NULL is left
 * out of a sum: stock that is unknown for some rows is the known stock of the others. How many rows a group has is not
 * bounded, so nothing is proven here; an engine raises an error where a sum leaves its type.
 * @param rows a relation with the fact's columns
 * @param groups columns of it
 */
export function aggregateSql(
  fact: Fact,
  rows: string,
  groups: readonly string[],
  { onePeriod = groups.includes(fact.calendar.period) }: AggregateOptions = {},
): string {
  const measures = aggregateMeasures(fact, onePeriod);
  const ratios = new Map<string, Quotient>();
  const field = (name: string): Field => {
    const type = measures.find((measure) => measure.name === name)?.type ?? "bigint";
    return { name, scale: scaleOf(type), range: null, nullable: true };
  };
  const sums: string[] = [];
  for (const measure of measures) {
    if (measure.kind === "ratio") {
      ratios.set(measure.name, ratioOf(fact, new Proof(fact.name, measure.name, []), measure, field));
    } else sums.push(`SUM(r.${measure.name}) AS ${measure.name}`);
  }
  const by = groups.map((group) => `r.${group}`);
  const grouped = {
    name: "added",
    sql: `SELECT ${[...by, ...sums].join(",\n    ")}\n  FROM ${rows} r${by.length === 0 ? "" : `\n  GROUP BY ${by.join(", ")}`}`,
  };
  const steps = divisionCtes("added", "added", [...ratios.values()]);
  const out = [...groups, ...measures.map(({ name }) => shown(name, ratios))].join(",\n  ");
  return withCtes([grouped, ...steps], `SELECT ${out}\nFROM ${steps.at(-1)?.name ?? "added"}`);
}
