/** A calendar for those whose source has none: every day of some years with its fiscal week, Sunday to Saturday. */
import type { Table } from "@sales-etl/etl-core/contract";
import { InvalidPropertiesError } from "@sales-etl/etl-core/errors";
import { addDays, type BusinessDate, businessDates } from "@sales-etl/etl-core/landing";
import { fiscalWeekOf } from "@sales-etl/etl-core/retail";

const weekday = new Intl.DateTimeFormat("en", { weekday: "long", timeZone: "UTC" });

const columns: Readonly<Record<string, (day: BusinessDate) => string | number>> = {
  cal_dt: (day) => day,
  cal_type_desc: () => "fiscal",
  day_of_wk_num: (day) => new Date(day).getUTCDay(),
  day_of_wk_desc: (day) => weekday.format(new Date(day)),
  yr_num: (day) => Math.floor(fiscalWeekOf(day) / 100),
  wk_num: (day) => fiscalWeekOf(day) % 100,
  yr_wk_num: fiscalWeekOf,
  mnth_num: (day) => Number(day.slice(5, 7)),
  yr_mnth_num: (day) => Number(day.slice(0, 4) + day.slice(5, 7)),
  qtr_num: (day) => Math.ceil(Number(day.slice(5, 7)) / 3),
  yr_qtr_num: (day) => Number(day.slice(0, 4)) * 10 + Math.ceil(Number(day.slice(5, 7)) / 3),
};

export const CALENDAR_COLUMNS = Object.keys(columns);

/**
 * Whole years, and the weeks at their ends: so the calendar stays the same from night to night.
 * @returns CSV with a header
 */
export function calendarCsv(table: Table, first: BusinessDate, last: BusinessDate): string {
  const makers = table.columnNames.map((name) => columns[name] ?? null);
  const unknown = table.columnNames.filter((name, index) => makers[index] === null && !table.columns[name]?.nullable);
  if (unknown.length > 0) {
    const message = `a fiscal calendar has ${CALENDAR_COLUMNS.join(", ")}`;
    throw new InvalidPropertiesError(
      `the source of ${table.name}`,
      unknown.map((name) => ({ path: `sources.${table.name}.${name}`, message })),
      "SETTINGS_INVALID",
    );
  }
  const days = businessDates(addDays(`${first.slice(0, 4)}-01-01`, -7), addDays(`${last.slice(0, 4)}-12-31`, 7));
  const lines = days.map((day) => makers.map((maker) => maker?.(day) ?? "").join(","));
  return `${[table.columnNames.join(","), ...lines].join("\n")}\n`;
}
