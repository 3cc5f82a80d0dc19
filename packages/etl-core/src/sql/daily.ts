/** The daily base: one row per day and the fact's keys, with what moved, what stood, and what follows from both. */
import type { Dataset } from "../contract/dataset.ts";
import { tableOf } from "../contract/table-of.ts";
import { type Needs, needsOf } from "../measures/needs.ts";
import { compileDaily } from "./daily-column.ts";
import { type Cte, divisionCtes, withCtes } from "./division.ts";
import { type Field, invalid, lines } from "./field.ts";
import { factSources, flowField, MOVED, movements, type SqlNames, stockField, TRACKED } from "./movements.ts";

export interface DailyBase {
  /** The last one is called `daily`. */
  readonly ctes: readonly Cte[];
  readonly columns: readonly string[];
  readonly field: (name: string) => Field;
}

/** @throws {SalesEtlError} MEASURE_INVALID, MEASURE_UNBOUNDED */
export function dailyBase(dataset: Dataset, needs: Needs, names: SqlNames = {}): DailyBase {
  const { fact } = dataset;
  const fields = new Map<string, Field>();
  const grain = ["day", fact.calendar.period, ...fact.keys];
  const add = (one: Field) => {
    if (fields.has(one.name) || [...grain, MOVED, TRACKED].includes(one.name)) {
      invalid(fact, one.name, "two columns of the daily base would have this name; name one of them otherwise");
    }
    fields.set(one.name, one);
  };
  for (const column of needs.flow) add(flowField(dataset, column));
  for (const column of needs.stock) {
    add(stockField(dataset, fact.stock?.table ?? "", column, needs.flags.includes(column)));
  }
  const ctes = movements(dataset, needs, fields, names);
  const compiling = { dataset, fields };
  const compiled = needs.daily.map((daily) => {
    const one = compileDaily(compiling, daily);
    add(one.field);
    return { ...one, daily };
  });
  let from = "movements";
  const step = (name: string, found: readonly (typeof compiled)[number][]) => {
    const sums = found.flatMap(({ sql, daily }) => (sql === null ? [] : [`${sql} AS ${daily.name}`]));
    if (sums.length === 0) return;
    ctes.push({ name, sql: `SELECT x.*,\n    ${lines(sums)}\n  FROM ${from} x` });
    from = name;
  };
  // Flags first: the amounts read them.
  step(
    "day_flags",
    compiled.filter(({ daily }) => daily.kind === "below"),
  );
  step(
    "day_amounts",
    compiled.filter(({ daily }) => daily.kind !== "below"),
  );
  const quotients = compiled.flatMap(({ quotient }) => quotient ?? []);
  const steps = divisionCtes("day", from, quotients);
  const columns = [...grain, ...needs.flow, MOVED, TRACKED, ...needs.stock];
  ctes.push(...steps, {
    name: "daily",
    sql: `SELECT ${lines([columns.join(", "), ...compiled.map(({ shown }) => shown)])}\n  FROM ${steps.at(-1)?.name ?? from}`,
  });
  return {
    ctes,
    columns: [...columns, ...needs.daily.map(({ name }) => name)],
    field: (name) => fields.get(name) ?? invalid(fact, name, "is no column of the daily base"),
  };
}

/**
 * One row per day and keys of the periods: the day (`day`), the period, the keys, each flow column summed over the day's
 * rows, `moved` and `tracked` (1 where there was a row of the flow, of the stock), the stock columns, and the daily
 * columns of the fact. All that the measures of the fact are computed from.
 */
export function dailySql(dataset: Dataset, names: SqlNames = {}): string {
  const { fact } = dataset;
  // Every table must exist before it is asked for.
  for (const table of factSources(fact)) tableOf(dataset, table);
  const { ctes, columns } = dailyBase(dataset, needsOf(fact, fact.measures, fact.daily ?? []), names);
  return withCtes(ctes, `SELECT ${columns.join(",\n  ")}\nFROM daily`);
}
