/**
 * Control totals: the exact sums of a table's decimal columns, as the source counted them, against what its files hold.
 * A file can have the right number of rows and bytes and still be another one.
 */
import type { Table } from "../contract/table.ts";
import { decimalOf } from "../contract/types.ts";

/** By column the sum as decimal text; null where a value could not be read as a decimal of the column. */
export type Totals = Readonly<Record<string, string | null>>;

/** The columns that have a total, with their scales. */
export const totalColumns = (table: Table): ReadonlyMap<string, number> =>
  new Map(
    Object.entries(table.columns).flatMap(([name, { type }]) => {
      const decimal = decimalOf(type);
      return decimal === null ? [] : [[name, decimal.scale] as const];
    }),
  );

/** `-1234` at scale 2 is `-12.34`. */
export function decimalText(value: bigint, scale: number): string {
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, "0");
  const sign = value < 0n ? "-" : "";
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** @returns `12.34` at scale 2 as 1234; null for what is no plain decimal or has more digits after the point */
export function scaledInteger(text: string, scale: number): bigint | null {
  const match = /^(-?)([0-9]+)(?:[.]([0-9]+))?$/.exec(text);
  if (match === null) return null;
  const [, sign = "", integer = "", fraction = ""] = match;
  const kept = fraction.replace(/0+$/, "");
  if (kept.length > scale) return null;
  return BigInt(`${sign}${integer}${kept.padEnd(scale, "0")}`);
}

const ZERO = 48;
const POINT = 46;
const MINUS = 45;
/** Text of at most so many characters is a whole number of units that a double holds exactly. */
const QUICK = 14;
/** A double adds whole numbers exactly below 2^53; each quick value is below 10^15. */
const ROOM = 2 ** 53 - 10 ** 15;

/** The exact sum of one column, in constant memory. */
export interface ColumnTotal {
  /** Takes only text that the checks found to be a decimal. */
  add(text: string): void;
  /** Takes a value as a whole number of 10^-scale, below 10^15. */
  addUnits(units: number): void;
  value(): bigint;
}

export function columnTotal(scale: number): ColumnTotal {
  let large = 0n;
  let small = 0;
  const addUnits = (units: number) => {
    small += units;
    if (small > ROOM || small < -ROOM) {
      large += BigInt(small);
      small = 0;
    }
  };
  return {
    add(text) {
      if (text.length > QUICK - scale) {
        large += scaledInteger(text, scale) ?? 0n;
        return;
      }
      const negative = text.charCodeAt(0) === MINUS;
      let units = 0;
      let places = -1;
      for (let index = negative ? 1 : 0; index < text.length; index += 1) {
        const unit = text.charCodeAt(index);
        if (unit === POINT) places = 0;
        else if (places < scale) {
          units = units * 10 + unit - ZERO;
          if (places >= 0) places += 1;
        }
      }
      for (let place = Math.max(places, 0); place < scale; place += 1) units *= 10;
      addUnits(negative ? -units : units);
    },
    addUnits,
    value: () => large + BigInt(small),
  };
}
