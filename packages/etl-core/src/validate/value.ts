/** The checks of one value, compiled from its column. */
import type { ColumnSpec } from "../contract/column.ts";
import { decimalOf, type StoredType } from "../contract/types.ts";
import { isBusinessDate } from "../landing/names.ts";
import type { ProblemCode } from "./codes.ts";
import { lexicalOf } from "./lexical.ts";

/** What the rules of the column need besides the text. */
export interface RowContext {
  /** Rows dated earlier are too late; equal to `latest` where lateness is 0. */
  readonly earliest: string;
  /** The file's business date. */
  readonly latest: string;
}

/** @returns the first fault of the text, or null. */
export type ValueCheck = (text: string, context: RowContext) => ProblemCode | null;

const whole = (pattern: string) => new RegExp(`^(?:${pattern})$`);

/** A decimal's text as a whole number of 10^-scale. */
export function scaled(text: string, scale: number): bigint {
  const [integer = "0", fraction = ""] = text.split(".");
  return BigInt(integer + fraction.slice(0, scale).padEnd(scale, "0"));
}

/** The bounds of a type, in the unit of {@link scaled}; null for what is no number. */
export function limits(type: StoredType): { scale: number; min: bigint; max: bigint } | null {
  const decimal = decimalOf(type);
  if (decimal !== null) {
    const max = 10n ** BigInt(decimal.precision) - 1n;
    return { scale: decimal.scale, min: -max, max };
  }
  if (type === "int") return { scale: 0, min: -(2n ** 31n), max: 2n ** 31n - 1n };
  if (type === "bigint") return { scale: 0, min: -(2n ** 63n), max: 2n ** 63n - 1n };
  return null;
}

/** Up to 15 digits a double is exact: the quick way for nearly all values. */
const EXACT_DIGITS = 15;

function numberCheck(column: ColumnSpec, size: { scale: number; min: bigint; max: bigint }): ValueCheck {
  const { scale } = size;
  const lower = column.min === undefined ? null : scaled(column.min, scale);
  const upper = column.max === undefined ? null : scaled(column.max, scale);
  const allowed = column.oneOf === undefined ? null : new Set(column.oneOf.map((text) => scaled(text, scale)));
  const judge = (value: bigint): ProblemCode | null => {
    if (value < size.min || value > size.max) return "VALUE_TOO_LARGE";
    if ((lower !== null && value < lower) || (upper !== null && value > upper)) return "VALUE_OUT_OF_RANGE";
    return allowed !== null && !allowed.has(value) ? "VALUE_NOT_ALLOWED" : null;
  };
  const quickLower = Math.max(Number(lower ?? size.min), Number(size.min));
  const quickUpper = Math.min(Number(upper ?? size.max), Number(size.max));
  const power = 10 ** scale;
  return (text) => {
    if (text.length < EXACT_DIGITS && allowed === null) {
      const value = Math.round(Number(text) * power);
      // On a bound the exact way decides.
      if (value > quickLower && value < quickUpper) return null;
    }
    return judge(scaled(text, scale));
  };
}

/** A file has few different days and very many of each. */
const DAYS_KEPT = 10_000;

/** {@link isBusinessDate}, remembered. */
function dayCheck(): (text: string) => boolean {
  const seen = new Map<string, boolean>();
  return (text) => {
    const known = seen.get(text);
    if (known !== undefined) return known;
    const isDay = isBusinessDate(text);
    if (seen.size < DAYS_KEPT) seen.set(text, isDay);
    return isDay;
  };
}

/** Nearly every number is this plain: one test instead of the type's two; what does not match is looked at closely. */
function plainNumber(type: StoredType): RegExp | null {
  const decimal = decimalOf(type);
  if (decimal !== null && decimal.scale > 0) return new RegExp(`^-?[0-9]{1,12}(?:[.][0-9]{1,${decimal.scale}})?$`);
  return type === "int" || type === "bigint" ? /^-?[0-9]{1,12}$/ : null;
}

/** Compiles the checks of a column; the order of the codes is that of the check SQL. */
export function valueCheck(column: ColumnSpec, dated: boolean): ValueCheck {
  const lexical = lexicalOf(column.type);
  const pattern = lexical === null ? null : whole(lexical.pattern);
  const scalePattern = lexical?.scalePattern === undefined ? null : whole(lexical.scalePattern);
  const size = limits(column.type);
  const number = size === null ? null : numberCheck(column, size);
  const plain = plainNumber(column.type);
  const isDay = column.type === "date" ? dayCheck() : null;
  const allowed = number !== null || column.oneOf === undefined ? null : new Set(column.oneOf);
  const form = column.pattern === undefined ? null : new RegExp(`^(?:${column.pattern})$`, "u");
  return (text, context) => {
    if (text === "") return column.nullable ? null : "VALUE_NULL";
    if (plain?.test(text) === true && number !== null) return number(text, context);
    if (isDay?.(text) === true)
      return dated && (text > context.latest || text < context.earliest) ? "DATE_OUTSIDE_FILE" : null;
    if (pattern !== null && !pattern.test(text)) return (lexical as { code: ProblemCode }).code;
    if (scalePattern !== null && !scalePattern.test(text)) return "VALUE_TOO_PRECISE";
    if (number !== null) return number(text, context);
    if (isDay !== null) return "VALUE_NOT_DATE";
    if (allowed !== null && !allowed.has(text)) return "VALUE_NOT_ALLOWED";
    return form !== null && !form.test(text) ? "VALUE_NOT_MATCHING" : null;
  };
}
