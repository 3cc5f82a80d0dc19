/** The daily base: one row per day and the fact's keys, with what moved, what stood, and what follows from both. */
import type { Dataset } from "../contract/dataset.ts";
import { tableOf } from "../contract/table-of.ts";
import { decimalOf } from "../contract/types.ts";
import { SalesEtlError } from "../errors.ts";
import type { Daily } from "../measures/daily.ts";
import { datedTables, type Fact } from "../measures/fact.ts";
import type { ColumnRef } from "../measures/measure.ts";
import { type Needs, needsOf } from "../measures/needs.ts";
import { type Cte, divide, divisionCtes, type Quotient, withCtes } from "./division.ts";
import { columnOf, declaredOf, type Field, mostOf, rangeOf, scaleOf, unscaled, wholeOf } from "./field.ts";
import { magnitude, Proof, type Range, withZero } from "./whole.ts";

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

export interface DailyBase {
  /** The last one is called `daily`. */
  readonly ctes: readonly Cte[];
  readonly columns: readonly string[];
  readonly field: (name: string) => Field;
}

/** The proof of one measure or daily column, which knows what is declared of the columns behind it. */
export const proofOf = (dataset: Dataset, name: string, { columns }: Needs): Proof =>
  new Proof(
    dataset.fact.name,
    name,
    columns.map((ref) => declaredOf(dataset, dataset.fact, ref)),
  );

export function invalid(fact: Fact, name: string, message: string): never {
  throw new SalesEtlError(`measure ${name}: ${message}`, { code: "MEASURE_INVALID", path: `${fact.name}.${name}` });
}

