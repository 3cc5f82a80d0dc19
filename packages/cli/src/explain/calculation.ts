/** The formula of a measure with the numbers of a period in it, as a person would write it down. */
import { type Measure, type Numbers, RATIO_SCALE } from "@sales-etl/etl-core/measures";

const added = (values: readonly string[], value: unknown): string => {
  const [first = "0", ...rest] = values;
  const terms = rest.map((one) => (one.startsWith("-") ? ` - ${one.slice(1)}` : ` + ${one}`)).join("");
  return rest.length === 0 ? String(value) : `${first}${terms} = ${value}`;
};

/** Digits after the point that long division would go on with. */
const isExact = (text: string) => text.endsWith("0") || !text.includes(".");

/**
 * @param row of the fact
 * @param days of the daily base, in order
 * @param total what the core says of the period, for measures that are no sum
 */
export function calculationOf(measure: Measure, row: Numbers, days: readonly Numbers[], total: string): string {
  const value = row[measure.name] ?? null;
  const texts = (columns: readonly string[], rows: readonly Numbers[]) =>
    rows.flatMap((day) => columns.flatMap((column) => (day[column] == null ? [] : [String(day[column])])));
  switch (measure.kind) {
    case "sum": {
      const moved = days.filter(({ moved }) => moved === 1);
      if (moved.length === 0) return `nothing moved: ${value ?? "unknown"}`;
      const known = texts([measure.of.column], moved);
      return known.length === 0 ? "no row says it: unknown" : added(known, value);
    }
    case "daily-sum":
      return added(texts(measure.of, days), value);
    case "flag-days":
      return added(texts([measure.of.column], days), value);
    case "days":
      return added(texts(["tracked"], days), value);
    case "ratio":
      if (value === null) return total;
      return isExact(String(value)) ? total : `${total} (rounded to ${RATIO_SCALE} places, half away from zero)`;
    case "last":
    case "last-day": {
      const last = days.findLast(({ tracked }) => tracked === 1);
      return last === undefined ? "no day is tracked: unknown" : `of ${last.day}: ${value ?? "unknown"}`;
    }
  }
}
