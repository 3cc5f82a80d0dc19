/** The names of exported files: `<table>_<date>`, a part, `.csv` or `.csv.gz`. */
import type { BusinessDate } from "./landing.ts";

const PART = "(?:_[0-9]+_[0-9]+_[0-9]+|[.]part[0-9]+)?";

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Whether `fileName` (without folders) is a file of this table and date. */
export const isFileOf = (table: string, date: BusinessDate, fileName: string): boolean =>
  new RegExp(`^${escaped(table)}_${date}${PART}[.]csv(?:[.]gz)?$`).test(fileName);

/** What is wrong with a name that does not fit, as far as can be told. */
export function whyNotFileOf(table: string, date: BusinessDate, fileName: string): string {
  const expected = `${table}_${date}.csv`;
  const found = /^(.*?)_([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?=\D|$)/.exec(fileName);
  if (found === null) return `expected ${expected}`;
  const [, prefix, year, month = "", day = ""] = found;
  if (prefix !== table) return `the name begins with "${prefix}_", expected "${table}_"`;
  if (month.length < 2 || day.length < 2) return `the date is not padded with zeros, expected ${expected}`;
  if (`${year}-${month}-${day}` !== date) return `the date in the name is not the folder's, expected ${expected}`;
  return `expected ${expected}, optionally with a part and .gz`;
}

/** A real day of the calendar, written `YYYY-MM-DD`. */
export function isBusinessDate(text: string): boolean {
  if (!/^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}$/.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().slice(0, 10) === text;
}

/** How many days `to` is after `from`; negative where it is before. */
export const daysBetween = (from: BusinessDate, to: BusinessDate): number =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);

/** All days from `from` to `to`, both included; empty when `to` is earlier. */
export function businessDates(from: BusinessDate, to: BusinessDate): BusinessDate[] {
  // By number, not by text: the day after 9999-12-31 sorts before every date.
  return Array.from({ length: Math.max(0, daysBetween(from, to) + 1) }, (_, index) => addDays(from, index));
}

export const addDays = (date: BusinessDate, days: number): BusinessDate =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
