/** Numbers and text as the report shows them. */
import type { Measure } from "@sales-etl/etl-core/measures";

const DASH = "–";

export const escapeHtml = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

type Kind = "money" | "percent" | "number";

export const kindOf = ({ unit }: Pick<Measure, "unit">): Kind =>
  unit.startsWith("USD") ? "money" : unit.startsWith("share") ? "percent" : "number";

const formats: Readonly<Record<Kind, Intl.NumberFormat>> = {
  money: new Intl.NumberFormat("en", { style: "currency", currency: "USD" }),
  percent: new Intl.NumberFormat("en", { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 }),
  number: new Intl.NumberFormat("en", { maximumFractionDigits: 2 }),
};

/** Intl takes the decimal text as it is: no digit passes through a float. NULL is a dash: unknown, not zero. */
export const formatValue = (measure: Measure, value: unknown): string =>
  value === null || value === undefined
    ? DASH
    : formats[kindOf(measure)].format(String(value) as Intl.StringNumericLiteral);

const FOUR_PLACES = 10_000n;

/** Decimal text of at most 4 places as a whole number of ten-thousandths. */
function tenThousandths(text: string): bigint {
  const [integer = "0", fraction = ""] = text.replace("-", "").split(".");
  const value = BigInt(integer) * FOUR_PLACES + BigInt(fraction.padEnd(4, "0").slice(0, 4));
  return text.startsWith("-") ? -value : value;
}

/** The change against the period before: in points for shares, else in per cent; null where it has no meaning. */
export function change(measure: Measure, now: unknown, before: unknown): string | null {
  if (now === null || before === null || now === undefined || before === undefined) return null;
  const [a, b] = [tenThousandths(String(now)), tenThousandths(String(before))];
  const isShare = kindOf(measure) === "percent";
  if (!isShare && b <= 0n) return null;
  // In tenths of a point or of a per cent, half away from zero.
  const scaled = (a - b) * 1000n * 2n;
  const divisor = isShare ? FOUR_PLACES : b;
  const magnitude = ((scaled < 0n ? -scaled : scaled) / divisor + 1n) / 2n;
  const text = `${magnitude / 10n}.${magnitude % 10n}`;
  const sign = magnitude === 0n ? "±" : scaled < 0n ? "−" : "+";
  return `${sign}${text} ${isShare ? "points" : "%"}`;
}
