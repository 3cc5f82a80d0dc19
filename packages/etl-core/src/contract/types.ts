/** The types of columns: what a source delivers, what the warehouse stores. */

export type StoredType = "int" | "bigint" | `decimal(${number},${number})` | "string" | "boolean" | "date";

/** As in the source's DDL (Snowflake). */
export type SourceType = "int" | "varchar" | "boolean" | "date" | `numeric(${number},${number})`;

export interface Decimal {
  readonly precision: number;
  readonly scale: number;
}

/** @returns precision and scale of a decimal type, null for every other type. */
export function decimalOf(type: string): Decimal | null {
  const match = /^(?:decimal|numeric)\((\d+),(\d+)\)$/.exec(type);
  return match === null ? null : { precision: Number(match[1]), scale: Number(match[2]) };
}

/** For the `default` of a switch over stored types: an unknown type must never be guessed. */
export function unknownType(type: string): never {
  throw new TypeError(`unknown column type "${type}"`);
}
