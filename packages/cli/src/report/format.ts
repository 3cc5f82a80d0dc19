/** Numbers, days and periods as the report shows them. No digit of a number passes through a float. */
import type { Measure } from "@sales-etl/etl-core/measures";

const DASH = "–";

type Described = Pick<Measure, "unit">;
type Kind = "money" | "percent" | "number";

const currencies: ReadonlySet<string> = new Set(Intl.supportedValuesOf("currency"));

/** A unit of money begins with its currency: `USD`, `EUR per ride`. */
const currencyOf = ({ unit }: Described): string | null => {
  const [first = ""] = unit.split(" ");
  return currencies.has(first) ? first : null;
};

export const kindOf = (measure: Described): Kind =>
  currencyOf(measure) !== null ? "money" : measure.unit.startsWith("share") ? "percent" : "number";

const made = new Map<string, Intl.NumberFormat>();

function formatter(measure: Described, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const currency = currencyOf(measure);
  const key = `${currency} ${kindOf(measure)} ${JSON.stringify(options)}`;
  const found = made.get(key) ?? new Intl.NumberFormat("en", styled(measure, currency, options));
  made.set(key, found);
  return found;
}

function styled(measure: Described, currency: string | null, options: Intl.NumberFormatOptions) {
  if (currency !== null) return { style: "currency", currency, ...options } as const;
  if (kindOf(measure) === "percent")
    return { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1, ...options } as const;
  return { maximumFractionDigits: 2, ...options };
}

const shown = (measure: Described, value: unknown, options: Intl.NumberFormatOptions): string =>
  value === null || value === undefined
    ? DASH
    : formatter(measure, options).format(String(value) as Intl.StringNumericLiteral);

/** Intl takes the decimal text as it is. NULL is a dash: unknown, not zero. */
export const formatValue = (measure: Described, value: unknown): string => shown(measure, value, {});

/** All digits that are stored. */
export const formatExact = (measure: Described, value: unknown): string =>
  shown(measure, value, {
    minimumFractionDigits: kindOf(measure) === "number" ? 0 : 2,
    maximumFractionDigits: kindOf(measure) === "percent" ? 2 : 4,
  });

const MILLION = 1_000_000;

/** Millions and more in short, as a tile has little room; {@link formatExact} is a click away. */
export function formatShort(measure: Described, value: unknown): string {
  const large = kindOf(measure) !== "percent" && Math.abs(Number(value)) >= MILLION;
  return large ? shown(measure, value, { notation: "compact", maximumFractionDigits: 2 }) : formatValue(measure, value);
}

const FOUR_PLACES = 10_000n;

/** Decimal text of at most 4 places as a whole number of ten-thousandths. */
function tenThousandths(text: string): bigint {
  const [integer = "0", fraction = ""] = text.replace("-", "").split(".");
  const value = BigInt(integer) * FOUR_PLACES + BigInt(fraction.padEnd(4, "0").slice(0, 4));
  return text.startsWith("-") ? -value : value;
}

/** The digits after the point that {@link formatValue} shows. */
const placesOf = (measure: Described): number => (kindOf(measure) === "percent" ? 3 : 2);

/**
 * A measure of a row, to be shown with few digits. A ratio is rounded once, from its parts; what is stored to 4 places
 * would be rounded twice (11 of 1,050 are 1.0 %, and 0.0105).
 */
export function rounded(measure: Measure, row: Readonly<Record<string, unknown>>): unknown {
  const stored = row[measure.name] ?? null;
  if (measure.kind !== "ratio" || stored === null) return stored;
  const part = (name: string | number | null) => (name === null ? 0 : typeof name === "number" ? name : row[name]);
  const parts = [measure.numerator, measure.less, measure.denominator].map(part);
  if (parts.some((value) => value === null || value === undefined)) return stored;
  const [numerator = 0n, less = 0n, denominator = 0n] = parts.map((value) => tenThousandths(String(value)));
  if (denominator <= 0n) return stored;
  const scale = 10n ** BigInt(placesOf(measure));
  const twice = (numerator - less) * scale * 2n;
  const magnitude = ((twice < 0n ? -twice : twice) / denominator + 1n) / 2n;
  const text = `${magnitude / scale}.${String(magnitude % scale).padStart(placesOf(measure), "0")}`;
  return twice < 0n ? `-${text}` : text;
}

export interface Change {
  readonly sign: -1 | 0 | 1;
  readonly text: string;
}

/** The change against an earlier value: in points for shares, else in per cent; null where it has no meaning. */
export function change(measure: Described, now: unknown, before: unknown): Change | null {
  if (now === null || before === null || now === undefined || before === undefined) return null;
  const [a, b] = [tenThousandths(String(now)), tenThousandths(String(before))];
  const isShare = kindOf(measure) === "percent";
  if (!isShare && b <= 0n) return null;
  // In tenths of a point or of a per cent, half away from zero.
  const scaled = (a - b) * 1000n * 2n;
  const divisor = isShare ? FOUR_PLACES : b;
  const magnitude = ((scaled < 0n ? -scaled : scaled) / divisor + 1n) / 2n;
  const text = `${magnitude / 10n}.${magnitude % 10n}`;
  const sign = magnitude === 0n ? 0 : scaled < 0n ? -1 : 1;
  return { sign, text: `${["−", "±", "+"][sign + 1]}${text}${isShare ? " points" : " %"}` };
}

/** The same of numbers that are added up, as a difference in their own unit: of money restated, of days. */
export function difference(measure: Described, now: unknown, before: unknown): string {
  if (now === null || before === null || now === undefined || before === undefined) return DASH;
  const delta = tenThousandths(String(now)) - tenThousandths(String(before));
  const magnitude = delta < 0n ? -delta : delta;
  const text = `${magnitude / FOUR_PLACES}.${String(magnitude % FOUR_PLACES).padStart(4, "0")}`;
  return `${delta === 0n ? "±" : delta < 0n ? "−" : "+"}${formatValue(measure, text)}`;
}

const day = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", ...options });
const whole = day({ day: "numeric", month: "long", year: "numeric" });
const withWeekday = day({ weekday: "short", day: "numeric", month: "short" });

const utc = (date: string) => new Date(`${date}T00:00:00Z`);

/** `24 – 30 December 2017`. */
export const formatDays = (first: string, last: string): string => whole.formatRange(utc(first), utc(last));
/** `Mon 25 Dec`. */
export const formatDay = (date: string): string => withWeekday.format(utc(date)).replace(",", "");

/** YYYYWW in parts: `52 of 2017`; any other number as it is. */
export const formatPeriod = (period: number): string =>
  /^\d{6}$/.test(String(period)) ? `${period % 100} of ${Math.floor(period / 100)}` : String(period);

/** Short, under an axis: `W52`. */
export const shortPeriod = (word: string, period: number): string =>
  /^\d{6}$/.test(String(period)) ? `${word.charAt(0).toUpperCase()}${String(period).slice(4)}` : String(period);
