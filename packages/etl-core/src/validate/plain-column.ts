/** What a column takes, for the checks that look at bytes: numbers for all that is nearly always so. */
import type { ColumnSpec } from "../contract/column.ts";
import { limits, type RowContext, scaled, type ValueCheck } from "./value.ts";

export const NUMBER = 0;
export const DATE = 1;
export const BOOLEAN = 2;
/** A text that may be anything, empty where it is nullable. */
export const TEXT = 3;
/** A text that its {@link PlainColumn.check} looks at. */
export const CHECKED_TEXT = 4;
/** Too rare to be looked at as bytes. */
export const RARE = 5;

export interface PlainColumn {
  readonly form: number;
  readonly nullable: boolean;
  /** Of numbers: how many digits after the point. */
  readonly scale: number;
  /**
   * Inclusive. Of numbers in units of 10^-scale, of dates as 20200131. A value of at most {@link EXACT_DIGITS} digits is
   * exact as a double: bounds that are not are beyond all of these.
   */
  readonly lower: number;
  readonly upper: number;
  /** Of numbers: the only ones, in the same units. */
  readonly allowed: ReadonlySet<number> | null;
  readonly check: ValueCheck;
}

/** Of so many digits every whole number is exact as a double. */
export const EXACT_DIGITS = 15;

/** `2020-01-31` as 20200131: in the order of the days. */
export const dayNumber = (text: string): number => Number(text.replaceAll("-", ""));

/**
 * @param spec null for a column that is not read
 * @param dated the column is the row's own day
 */
export function plainColumn(
  spec: ColumnSpec | null,
  dated: boolean,
  check: ValueCheck,
  context: RowContext,
): PlainColumn {
  const any = { nullable: true, scale: 0, lower: Number.NEGATIVE_INFINITY, upper: Number.POSITIVE_INFINITY };
  if (spec === null) return { ...any, form: TEXT, allowed: null, check };
  const { nullable } = spec;
  if (spec.type === "string") {
    const isFree = spec.oneOf === undefined && spec.pattern === undefined;
    return { ...any, nullable, form: isFree ? TEXT : CHECKED_TEXT, allowed: null, check };
  }
  if (spec.type === "boolean") {
    return { ...any, nullable, form: spec.oneOf === undefined ? BOOLEAN : RARE, allowed: null, check };
  }
  if (spec.type === "date") {
    const bounds = dated ? { lower: dayNumber(context.earliest), upper: dayNumber(context.latest) } : {};
    return { ...any, ...bounds, nullable, form: DATE, allowed: null, check };
  }
  const size = limits(spec.type);
  if (size === null) throw new TypeError(`unknown column type "${spec.type}"`);
  const { scale } = size;
  const bound = (text: string | undefined, type: bigint) => Number(text === undefined ? type : scaled(text, scale));
  return {
    form: NUMBER,
    nullable,
    scale,
    lower: Math.max(bound(spec.min, size.min), Number(size.min)),
    upper: Math.min(bound(spec.max, size.max), Number(size.max)),
    allowed: spec.oneOf === undefined ? null : new Set(spec.oneOf.map((text) => Number(scaled(text, scale)))),
    check,
  };
}
