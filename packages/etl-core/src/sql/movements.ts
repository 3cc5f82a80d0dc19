/** What moved and what stood on one day, joined: the first steps of the daily base. */
import type { Dataset } from "../contract/dataset.ts";
import { decimalOf } from "../contract/types.ts";
import { datedTables, type Fact } from "../measures/fact.ts";
import type { Needs } from "../measures/needs.ts";
import type { Cte } from "./division.ts";
import {
  columnOf,
  declaredOf,
  type Field,
  invalid,
  lines,
  mostOf,
  rangeOf,
  scaleOf,
  unscaled,
  zeroOf,
} from "./field.ts";
import { Proof, withZero } from "./whole.ts";

/** One column, the fact's period: the periods to compute. The engine provides it. */
export const TOUCHED = "touched_periods";

/** The relations that the fact's SQL reads besides {@link TOUCHED}: accepted rows, typed. */
export const factSources = (fact: Fact): readonly string[] => [
  ...datedTables(fact).map(({ table }) => table),
  fact.calendar.table,
];

/** Under which names the SQL finds what it reads. */
export interface SqlNames {
  /** @default {@link TOUCHED} */
  readonly periods?: string;
  /** @default the table's own name */
  readonly relation?: (table: string) => string;
}

/** Columns of the daily base that say whether there was a row of the flow, of the stock. */
export const MOVED = "moved";
export const TRACKED = "tracked";

/** What one day of a flow column can sum to; the proof covers every partial sum on the way. */
export function flowField(dataset: Dataset, column: string): Field {
  const { flow } = dataset.fact;
  const ref = { table: flow.table, column };
  const spec = columnOf(dataset, ref);
  const scale = scaleOf(spec.type);
  const proof = new Proof(dataset.fact.name, column, [declaredOf(dataset, dataset.fact, ref)]);
  const row = rangeOf(spec);
  const rows = BigInt(flow.rowsPerDay);
  const total = withZero({ min: row.min * rows, max: row.max * rows });
  proof.whole(`SUM(${column})`, total);
  const declared = flow.perDay?.[column];
  const day = declared && { min: unscaled(declared.min, scale), max: unscaled(declared.max, scale) };
  // Else a row that is right by itself would keep every other row from being published.
  if (day && (day.min > withZero(row).min || day.max < withZero(row).max)) {
    invalid(dataset.fact, column, `flow.perDay must hold the range of one row of ${flow.table}.${column}`);
  }
  const range = day
    ? { min: day.min > total.min ? day.min : total.min, max: day.max < total.max ? day.max : total.max }
    : total;
  const type = summedType(spec.type);
  proof.fits(`SUM(${column})`, range, type, mostOf(type));
  return { name: column, scale, range, nullable: spec.nullable };
}

/** The sum of a day: the guard that it is what the bounds say; engines raise an error where it is not. */
const summedType = (type: string): string => (decimalOf(type) === null ? "bigint" : type);

/** Stock columns with what the checks let through; flags are 0 or 1 and 0 where nothing is tracked. */
export function stockField(dataset: Dataset, table: string, column: string, isFlag: boolean): Field {
  const spec = columnOf(dataset, { table, column });
  const flag = spec.oneOf?.every((value) => value === "0" || value === "1");
  if (isFlag && flag !== true) invalid(dataset.fact, column, `${table}.${column} must be oneOf(0, 1) to be a flag`);
  return { name: column, scale: scaleOf(spec.type), range: rangeOf(spec), nullable: !isFlag };
}

/** What moved and what stood on one day, joined. */
export function movements(dataset: Dataset, needs: Needs, fields: ReadonlyMap<string, Field>, names: SqlNames): Cte[] {
  const { fact } = dataset;
  const { calendar, flow, stock, keys } = fact;
  const relation = names.relation ?? ((table: string) => table);
  const grain = ["day", calendar.period, ...keys];
  const dayKeys = (alias: string) => [`d.day`, `d.${calendar.period}`, ...keys.map((key) => `${alias}.${key}`)];
  const days: Cte = {
    name: "days",
    sql: `SELECT c.${calendar.date} AS day, c.${calendar.period}
  FROM ${relation(calendar.table)} c
  JOIN ${names.periods ?? TOUCHED} t ON t.${calendar.period} = c.${calendar.period}`,
  };
  const sums = needs.flow.map((column) => {
    const type = summedType(columnOf(dataset, { table: flow.table, column }).type);
    return `CAST(SUM(f.${column}) AS ${type.toUpperCase()}) AS ${column}`;
  });
  const flowDay: Cte = {
    name: "flow_day",
    note: "the rows of one day are one row",
    sql: `SELECT ${lines([dayKeys("f").join(", "), ...sums])}
  FROM ${relation(flow.table)} f
  JOIN days d ON d.day = f.${flow.date}
  GROUP BY ${dayKeys("f").join(", ")}`,
  };
  if (stock === null) {
    const columns = [...grain, ...needs.flow].map((column) => `f.${column}`).join(", ");
    return [
      days,
      flowDay,
      { name: "movements", sql: `SELECT ${columns}, 1 AS ${MOVED}, 0 AS ${TRACKED}\n  FROM flow_day f` },
    ];
  }
  const stockDay: Cte = {
    name: "stock_day",
    sql: `SELECT ${lines([dayKeys("s").join(", "), ...needs.stock.map((column) => `s.${column}`)])}
  FROM ${relation(stock.table)} s
  JOIN days d ON d.day = s.${stock.date}`,
  };
  const moved = needs.flow.map((column) => {
    const { scale, nullable } = fields.get(column) as Field;
    return nullable ? `f.${column}` : `COALESCE(f.${column}, ${zeroOf(scale)}) AS ${column}`;
  });
  const stood = needs.stock.map((column) =>
    needs.flags.includes(column) ? `COALESCE(s.${column}, 0) AS ${column}` : `s.${column}`,
  );
  const joined: Cte = {
    name: "movements",
    note: "stock without a sale stays; a sale without a stock row stays, its stock unknown",
    sql: `SELECT ${lines([
      grain.map((column) => `COALESCE(f.${column}, s.${column}) AS ${column}`).join(", "),
      ...moved,
      `CASE WHEN f.day IS NULL THEN 0 ELSE 1 END AS ${MOVED}`,
      `CASE WHEN s.day IS NULL THEN 0 ELSE 1 END AS ${TRACKED}`,
      ...stood,
    ])}
  FROM flow_day f
  FULL OUTER JOIN stock_day s
    ON ${["day", ...keys].map((column) => `s.${column} = f.${column}`).join(" AND ")}`,
  };
  return [days, flowDay, stockDay, joined];
}
