/** Checks before a publish, each as a SELECT of the rows that break the rule: no row, no fault. Portable SQL. */
import type { Dataset } from "../contract/dataset.ts";
import { tableOf } from "../contract/table-of.ts";
import { datedTables } from "../measures/fact.ts";
import { columnOf } from "./field.ts";
import { TOUCHED } from "./movements.ts";
import { keyOverLedger, plausibilityChecks } from "./plausible.ts";

export interface QualityCheck {
  readonly name: string;
  /** For a person, when it breaks. */
  readonly rule: string;
  readonly sql: string;
  /** An error stops the publish, a warning is kept with the run. */
  readonly severity: "error" | "warning";
  /** What it looks at: the rows that the fact is made of can be looked at before. */
  readonly reads: "sources" | "fact";
  /**
   * What an engine may look at by itself, for the same rows in the end: whole periods with their days, `period-and-day-before`
   * where the day before the first must be there, too; null: everything at once.
   */
  readonly by: "period" | "period-and-day-before" | null;
  /**
   * A relation that is computed once, for several checks or because most rows can be left out early: `select` reads it
   * where it stands under its name, and finds the same rows as `sql`, which brings along what it needs.
   */
  readonly over: Shared | null;
  /** The same where everything is looked at at once and a relation serves more checks; else it is `over`. */
  readonly overAll?: Shared | null;
}

export interface Shared {
  readonly name: string;
  readonly sql: string;
  readonly select: string;
}

/** What the numbers stand on: always an error. */
type Guard = Omit<QualityCheck, "severity">;

/** What the proof of the fact's SQL stands on besides the ranges of single values: see `docs/measures.md`. */
function boundChecks(dataset: Dataset, days: string, byDay: FlowDays | null): readonly Guard[] {
  const { calendar, flow, keys } = dataset.fact;
  const day = [flow.date, ...keys].join(", ");
  const perDay = Object.entries(flow.perDay ?? {});
  const outside = perDay.map(([column, { min, max }]) => {
    const type = columnOf(dataset, { table: flow.table, column }).type.toUpperCase();
    return `SUM(${column}) < CAST('${min}' AS ${type}) OR SUM(${column}) > CAST('${max}' AS ${type})`;
  });
  const bounds = perDay.map(([column, { min, max }]) => `, ${column} adds up to ${min} to ${max}`);
  const perDaySql = (rows: string) =>
    `SELECT ${[day, "COUNT(*) AS copies", ...perDay.map(([column]) => `SUM(${column}) AS ${column}`)].join(", ")} FROM ${rows} WHERE ${flow.date} IN (${days}) GROUP BY ${day} HAVING ${[`COUNT(*) > ${flow.rowsPerDay}`, ...outside].join(" OR ")}`;
  return [
    {
      name: `${calendar.table}_days`,
      rule: `at most ${calendar.mostDays} days in one ${calendar.period} of ${calendar.table}`,
      reads: "sources",
      by: "period",
      over: null,
      sql: `SELECT c.${calendar.period}, COUNT(*) AS days FROM ${calendar.table} c JOIN ${TOUCHED} t ON t.${calendar.period} = c.${calendar.period} GROUP BY c.${calendar.period} HAVING COUNT(*) > ${calendar.mostDays}`,
    },
    {
      name: `${flow.table}_per_day`,
      rule: `one ${day} of ${flow.table} has at most ${flow.rowsPerDay} rows${bounds.join("")}`,
      reads: "sources",
      by: "period",
      sql: perDaySql(flow.table),
      over: byDay?.over(({ large }) => perDaySql(large)) ?? null,
    },
  ];
}

interface FlowDays {
  /** For a check that finds its rows there; `large`: the rows of the flow that may be near the bounds. */
  over(select: (from: { readonly name: string; readonly large: string }) => string): Shared;
}

/**
 * The rows of the flow by day and first key. Few rows are near the bounds: only days and keys that have many, or large
 * ones, together with others are added up one by one. Null where a bound is not on both sides of 0, or there is one key
 * alone.
 */
