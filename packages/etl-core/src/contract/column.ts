import type { SourceType, StoredType } from "./types.ts";

/** One column of the contract. All exporters and both checkers read this and nothing else. */
export interface ColumnSpec {
  readonly sourceType: SourceType;
  readonly type: StoredType;
  readonly nullable: boolean;
  readonly description: string;
  /** What a number counts: `USD`, `units`, `hour of day`. */
  readonly unit?: string;
  /** Inclusive bounds, as the decimal text of the value. */
  readonly min?: string;
  readonly max?: string;
  /** The only values allowed. */
  readonly oneOf?: readonly string[];
  /** Of a text: what the whole of it must match, in the syntax that JavaScript, RE2 and Java share, without backslashes. */
  readonly pattern?: string;
}

/** Builds a {@link ColumnSpec}; `T` is the value's type in TypeScript (decimals are strings: exact). */
export class Column<T> {
  readonly spec: ColumnSpec;
  /** Only for inference: never set. */
  declare readonly _value: T;

  constructor(spec: ColumnSpec) {
    this.spec = spec;
  }

  /** An empty field is a fault (VALUE_NULL). */
  required(): Column<NonNullable<T>> {
    return new Column({ ...this.spec, nullable: false });
  }

  unit(unit: string): Column<T> {
    return new Column({ ...this.spec, unit });
  }

  /** Inclusive; either may be left out with undefined. */
  between(min: number | bigint | string | undefined, max?: number | bigint | string): Column<T> {
    return new Column({
      ...this.spec,
      ...(min === undefined ? {} : { min: String(min) }),
      ...(max === undefined ? {} : { max: String(max) }),
    });
  }

  oneOf(...values: readonly (string | number)[]): Column<T> {
    return new Column({ ...this.spec, oneOf: values.map(String) });
  }

  /** Of a text: what the whole of it must match, such as `[A-Z]{2}`. */
  matching(pattern: string): Column<T> {
    return new Column({ ...this.spec, pattern });
  }
}

const column =
  <T>(sourceType: SourceType, type: StoredType) =>
  (description: string): Column<T | null> =>
    new Column<T | null>({ sourceType, type, nullable: true, description });

/** Whole numbers of 32 bits. */
export const int = column<number>("int", "int");
/** Whole numbers of 64 bits: keys that count the baskets of years. */
export const bigint = column<bigint>("int", "bigint");
/** Money and quantities: `numeric(38,2)` at the source, stored as `decimal(18,2)`; what does not fit is rejected. */
export const amount = column<string>("numeric(38,2)", "decimal(18,2)");
/** Measures of things and places: `numeric(19,n)` at the source, stored as it is up to 18 digits. */
export const numeric = (scale: number) => column<string>(`numeric(19,${scale})`, `decimal(18,${scale})`);
export const text = column<string>("varchar", "string");
export const boolean = column<boolean>("boolean", "boolean");
/** A calendar day, `YYYY-MM-DD` and nothing else. */
export const date = column<string>("date", "date");
