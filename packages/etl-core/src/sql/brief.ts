/** What the requirements say word by word, beside the corrected numbers, so that a reader can see the difference. */
import type { Dataset } from "../contract/dataset.ts";
import { factColumns } from "../measures/fact.ts";
import { needsOf } from "../measures/needs.ts";
import { dailyBase } from "./daily.ts";
import { divisionCtes, type Quotient, withCtes } from "./division.ts";
import { ratioOf, shown, weeklyCte, weeklyOf } from "./fact.ts";
import { type Field, invalid, proofOf } from "./field.ts";
import type { SqlNames } from "./movements.ts";

export interface BriefNames extends SqlNames {
  /** The relation with the fact's rows of the periods. @default the fact's own name */
  readonly fact?: string;
}

/** The name of the view. */
export const briefName = (dataset: Dataset): string => `${dataset.fact.name}_brief`;

/**
 * @returns the SELECT of the fact's columns followed by those of `fact.brief`; null where the fact has none. It reads the
 * fact, and the same relations as the fact's own SQL for what the fact does not hold.
 */
export function briefSql(dataset: Dataset, names: BriefNames = {}): string | null {
  const { fact } = dataset;
  if (fact.brief === undefined) return null;
  const own = fact.brief.measures;
  const keys = [fact.calendar.period, ...fact.keys];
  const sums = own.filter((measure) => measure.kind !== "ratio");
  const base = dailyBase(dataset, needsOf(fact, sums), names);
  const fields = new Map<string, Field>();
  // The measures of the fact are there already; their bounds are those that were proven for it.
  const ofFact = dailyBase(dataset, needsOf(fact, fact.measures));
  for (const measure of fact.measures) {
    if (measure.kind !== "ratio") fields.set(measure.name, weeklyOf(dataset, ofFact, measure).field);
  }
  const columns = sums.map((measure) => {
    const { sql, field } = weeklyOf(dataset, base, measure);
    fields.set(measure.name, field);
    return `${sql} AS ${measure.name}`;
  });
  const ratios = new Map<string, Quotient>();
  for (const measure of own) {
    if (measure.kind !== "ratio") continue;
    const proof = proofOf(dataset, measure.name, needsOf(fact, [measure]));
    const field = (name: string) => fields.get(name) ?? invalid(fact, measure.name, `${name} is not computed yet`);
    ratios.set(measure.name, ratioOf(fact, proof, measure, field));
  }
  const weekly = weeklyCte(fact, columns);
  const beside = {
    name: "beside",
    note: "the corrected numbers with those of the literal wording",
    sql: `SELECT ${["f.*", ...sums.map(({ name }) => `w.${name}`)].join(", ")}
  FROM ${names.fact ?? fact.name} f
  LEFT JOIN weekly w ON ${keys.map((key) => `w.${key} = f.${key}`).join(" AND ")}`,
  };
  const steps = divisionCtes("beside", "beside", [...ratios.values()]);
  const out = [...factColumns(fact), ...own.map(({ name }) => shown(name, ratios))].join(",\n  ");
  return withCtes([...base.ctes, weekly, beside, ...steps], `SELECT ${out}\nFROM ${steps.at(-1)?.name ?? "beside"}`);
}
