/** Until when an incomplete business date is waited for. */
import type { BusinessDate } from "../landing/landing.ts";
import { addDays } from "../landing/names.ts";
import { lastEndedDay } from "./business-date.ts";

export interface PublishedByArgs {
  /** IANA zone in which a business date ends. */
  readonly timeZone: string;
  /** By when the day that ended last must be published: hour of the day, 0 to 23. */
  readonly hour: number;
  /** IANA zone of that hour. */
  readonly hourTimeZone: string;
}

/**
 * The first time that the clock strikes the hour after the business date has ended: then a person is told of a date that
 * is not published. An hour that a clock leaves out in spring is the moment at which it is put forward.
 *
 * @throws {SalesEtlError} TIME_ZONE_UNKNOWN
 */
export function publishedBy(businessDate: BusinessDate, { timeZone, hour, hourTimeZone }: PublishedByArgs): Date {
  // Zones differ by up to 26 hours: the day of the clock may be an earlier one than the business date.
  for (let day = addDays(businessDate, -1); ; day = addDays(day, 1)) {
    const moment = momentOf(day, hour, hourTimeZone);
    if (lastEndedDay(moment, timeZone) >= businessDate) return moment;
  }
}

const HOUR_MS = 3_600_000;

/** The first moment at which a zone's clock shows the day and the hour, or what comes next. */
function momentOf(day: BusinessDate, hour: number, timeZone: string): Date {
  const wanted = `${day} ${String(hour).padStart(2, "0")}:00`;
  const asUtc = Date.parse(`${day}T${String(hour).padStart(2, "0")}:00:00Z`);
  const clock = clockOf(timeZone);
  // Zones are at most 14 hours before UTC; their offsets are whole quarters of an hour.
  for (let ms = asUtc - 14 * HOUR_MS; ; ms += HOUR_MS / 4) {
    if (clock(ms) >= wanted) return new Date(ms);
  }
}

/** `2017-06-30 06:00`, so that texts compare as times. */
function clockOf(timeZone: string): (ms: number) => string {
  const format = new Intl.DateTimeFormat("en-US", {
    ...{ timeZone, calendar: "gregory", numberingSystem: "latn", hourCycle: "h23" },
    ...{ year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" },
  });
  return (ms) => {
    const part = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, value]));
    return `${part.year}-${part.month}-${part.day} ${part.hour}:${part.minute}`;
  };
}
