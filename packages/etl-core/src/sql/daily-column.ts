/** The columns of the daily base that are computed, each with the bounds that hold for it. */
import type { Dataset } from "../contract/dataset.ts";
import type { Daily } from "../measures/daily.ts";
import type { ColumnRef } from "../measures/measure.ts";
import { needsOf } from "../measures/needs.ts";
import { divide, type Quotient } from "./division.ts";
import { type Field, invalid, mostOf, proofOf, scaleOf, wholeOf, zeroOf } from "./field.ts";
import { magnitude, type Range, withZero } from "./whole.ts";

export interface Compiling {
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
export interface Compiled {
  /** In the step that computes it; null where it is the quotient of a division. */
  readonly sql: string | null;
  readonly quotient: Quotient | null;
  readonly shown: string;
  readonly field: Field;
}

export function compileDaily(compiling: Compiling, daily: Daily): Compiled {
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
