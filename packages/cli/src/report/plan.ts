/** What the report shows of a data set, with every name resolved; chosen by kinds where the data set does not say. */
import type { Dataset } from "@sales-etl/etl-core/contract";
import type { Better, Fact, Measure, ReportPlan } from "@sales-etl/etl-core/measures";
import { partsOf } from "@sales-etl/etl-core/measures";
import { aggregateMeasures } from "@sales-etl/etl-core/sql";
import { kindOf } from "./format.ts";

export interface Headline {
  readonly measure: Measure;
  readonly better: Better | null;
}

export interface Plan {
  /** The fact with the shares as measures of its own, reduced to what is shown and its parts. */
  readonly fact: Fact;
  /** Columns to add to the rows of the published fact, by name. */
  readonly added: Readonly<Record<string, string>>;
  readonly headlines: readonly Headline[];
  readonly trends: readonly Measure[];
  readonly heat: (ReportPlan["heat"] & object) | null;
  readonly scarce: (ReportPlan["scarce"] & object) | null;
  readonly losses: (ReportPlan["losses"] & object) | null;
  readonly measure: (name: string) => Measure;
  /** A measure and all it is computed from, as a fact to aggregate. */
  readonly factOf: (names: readonly string[]) => Fact;
}

const HEADLINES = 6;

/** The first sums and ratios; of them the first money (else the first) and the first share over time. */
function chosen(fact: Fact): ReportPlan {
  const shown = aggregateMeasures(fact, true).filter(({ kind }) => kind === "sum" || kind === "ratio");
  const sums = shown.filter(({ kind }) => kind === "sum");
  const money = sums.find((measure) => kindOf(measure) === "money") ?? sums[0];
  const share = shown.find((measure) => kindOf(measure) === "percent") ?? shown.find(({ kind }) => kind === "ratio");
  return {
    shares: [],
    headlines: shown.slice(0, HEADLINES).map(({ name }) => ({ measure: name, better: null })),
    trends: [money, share].filter((measure) => measure !== undefined).map(({ name }) => name),
    heat: null,
    scarce: null,
    losses: null,
  };
}

/** Of a share: the denominator of the rows whose numerator is known. */
const knownPart = (share: string) => `${share}_of`;

export function planOf(dataset: Dataset): Plan {
  const { fact } = dataset;
  const plan = dataset.report ?? chosen(fact);
  const declared = new Map(fact.measures.map((measure) => [measure.name, measure]));
  const added: Record<string, string> = {};
  const measures: Measure[] = [...fact.measures];
  for (const { numerator, denominator, ...described } of plan.shares) {
    const whole = declared.get(denominator);
    if (whole === undefined || whole.kind === "last-day") continue;
    const part = knownPart(described.name);
    added[part] = `CASE WHEN ${numerator} IS NOT NULL THEN ${denominator} END`;
    measures.push(
      { ...whole, kind: "sum", name: part, of: { table: fact.flow.table, column: denominator } },
      { ...described, kind: "ratio", numerator, less: null, denominator: part, type: "decimal(18,4)" },
    );
  }
  const measure = (name: string): Measure => {
    const found = measures.find((one) => one.name === name);
    if (found === undefined) throw new TypeError(`the report's plan names ${name}, which is no measure`);
    return found;
  };
  const factOf = (names: readonly string[]): Fact => {
    const needed = new Set<string>();
    const need = (name: string) => {
      needed.add(name);
      for (const part of partsOf(measure(name))) need(part);
    };
    for (const name of names) need(name);
    return { ...fact, measures: measures.filter(({ name }) => needed.has(name)) };
  };
  const { heat, scarce, losses } = plan;
  return {
    ...{ added, heat, scarce, losses, measure, factOf },
    fact: factOf([
      ...plan.headlines.map(({ measure: name }) => name),
      ...plan.trends,
      ...(scarce === null ? [] : [scarce.sold, scarce.cover, ...scarce.columns]),
      ...(losses === null ? [] : [losses.measure, ...losses.columns]),
      ...(heat === null ? [] : [heat.share]),
    ]),
    headlines: plan.headlines.map(({ measure: name, better }) => ({ measure: measure(name), better })),
    trends: plan.trends.map(measure),
  };
}
