/**
 * Parts of the rows that are computed one after the other: whole periods, so many that a part has enough rows to be
 * worth a statement and few enough to lie in memory.
 */
import type { BusinessDate } from "@sales-etl/etl-core/landing";

/** Rows that a part should have at least. */
export const PART_ROWS = 1_500_000;

export interface PeriodDays {
  readonly period: number;
  /** Null: no day has the period any more. */
  readonly first: BusinessDate | null;
  readonly last: BusinessDate | null;
}

export interface Part {
  readonly periods: readonly number[];
  /** The last day before the part; null: there is none. */
  readonly after: BusinessDate | null;
  /** The last day of the part; null: all days behind `after`. */
  readonly until: BusinessDate | null;
}

/**
 * Every day lies in one part, no period in two.
 * @param rows by business date, about
 */
export function partsOf(
  periods: readonly PeriodDays[],
  rows: Readonly<Record<BusinessDate, number>>,
  atLeast: number,
): readonly Part[] {
  const sorted = periods
    .flatMap(({ period, first, last }) => (first === null || last === null ? [] : [{ period, first, last }]))
    .sort((a, b) => (a.first < b.first ? -1 : 1));
  const parts: Part[] = [];
  let own: number[] = [];
  let after: BusinessDate | null = null;
  let last = "";
  const days = Object.entries(rows);
  const rowsUntil = (day: BusinessDate) =>
    days.reduce((sum, [date, count]) => sum + ((after === null || date > after) && date <= day ? count : 0), 0);
  for (const [index, period] of sorted.entries()) {
    own.push(period.period);
    if (period.last > last) last = period.last;
    const next = sorted[index + 1];
    // Periods whose days lie between each other are of one part.
    if (next === undefined || next.first <= last || rowsUntil(last) < atLeast) continue;
    parts.push({ periods: own, after, until: last });
    own = [];
    after = last;
  }
  const without = periods.filter(({ first }) => first === null).map(({ period }) => period);
  return [...parts, { periods: [...own, ...without], after, until: null }];
}
