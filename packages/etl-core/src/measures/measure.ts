/** The measures of a fact: each is declared once, with its meaning; the SQL is compiled from the declaration. */
import type { StoredType } from "../contract/types.ts";

export interface ColumnRef {
  readonly table: string;
  readonly column: string;
}

export interface Described {
  /** The column of the fact. */
  readonly name: string;
  readonly title: string;
  /** The formula in words. */
  readonly formula: string;
  readonly unit: string;
  /** Why it is computed so and not otherwise; shown in the documentation. */
  readonly why?: string;
}

/** The sum over the period of a column of the flow table; 0 where nothing moved, NULL where all that moved is empty. */
export interface Sum extends Described {
  readonly kind: "sum";
  readonly of: ColumnRef;
  readonly type: StoredType;
}

/** The sum over the days of the period of what the days' own columns add up to: stock columns or {@link Daily} ones. */
export interface DailySum extends Described {
  readonly kind: "daily-sum";
  readonly of: readonly string[];
  readonly type: StoredType;
}

/** The value of a stock column in the last snapshot inside the period; NULL where the stock is unknown. */
export interface Last extends Described {
  readonly kind: "last";
  readonly of: ColumnRef;
  readonly type: StoredType;
}

/** The day of the last snapshot inside the period. */
export interface LastDay extends Described {
  readonly kind: "last-day";
  readonly type: "date";
}

/** How many days of the period have a snapshot. */
export interface Days extends Described {
  readonly kind: "days";
  readonly type: "int";
}

/** How many days of the period have a snapshot whose flag is 1. */
export interface FlagDays extends Described {
  readonly kind: "flag-days";
  readonly of: ColumnRef;
  readonly type: "int";
}

/** (numerator - less) / denominator, rounded once to 4 places, half away from zero; NULL unless the denominator is above 0. */
export interface Ratio extends Described {
  readonly kind: "ratio";
  readonly numerator: string;
  readonly less: string | null;
  /** A measure, or a whole number above 0. */
  readonly denominator: string | number;
  readonly type: "decimal(18,4)";
}

export type Measure = Sum | DailySum | Last | LastDay | Days | FlagDays | Ratio;

/** The scale of every ratio. */
export const RATIO_SCALE = 4;