/** What one day of a flow column can sum to; the proof covers every partial sum on the way. */
function flowField(dataset: Dataset, column: string): Field {
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

const zeroOf = (scale: number): string => (scale === 0 ? "0" : `CAST(0 AS DECIMAL(18,${scale}))`);

const list = (parts: readonly string[]): string => parts.join(",\n    ");

interface Compiling {
  readonly dataset: Dataset;
  readonly fields: Map<string, Field>;
}

function field({ dataset, fields }: Compiling, name: string, asked: string): Field {
  return fields.get(name) ?? invalid(dataset.fact, asked, `there is no column ${name} in the daily base`);
}

/** A flow column that daily columns are computed from is known on every day. */
function known(compiling: Compiling, ref: ColumnRef, asked: string): Field {
  const found = field(compiling, ref.column, asked);
  if (ref.table !== compiling.dataset.fact.flow.table) {
    invalid(compiling.dataset.fact, asked, `${ref.table} is not the flow table`);
  }
  if (found.nullable) invalid(compiling.dataset.fact, asked, `${ref.table}.${ref.column} must be required()`);
  return found;
}

const sameScale = ({ dataset }: Compiling, asked: string, a: Field, b: Field): void => {
  if (a.scale !== b.scale) invalid(dataset.fact, asked, `${a.name} and ${b.name} have different scales`);
};

const below = (compiling: Compiling, name: string): Extract<Daily, { kind: "below" }> => {
  const { fact } = compiling.dataset;
  const found = [...(fact.daily ?? []), ...(fact.brief?.daily ?? [])].find((one) => one.name === name);
  return found?.kind === "below" ? found : invalid(fact, name, "is no daily column of the kind below");
};

const subtracted = (a: Range | null, b: Range | null): Range | null =>
  a && b && { min: a.min - b.max, max: a.max - b.min };

/** A daily column: where it is computed, and what the daily base shows. */
interface Compiled {
  /** In the step that computes it; null where it is the quotient of a division. */
  readonly sql: string | null;
  readonly quotient: Quotient | null;
  readonly shown: string;
  readonly field: Field;
}

function compile(compiling: Compiling, daily: Daily): Compiled {
  const { dataset } = compiling;
  const { fact } = dataset;
  const { name, type } = daily;
  const proof = proofOf(dataset, name, needsOf(fact, [], [daily]));
  const scale = scaleOf(type);
  const cast = (sql: string) => `CAST(${sql} AS ${type.toUpperCase()})`;
  const result = (range: Range | null): Field => {
    proof.fits(name, range, type, mostOf(type));
    return { name, scale, range, nullable: false };
  };
  const scaled = (found: Field) => {
    if (found.scale !== scale) invalid(fact, name, `${type} has another scale than ${found.name}`);
  };
  switch (daily.kind) {
    case "below": {
      const [flow, stock] = [known(compiling, daily.flow, name), field(compiling, daily.stock.column, name)];
      const sql = `CASE WHEN ${stock.name} < ${flow.name} THEN 1 ELSE 0 END`;
      return { sql, quotient: null, shown: name, field: result({ min: 0n, max: 1n }) };
    }
    case "flow-where": {
      const of = known(compiling, daily.of, name);
      const flag = field(compiling, daily.flag, name);
      scaled(of);
      const sql = cast(`CASE WHEN ${flag.name} = 1 THEN ${of.name} ELSE 0 END`);
      return { sql, quotient: null, shown: name, field: result(of.range && withZero(of.range)) };
    }
    case "difference": {
      const [flow, stock] = [known(compiling, daily.flow, name), field(compiling, daily.stock.column, name)];
      sameScale(compiling, name, flow, stock);
      scaled(flow);
      const sql = cast(`CASE WHEN ${daily.below} = 1 THEN ${flow.name} - ${stock.name} ELSE 0 END`);
      const range = subtracted(flow.range, stock.range);
      return { sql, quotient: null, shown: name, field: result(range && withZero(range)) };
    }
    case "shortfall": {
      const { flow: flowRef, stock: stockRef } = below(compiling, daily.below);
      const [flow, stock] = [known(compiling, flowRef, name), field(compiling, stockRef.column, name)];
      sameScale(compiling, name, flow, stock);
      scaled(flow);
      // NULL where there is none, so that nothing is multiplied or divided there.
      const sql = cast(`CASE WHEN ${daily.below} = 1 AND ${flow.name} > 0 THEN ${flow.name} - ${stock.name} END`);
      // It is above 0, as the stock is below the flow.
      const range = flow.range && stock.range && { min: 0n, max: flow.range.max - stock.range.min };
      return { sql, quotient: null, shown: `COALESCE(${name}, ${zeroOf(scale)}) AS ${name}`, field: result(range) };
    }
    case "shortfall-value": {
      const shortfall = field(compiling, daily.shortfall, name);
      const declared = (fact.daily ?? []).find((one) => one.name === daily.shortfall);
      const { flow: flowRef, stock: stockRef } = below(
        compiling,
        declared?.kind === "shortfall" ? declared.below : daily.shortfall,
      );
      const [flow, stock] = [known(compiling, flowRef, name), field(compiling, stockRef.column, name)];
      const value = known(compiling, daily.value, name);
      if (value.scale > scale) invalid(fact, name, `${value.name} has more digits than ${type}`);
      const dividend = proof.shifted(
        proof.times(wholeOf(proof, value), wholeOf(proof, shortfall)),
        scale - value.scale,
      );
      const divisor = wholeOf(proof, { ...flow, range: flow.range && { min: 1n, max: flow.range.max } });
      // shortfall / flow = 1 - stock / flow: at most 1 where there is stock, else what the deepest stock below 0 makes
      // of the smallest flow.
      const bound =
        value.range &&
        stock.range &&
        magnitude(value.range) *
          10n ** BigInt(scale - value.scale) *
          (1n + (stock.range.min < 0n ? -stock.range.min : 0n));
      const quotient = divide(proof, { name, dividend, divisor, scale, bound });
      const shown = `COALESCE(${quotient.value.sql}, ${zeroOf(scale)}) AS ${name}`;
      return { sql: null, quotient, shown, field: result(quotient.value.range && withZero(quotient.value.range)) };
    }
  }
}

/** Stock columns with what the checks let through; flags are 0 or 1 and 0 where nothing is tracked. */
function stockField(dataset: Dataset, table: string, column: string, isFlag: boolean): Field {
  const spec = columnOf(dataset, { table, column });
  const flag = spec.oneOf?.every((value) => value === "0" || value === "1");
  if (isFlag && flag !== true) invalid(dataset.fact, column, `${table}.${column} must be oneOf(0, 1) to be a flag`);
  return { name: column, scale: scaleOf(spec.type), range: rangeOf(spec), nullable: !isFlag };
}

/** What moved and what stood on one day, joined. */
function movements(dataset: Dataset, needs: Needs, fields: ReadonlyMap<string, Field>, names: SqlNames): Cte[] {
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
    sql: `SELECT ${list([dayKeys("f").join(", "), ...sums])}
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
    sql: `SELECT ${list([dayKeys("s").join(", "), ...needs.stock.map((column) => `s.${column}`)])}
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
    sql: `SELECT ${list([
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
    const one = compile(compiling, daily);
    add(one.field);
    return { ...one, daily };
  });
  let from = "movements";
  const step = (name: string, found: readonly (typeof compiled)[number][]) => {
    const sums = found.flatMap(({ sql, daily }) => (sql === null ? [] : [`${sql} AS ${daily.name}`]));
    if (sums.length === 0) return;
    ctes.push({ name, sql: `SELECT x.*,\n    ${list(sums)}\n  FROM ${from} x` });
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
    sql: `SELECT ${list([columns.join(", "), ...compiled.map(({ shown }) => shown)])}\n  FROM ${steps.at(-1)?.name ?? from}`,
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
