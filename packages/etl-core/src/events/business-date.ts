/** Which day is meant by a moment. */
import { SalesEtlError } from "../errors.ts";
import type { BusinessDate } from "../landing/landing.ts";
import { addDays } from "../landing/names.ts";

/**
 * The day that ended last in a time zone, seen from `moment`; at midnight it is the day just over. Reckoned with the
 * zone's calendar, not with 24 hours: a day of 23 or 25 hours counts as one.
 *
 * @param timeZone an IANA name, "America/Chicago"
 * @throws {SalesEtlError} TIME_ZONE_UNKNOWN
 */
export function lastEndedDay(moment: Date, timeZone: string): BusinessDate {
  const part = Object.fromEntries(
    calendarOf(timeZone)
      .formatToParts(moment)
      .map(({ type, value }) => [type, value]),
  );
  return addDays(`${part.year}-${part.month}-${part.day}`, -1);
}

function calendarOf(timeZone: string): Intl.DateTimeFormat {
  const unknown = (cause?: unknown) =>
    new SalesEtlError(`"${timeZone}" is no time zone: give an IANA name such as America/Chicago`, {
      code: "TIME_ZONE_UNKNOWN",
      path: "timeZone",
      cause,
    });
  // Intl also takes offsets ("+02:00"), which would be wrong for half of the year without a word.
  if (!/^[A-Za-z]/.test(timeZone)) throw unknown();
  try {
    return new Intl.DateTimeFormat("en-US", {
      timeZone,
      calendar: "gregory",
      numberingSystem: "latn",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
    });
  } catch (error) {
    throw unknown(error);
  }
}
