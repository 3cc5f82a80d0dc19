/** The fact as one portable SQL text: it runs unmodified, with equal results, on DuckDB, Spark (ANSI) and Trino. */
import type { Dataset } from "../contract/dataset.ts";
import type { Fact } from "../measures/fact.ts";
import { type Measure, RATIO_SCALE, type Ratio } from "../measures/measure.ts";
import { needsOf } from "../measures/needs.ts";
import { type DailyBase, dailyBase } from "./daily.ts";
import { type Cte, divide, divisionCtes, type Quotient, withCtes } from "./division.ts";
import { type Field, invalid, mostOf, proofOf, scaleOf, wholeOf } from "./field.ts";
import { MOVED, type SqlNames, TRACKED } from "./movements.ts";
import type { Proof, Range, Whole } from "./whole.ts";

const trackedDay = `CASE WHEN d.${TRACKED} = 1 THEN d.day END`;

interface Weekly {
  readonly sql: string;
  readonly field: Field;
}

const added = (a: Range | null, b: Range | null): Range | null => a && b && { min: a.min + b.min, max: a.max + b.max };

/** @returns the measure as an aggregate over the days `d` of one period, before its cast */
export function weeklyOf(dataset: Dataset, base: DailyBase, measure: Exclude<Measure, Ratio>): Weekly {
  const { fact } = dataset;
  const { name, type } = measure;
  const proof = proofOf(dataset, name, needsOf(fact, [measure]));
  const days = BigInt(fact.calendar.mostDays);
  const result = (sql: string, scale: number, range: Range | null, nullable: boolean): Weekly => {
    if (type !== "date") {
      if (scale !== scaleOf(type)) invalid(fact, name, `${type} has another scale than what it is computed from`);
      proof.fits(name, proof.whole(sql, range).range, type, mostOf(type));
    }
    return { sql: `CAST(${sql} AS ${type.toUpperCase()})`, field: { name, scale, range, nullable } };
  };
  const overDays = (range: Range | null): Range | null => range && { min: range.min * days, max: range.max * days };
  switch (measure.kind) {
    case "sum": {
      const { name: column, scale, range, nullable } = base.field(measure.of.column);
      const sum = `SUM(d.${column})`;
      const sql = nullable && fact.stock !== null ? `CASE WHEN SUM(d.${MOVED}) = 0 THEN 0 ELSE ${sum} END` : sum;
      return result(sql, scale, overDays(range), nullable);
    }
    case "daily-sum": {
      const fields = measure.of.map(base.field);
      const [first] = fields;
      if (first === undefined) return invalid(fact, name, "adds up no column");
      for (const field of fields) {
        if (field.nullable || field.scale !== first.scale)
          invalid(fact, name, `${field.name} cannot be added up with ${first.name}`);
      }
      const range = fields.map((field) => field.range).reduce(added);
      return result(
        `SUM(${fields.map((field) => `d.${field.name}`).join(" + ")})`,
        first.scale,
        overDays(range),
        false,
      );
    }
    case "last": {
      const { name: column, scale, range, nullable } = base.field(measure.of.column);
      const last = (sql: string) => `MAX_BY(${sql}, ${trackedDay})`;
      const spec = dataset.tables.find((table) => table.name === measure.of.table)?.columns[column];
      // Of a NULL in the last snapshot some engines would make the day before: whether it is known is asked first.
      const sql =
        nullable && spec?.nullable !== false
          ? `CASE WHEN ${last(`CASE WHEN d.${column} IS NULL THEN 0 ELSE 1 END`)} = 1 THEN ${last(`COALESCE(d.${column}, 0)`)} END`
          : last(`d.${column}`);
      return result(sql, scale, range, true);
    }
    case "last-day":
      return result(`MAX(${trackedDay})`, 0, null, true);
    case "days":
      return result(`SUM(d.${TRACKED})`, 0, { min: 0n, max: days }, false);
    case "flag-days":
      return result(`SUM(d.${measure.of.column})`, 0, { min: 0n, max: days }, false);
  }
}

/** @param field of the measures computed so far */
export function ratioOf(fact: Fact, proof: Proof, ratio: Ratio, field: (name: string) => Field): Quotient {
  const { name, less, denominator } = ratio;
  const numerator = field(ratio.numerator);
  let dividend = wholeOf(proof, numerator);
  if (less !== null) {
    const other = field(less);
    if (other.scale !== numerator.scale) invalid(fact, name, `${numerator.name} and ${less} have different scales`);
    dividend = proof.minus(dividend, wholeOf(proof, other));
  }
  const below: Field = typeof denominator === "string" ? field(denominator) : number(denominator);
  let divisor: Whole = wholeOf(proof, { ...below, range: below.range && { min: 1n, max: below.range.max } });
  const places = RATIO_SCALE + below.scale - numerator.scale;
  if (places >= 0) dividend = proof.shifted(dividend, places);
  else divisor = proof.shifted(divisor, -places);
  return divide(proof, { name, dividend, divisor, scale: RATIO_SCALE });
}

const number = (value: number): Field => ({
  name: String(value),
  scale: 0,
  range: { min: BigInt(value), max: BigInt(value) },
  nullable: false,
});

/** The days of each period and keys together. */
export function weeklyCte({ calendar, keys }: Fact, columns: readonly string[]): Cte {
  const grain = [calendar.period, ...keys].map((key) => `d.${key}`).join(", ");
  return {
    name: "weekly",
    sql: `SELECT ${[grain, ...columns].join(",\n    ")}\n  FROM daily d\n  GROUP BY ${grain}`,
  };
}

/** @returns the SELECT of the fact's rows of all touched periods, with its columns in order. */
export function factSql(dataset: Dataset, names: SqlNames = {}): string {
  const { fact } = dataset;
  const keys = [fact.calendar.period, ...fact.keys];
  const base = dailyBase(dataset, needsOf(fact, fact.measures), names);
  const fields = new Map<string, Field>();
  const columns: string[] = [];
  const ratios = new Map<string, Quotient>();
  const field = (name: string) => fields.get(name) ?? invalid(fact, name, "is not computed yet");
  for (const measure of fact.measures) {
    if (measure.kind === "ratio") {
      const quotient = ratioOf(fact, proofOf(dataset, measure.name, needsOf(fact, [measure])), measure, field);
      ratios.set(measure.name, quotient);
      continue;
    }
    const weekly = weeklyOf(dataset, base, measure);
    fields.set(measure.name, weekly.field);
    columns.push(`${weekly.sql} AS ${measure.name}`);
  }
  const weekly = weeklyCte(fact, columns);
  const steps = divisionCtes("weekly", "weekly", [...ratios.values()]);
  const out = [...keys, ...fact.measures.map(({ name }) => shown(name, ratios))];
  return withCtes(
    [...base.ctes, weekly, ...steps],
    `SELECT ${out.join(",\n  ")}\nFROM ${steps.at(-1)?.name ?? "weekly"}`,
  );
}

/** A column of the last step: a ratio is put together there. */
export function shown(name: string, ratios: ReadonlyMap<string, Quotient>): string {
  const quotient = ratios.get(name);
  return quotient === undefined ? name : `${quotient.value.sql} AS ${name}`;
}
