import { addDays, type BusinessDate } from "@sales-etl/etl-core/landing";

/** Both included. */
export interface Window {
  readonly from: BusinessDate;
  readonly to: BusinessDate;
}

/** The dates that are looked at: so many up to `last`. What is checked for its run and what is missed must be the same. */
export const windowUpTo = (last: BusinessDate, lookBackDays: number): Window => ({
  from: addDays(last, 1 - lookBackDays),
  to: last,
});
