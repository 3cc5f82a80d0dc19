/** What is computed for one day and the fact's keys, before the period: columns of the daily base. */
import type { StoredType } from "../contract/types.ts";
import type { ColumnRef, Described } from "./measure.ts";

/** 1 where the stock is below what moved that day, net; 0 where the stock is unknown. */
export interface Below extends Described {
  readonly kind: "below";
  readonly stock: ColumnRef;
  readonly flow: ColumnRef;
  readonly type: "int";
}

/** What moved that day and the stock did not hold: flow - stock of a {@link Below}, where it is 1 and the flow above 0; else 0. */
export interface Shortfall extends Described {
  readonly kind: "shortfall";
  readonly below: string;
  readonly type: StoredType;
}

/**
 * What a {@link Shortfall} is worth at the day's average price: value x shortfall / flow, rounded to 4 places half away
 * from zero; 0 where there is none. The same as value - stock x value / flow.
 */
export interface ShortfallValue extends Described {
  readonly kind: "shortfall-value";
  readonly shortfall: string;
  readonly value: ColumnRef;
  readonly type: "decimal(18,4)";
}

/** What moved on a day whose flag is 1; else 0. */
export interface FlowWhere extends Described {
  readonly kind: "flow-where";
  /** A flag of the stock table, or a {@link Below}. */
  readonly flag: string;
  readonly of: ColumnRef;
  readonly type: StoredType;
}

/** Flow - stock where a {@link Below} is 1, whatever they count; else 0. Only wrong formulas need it. */
export interface Difference extends Described {
  readonly kind: "difference";
  readonly below: string;
  readonly flow: ColumnRef;
  readonly stock: ColumnRef;
  readonly type: StoredType;
}

export type Daily = Below | Shortfall | ShortfallValue | FlowWhere | Difference;
