/** Columns on the way to the fact, with the bounds that hold for them. */
import type { ColumnSpec } from "../contract/column.ts";
import type { Dataset } from "../contract/dataset.ts";
import { tableOf } from "../contract/table-of.ts";
import { decimalOf } from "../contract/types.ts";
import { SalesEtlError } from "../errors.ts";
import type { Fact } from "../measures/fact.ts";
import type { ColumnRef } from "../measures/measure.ts";
import type { Needs } from "../measures/needs.ts";
import { Proof, type Range, spanOf, type Whole } from "./whole.ts";

/** A column of an intermediate relation; its range is in units of its last digit, null where nothing is known. */
export interface Field {
  readonly name: string;
  /** Digits after the point. */
  readonly scale: number;
  readonly range: Range | null;
  readonly nullable: boolean;
}

export const scaleOf = (type: string): number => decimalOf(type)?.scale ?? 0;

/** The largest value of a number type, without its point. */
export function mostOf(type: string): bigint {
  const decimal = decimalOf(type);
  if (decimal !== null) return 10n ** BigInt(decimal.precision) - 1n;
  return type === "int" ? 2n ** 31n - 1n : 2n ** 63n - 1n;
}

/** Decimal text without its point, as a number of 10^-scale. */
export function unscaled(text: string, scale: number): bigint {
  const [integer = "", fraction = ""] = text.replace("-", "").split(".");
  const value = BigInt(integer + fraction.slice(0, scale).padEnd(scale, "0"));
  return text.startsWith("-") ? -value : value;
}

/** What the checks let through: the declared range or values, else all that the type holds. */
export function rangeOf({ type, min, max, oneOf }: ColumnSpec): Range {
  const scale = scaleOf(type);
  if (oneOf !== undefined) return spanOf(...oneOf.map((value) => unscaled(value, scale)));
  const most = mostOf(type);
  return {
    min: min === undefined ? -most : unscaled(min, scale),
    max: max === undefined ? most : unscaled(max, scale),
  };
}

export function columnOf(dataset: Dataset, { table, column }: ColumnRef): ColumnSpec {
  const spec = tableOf(dataset, table).columns[column];
  if (spec === undefined) throw new TypeError(`no column ${table}.${column}`);
  return spec;
}

/** What is declared about the size of a column, for a person who must declare it better. */
export function declaredOf(dataset: Dataset, fact: Fact, ref: ColumnRef): string {
  const { type, min, max, oneOf } = columnOf(dataset, ref);
  const range =
    oneOf !== undefined
      ? `one of ${oneOf.join(", ")}`
      : min === undefined && max === undefined
        ? `no between(min, max), so all of ${type}`
        : `between(${min ?? "anything"}, ${max ?? "anything"})`;
  const name = `${ref.table}.${ref.column}: ${range}`;
  if (ref.table !== fact.flow.table) return name;
  const day = fact.flow.perDay?.[ref.column];
  return `${name}, ${fact.flow.rowsPerDay} rows a day (flow.rowsPerDay), ${day === undefined ? "no flow.perDay" : `flow.perDay ${day.min} to ${day.max}`}`;
}

/** The column without its point, as a BIGINT. */
export const wholeOf = (proof: Proof, { name, scale, range }: Field): Whole =>
  proof.whole(scale === 0 ? `CAST(${name} AS BIGINT)` : `CAST(${name} * ${10 ** scale} AS BIGINT)`, range);

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

/** A 0 of the column's own type: engines find other types for a bare one. */
export const zeroOf = (scale: number): string => (scale === 0 ? "0" : `CAST(0 AS DECIMAL(18,${scale}))`);

/** The lines of a SELECT. */
export const lines = (parts: readonly string[]): string => parts.join(",\n    ");
