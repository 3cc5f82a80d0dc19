/** The fact as one portable SQL text: it runs unmodified, with equal results, on DuckDB, Spark (ANSI) and Trino. */
import { type Dataset, tableOf } from "../contract/dataset.ts";
import { decimalOf } from "../contract/types.ts";
import { SalesEtlError } from "../errors.ts";
import { datedTables, type Fact } from "../measures/fact.ts";
import type { Measure, Ratio } from "../measures/measure.ts";
import { RATIO_STEPS, ratioSql } from "./ratio.ts";

/** One column, the fact's period: the periods to compute. The engine provides it. */
export const TOUCHED = "touched_periods";

/** The relations that {@link factSql} reads besides {@link TOUCHED}: accepted rows, typed. */
export const factSources = (fact: Fact): readonly string[] => [
  ...datedTables(fact).map(({ table }) => table),
  fact.calendar.table,
];

const flowColumn = (column: string) => `flow_${column}`;
const stockColumn = (column: string) => `stock_${column}`;

function weeklySql(measure: Exclude<Measure, Ratio>): string {
  switch (measure.kind) {
    case "sum":
      return `SUM(${flowColumn(measure.of.column)})`;
    case "last":
      return `MAX_BY(${stockColumn(measure.of.column)}, CASE WHEN tracked = 1 THEN day END)`;
    case "last-day":
      return "MAX(CASE WHEN tracked = 1 THEN day END)";
    case "days":
      return "SUM(tracked)";
    case "flag-days":
      return `SUM(${stockColumn(measure.of.column)})`;
  }
}

const distinct = (names: readonly string[]) => [...new Set(names)];

/** @returns the SELECT of the fact's rows of all {@link TOUCHED} periods, with its columns in order. */
export function factSql(dataset: Dataset): string {
  const { fact } = dataset;
  const { calendar, flow, stock, keys } = fact;
  const sums = distinct(fact.measures.flatMap((m) => (m.kind === "sum" ? [m.of.column] : [])));
  const lasts = distinct(fact.measures.flatMap((m) => (m.kind === "last" ? [m.of.column] : [])));
  const flags = distinct(fact.measures.flatMap((m) => (m.kind === "flag-days" ? [m.of.column] : [])));
  for (const column of lasts) {
    // MAX_BY over a NULL gives the day before in one engine and NULL in another.
    if (stock !== null && tableOf(dataset, stock.table).columns[column]?.nullable !== false) {
      throw new SalesEtlError(`${stock.table}.${column} must be required() to be a last value`, {
        code: "MEASURE_INVALID",
        path: `${stock.table}.${column}`,
      });
    }
  }
  const zero = "CAST(0 AS DECIMAL(38,2))";
  const flowDay = `flow_day AS (  -- several rows of one day are one day
  SELECT d.day, d.period, ${keys.map((key) => `f.${key}`).join(", ")},
    ${sums.map((column) => `SUM(f.${column}) AS ${flowColumn(column)}`).join(",\n    ")}
  FROM ${flow.table} f
  JOIN days d ON d.day = f.${flow.date}
  GROUP BY d.day, d.period, ${keys.map((key) => `f.${key}`).join(", ")}
)`;
  const stockDay = `stock_day AS (
  SELECT d.day, d.period, ${keys.map((key) => `s.${key}`).join(", ")}${[...lasts, ...flags].map((column) => `,\n    s.${column} AS ${stockColumn(column)}`).join("")}
  FROM ${stock?.table} s
  JOIN days d ON d.day = s.${stock?.date}
)`;
  const both = (column: string) => `COALESCE(f.${column}, s.${column}) AS ${column}`;
  const daily =
    stock === null
      ? "daily AS (\n  SELECT * FROM flow_day\n)"
      : `${stockDay},
daily AS (  -- stock without a sale stays; a sale without a stock row stays, its stock unknown
  SELECT ${["day", "period", ...keys].map(both).join(", ")},
    ${sums.map((column) => `COALESCE(f.${flowColumn(column)}, ${zero}) AS ${flowColumn(column)}`).join(",\n    ")},
    CASE WHEN s.day IS NULL THEN 0 ELSE 1 END AS tracked${lasts.map((column) => `,\n    s.${stockColumn(column)}`).join("")}${flags.map((column) => `,\n    COALESCE(s.${stockColumn(column)}, 0) AS ${stockColumn(column)}`).join("")}
  FROM flow_day f
  FULL OUTER JOIN stock_day s
    ON ${["day", ...keys].map((column) => `s.${column} = f.${column}`).join(" AND ")}
)`;
  const weekly = fact.measures.flatMap((m) =>
    m.kind === "ratio" ? [] : [`CAST(${weeklySql(m)} AS ${m.type.toUpperCase()}) AS ${m.name}`],
  );
  return `WITH days AS (
  SELECT c.${calendar.date} AS day, c.${calendar.period} AS period
  FROM ${calendar.table} c
  JOIN ${TOUCHED} t ON t.${calendar.period} = c.${calendar.period}
),
${flowDay},
${daily},
weekly AS (
  SELECT period AS ${calendar.period}, ${keys.join(", ")},
    ${weekly.join(",\n    ")}
  FROM daily
  GROUP BY period, ${keys.join(", ")}
)${withRatios(fact, [calendar.period, ...keys])}`;
}

/** A measure of several rows of the fact together; null where none is meant (the day of a snapshot). */
const aggregateOf = (measure: Measure): string | null =>
  measure.kind === "ratio" || measure.kind === "last-day" ? null : `SUM(${measure.name})`;

/**
 * The measures over groups of the fact's rows: sums are added, ratios computed again from the added parts.
 * @param groups columns of the relation `rows`, which also has the fact's measures
 */
export function aggregateSql(fact: Fact, rows: string, groups: readonly string[]): string {
  const measures = fact.measures.filter((measure) => measure.kind !== "last-day");
  const sums = measures.flatMap((measure) => {
    const aggregate = aggregateOf(measure);
    return aggregate === null ? [] : [`${aggregate} AS ${measure.name}`];
  });
  return `WITH weekly AS (
  SELECT ${[...groups, ...sums].join(", ")}
  FROM ${rows}${groups.length === 0 ? "" : `\n  GROUP BY ${groups.join(", ")}`}
)${withRatios({ ...fact, measures }, groups)}`;
}

/** Completes the CTE `weekly`, which has all measures but the ratios, to the SELECT of all measures in order. */
function withRatios(fact: Fact, keys: readonly string[]): string {
  const scales = new Map(fact.measures.map((measure) => [measure.name, decimalOf(measure.type)?.scale ?? 0]));
  const ratios = new Map(
    fact.measures.flatMap((m) => (m.kind === "ratio" ? [[m.name, ratioSql(m, scales)] as const] : [])),
  );
  const out = [...keys, ...fact.measures.map(({ name }) => ratios.get(name)?.value ?? name)].join(",\n  ");
  if (ratios.size === 0) return `\nSELECT ${out}\nFROM weekly`;
  let from = "weekly";
  let sql = "";
  for (const step of RATIO_STEPS) {
    const columns = [...ratios.values()].flatMap(({ steps }) => steps[step]);
    sql += `,\n${step} AS (\n  SELECT ${from}.*,\n    ${columns.join(",\n    ")}\n  FROM ${from}\n)`;
    from = step;
  }
  return `${sql}\nSELECT ${out}\nFROM ${from}`;
}
