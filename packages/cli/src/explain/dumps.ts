/** Of tables whose exports hold all days up to their own: which date's export says last what a day had. */
import type { BusinessDate } from "@sales-etl/etl-core/landing";
import type { ExplainedDate } from "./state.ts";

/**
 * @param after only dates later than this one
 * @returns whether such a date's export holds the day: what earlier ones say of it no longer counts
 */
export const isSaidAgain = (
  dates: Readonly<Record<BusinessDate, Pick<ExplainedDate, "dumps">>>,
  table: string,
  day: string,
  after: BusinessDate,
): boolean =>
  Object.entries(dates).some(([date, { dumps }]) => {
    const dump = dumps?.[table];
    return date > after && date >= day && dump?.load === "cumulative" && dump.first !== null && dump.first <= day;
  });