function flowDays({ fact }: Dataset): FlowDays | null {
  const { flow, keys } = fact;
  const [key, ...others] = keys;
  const bounds = Object.entries(flow.perDay ?? {});
  if (key === undefined || others.length === 0) return null;
  if (bounds.some(([, { min, max }]) => !min.startsWith("-") || max.startsWith("-"))) return null;
  const sizes = bounds.map(([column]) => `, SUM(ABS(${column})) AS ${column}_size`);
  const large = bounds.flatMap(([column, { min, max }]) =>
    [...new Set([min.slice(1), max])].map((most) => `${column}_size > ${most}`),
  );
  const by = `${flow.date}, ${key}`;
  const name = "flow_days";
  const wanted = `SELECT ${by} FROM ${name} WHERE ${[`row_count > ${flow.rowsPerDay}`, ...large].join(" OR ")}`;
  const from = {
    name,
    large: `(SELECT f.* FROM ${flow.table} f JOIN (${wanted}) l ON l.${flow.date} = f.${flow.date} AND l.${key} = f.${key}) large`,
  };
  const sql = `SELECT ${by}, COUNT(*) AS row_count${sizes.join("")} FROM ${flow.table} GROUP BY ${by}`;
  return { over: (select) => ({ name, sql, select: select(from) }) };
}

/** @param candidate the relation with the fact's new rows */
export const qualityChecks = (dataset: Dataset, candidate: string): readonly QualityCheck[] => [
  ...guards(dataset, candidate).map((check) => ({ ...check, severity: "error" as const })),
  ...plausibilityChecks(dataset, candidate),
];

function guards(dataset: Dataset, candidate: string): readonly Guard[] {
  const { fact } = dataset;
  const { calendar, keys } = fact;
  const dated = datedTables(fact);
  const days = `SELECT c.${calendar.date} AS day FROM ${calendar.table} c JOIN ${TOUCHED} t ON t.${calendar.period} = c.${calendar.period}`;
  const grain = [calendar.period, ...keys].join(", ");
  const byDay = flowDays(dataset);
  return [
    ...boundChecks(dataset, days, byDay),
    {
      name: "grain",
      reads: "fact",
      by: "period",
      over: null,
      rule: `one row per ${grain} in ${fact.name}`,
      sql: `SELECT ${grain}, COUNT(*) AS copies FROM ${candidate} GROUP BY ${grain} HAVING COUNT(*) > 1`,
    },
    ...dated.map(({ table, date }) => {
      const withoutWeek = (rows: string) =>
        `SELECT DISTINCT r.${date} FROM ${rows} r LEFT JOIN ${calendar.table} c ON c.${calendar.date} = r.${date} WHERE c.${calendar.date} IS NULL`;
      return {
        reads: "sources" as const,
        by: "period" as const,
        over: table === fact.flow.table ? (byDay?.over(({ name }) => withoutWeek(name)) ?? null) : null,
        name: `${table}_has_week`,
        rule: `every day of ${table} is in ${calendar.table}`,
        sql: withoutWeek(table),
      };
    }),
    ...dated
      .filter(({ table }) => tableOf(dataset, table).key !== null)
      .map(({ table, date }) => {
        const key = tableOf(dataset, table).key?.join(", ");
        return {
          reads: "sources" as const,
          // Rows of two days have two keys where the day is part of it.
          by: tableOf(dataset, table).key?.includes(date) === true ? ("period" as const) : null,
          over: null,
          overAll: keyOverLedger(dataset, table),
          name: `${table}_key`,
          rule: `one row per ${key} in ${table}, over all dates`,
          sql: `SELECT ${key}, COUNT(*) AS copies FROM ${table} GROUP BY ${key} HAVING COUNT(*) > 1`,
        };
      }),
    ...totalChecks(dataset, candidate, days),
  ];
}

/** Units and money of the fact against the rows that it is made of. */
function totalChecks({ fact }: Dataset, candidate: string, days: string): readonly Guard[] {
  const { flow } = fact;
  const sums = fact.measures.flatMap((measure) => (measure.kind === "sum" ? [measure] : []));
  const rows = `${flow.table} WHERE ${flow.date} IN (${days})`;
  const total = (column: string, name: string) => `COALESCE(SUM(${column}), 0) AS ${name}`;
  const all = `SELECT * FROM
  (SELECT ${sums.map(({ name }) => total(name, `fact_${name}`)).join(", ")} FROM ${candidate}) f
  CROSS JOIN (SELECT ${sums.map(({ name, of }) => total(of.column, `source_${name}`)).join(", ")} FROM ${rows}) s`;
  return sums.map(({ name, of }) => ({
    name: `${name}_total`,
    reads: "fact",
    by: "period",
    rule: `${name} of the fact equals the accepted rows of ${flow.table}, to the last digit`,
    sql: `SELECT f.total AS in_fact, s.total AS in_source FROM
  (SELECT ${total(name, "total")} FROM ${candidate}) f
  CROSS JOIN (SELECT ${total(of.column, "total")} FROM ${rows}) s
  WHERE f.total <> s.total`,
    over: {
      name: "totals",
      sql: all,
      select: `SELECT fact_${name} AS in_fact, source_${name} AS in_source FROM totals WHERE fact_${name} <> source_${name}`,
    },
  }));
}
