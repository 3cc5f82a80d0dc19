/**
 * The fiscal week runs from Sunday to Saturday; its number is the ISO year and week of the day after, so of its Thursday.
 * The calendar table is the source of truth at run time; these rules hold it to that: 2023-01-01 is 202301, not 202352.
 */
import type { RowRule } from "../contract/index.ts";

const DAY = 86_400_000;

/** ISO year x 100 + ISO week of the day after `date` (YYYY-MM-DD). */
export function fiscalWeekOf(date: string): number {
  const next = Date.parse(`${date}T00:00:00Z`) + DAY;
  const weekday = (new Date(next).getUTCDay() + 6) % 7;
  const thursday = new Date(next + (3 - weekday) * DAY);
  const year = thursday.getUTCFullYear();
  const week = Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / (7 * DAY)) + 1;
  return year * 100 + week;
}

// An ISO week of 52 or 53 in January belongs to the year before, a first one in December to the year after.
const next = "(cal_dt + INTERVAL '1' DAY)";
const week = `EXTRACT(WEEK FROM ${next})`;
const month = `EXTRACT(MONTH FROM ${next})`;
const isoYear = `(EXTRACT(YEAR FROM ${next}) + CASE WHEN ${month} = 1 AND ${week} >= 52 THEN -1 WHEN ${month} = 12 AND ${week} = 1 THEN 1 ELSE 0 END)`;

export const fiscalYearAndWeek: RowRule & { readonly column: "yr_wk_num" } = {
  description: "yr_wk_num is the ISO year and week of the day after cal_dt (weeks run from Sunday to Saturday)",
  column: "yr_wk_num",
  sql: `yr_wk_num = ${isoYear} * 100 + ${week}`,
  holds: (text) => Number(text("yr_wk_num")) === fiscalWeekOf(text("cal_dt")),
};

export const fiscalWeek: RowRule & { readonly column: "wk_num" } = {
  description: "yr_num and wk_num are the parts of yr_wk_num",
  column: "wk_num",
  sql: "yr_num * 100 + wk_num = yr_wk_num",
  holds: (text) => Number(text("yr_num")) * 100 + Number(text("wk_num")) === Number(text("yr_wk_num")),
};
