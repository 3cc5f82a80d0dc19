/** A column's type from what stands in all of its rows, with the reason, and a question where it could be otherwise. */
import type { StoredType } from "@sales-etl/etl-core/contract";
import type { SourceColumn } from "../settings/schema.ts";
import { type ColumnProfile, DAY_FORMATS, NO, YES } from "./profile.ts";

export interface Guess {
  readonly type: StoredType;
  readonly required: boolean;
  /** How its texts become the contract's; without the name of its column. */
  readonly convert: Omit<Exclude<SourceColumn, string>, "from">;
  readonly reason: string;
  /** What only a person can say. */
  readonly question: string | null;
  readonly oneOf?: readonly string[];
  readonly min: string | null;
  readonly max: string | null;
}

/** So much of a column must be of a kind for the rest to be faults. */
const MOST = 0.95;

const share = (count: number, all: number) => (all === 0 ? 0 : count / all);

const INT = 2n ** 31n;

/** Whether a name speaks of a day, as far as names do. */
const namesDay = (name: string) => /dat|day|dt\b|_dt|tag|fecha|jour|giorno|dia/i.test(name);

const fits = (count: number, { filled }: ColumnProfile) => count > 0 && share(count, filled) >= MOST;

function faults(count: number, { filled }: ColumnProfile, what: string): string | null {
  if (count === filled) return null;
  return `${filled - count} of ${filled} values are no ${what}: such rows will be rejected; make it a string if they are meant`;
}

const both = (...questions: readonly (string | null)[]): string | null =>
  questions.filter((question) => question !== null).join("; ") || null;

function dayGuess(profile: ColumnProfile): Pick<Guess, "type" | "convert" | "reason" | "question"> | null {
  const best = Math.max(...DAY_FORMATS.map((format) => profile.days[format] ?? 0));
  if (!fits(best, profile)) return null;
  const formats = DAY_FORMATS.filter((format) => profile.days[format] === best);
  const [format] = formats;
  // Eight digits may be a number: only a name that speaks of days makes them one.
  if (format === undefined || (format === "%Y%m%d" && !namesDay(profile.name))) return null;
  const other = formats.filter((one) => one !== format);
  const swapped = other.find((one) => one.replace(/[^dm]/g, "") !== format.replace(/[^dm]/g, ""));
  const time = profile.withTime > 0 ? "; the time behind the day is cut off" : "";
  return {
    type: "date",
    convert: format === "%Y-%m-%d" && profile.withTime === 0 ? {} : { date: format },
    reason: `${best} of ${profile.filled} values are days written ${format}${time}`,
    question: both(
      swapped === undefined ? null : `all days could be written ${swapped} as well as ${format}: which is it?`,
      faults(best, profile, "day"),
    ),
  };
}

function numberGuess(
  profile: ColumnProfile,
): Pick<Guess, "type" | "convert" | "reason" | "question" | "min" | "max"> | null {
  const { point, comma, whole, filled } = profile;
  if (fits(whole, profile) && whole >= Math.max(point, comma)) {
    if (profile.leadingZero > 0) return null;
    const [min, max] = [profile.min["."], profile.max["."]];
    const size = [min, max]
      .map((text) => BigInt(text?.split(".")[0] ?? "0"))
      .map((value) => (value < 0n ? -value : value));
    const large = size.some((value) => value >= INT);
    return {
      ...{ type: large ? "bigint" : "int", convert: {}, min, max },
      reason: `${whole} of ${filled} values are whole numbers${large ? ", too large for 32 bits" : ""}`,
      question: faults(whole, profile, "whole number"),
    };
  }
  const sign = comma > point ? "," : ".";
  const count = Math.max(comma, point);
  if (!fits(count, profile)) return null;
  const scale = Math.max(2, profile.scale[sign]);
  if (scale > 6) return null;
  const ambiguous = profile.threeDigits === filled && profile.threeDigits > 0;
  const separated = count > whole && profile.examples.some((one) => /[0-9][., '][0-9]{3}(?:[.,]|$)/.test(one));
  return {
    type: `decimal(18,${scale})`,
    convert: sign === "," || separated ? { decimal: sign } : {},
    ...{ min: profile.min[sign], max: profile.max[sign] },
    reason: `${count} of ${filled} values are decimals with a ${sign === "," ? "comma" : "point"} and up to ${profile.scale[sign]} digits behind it`,
    question: both(
      ambiguous ? "every value has three digits behind its only sign: is that a fraction, or thousands?" : null,
      faults(count, profile, "number"),
    ),
  };
}

export function guessType(profile: ColumnProfile): Guess {
  const { rows, filled, examples } = profile;
  const required = filled === rows && rows > 0;
  const base = { required, min: null, max: null };
  if (filled === 0) {
    return { ...base, type: "string", convert: {}, reason: "always empty", question: "always empty: is it needed?" };
  }
  const day = dayGuess(profile);
  if (day !== null) return { ...base, ...day };
  if (profile.words === filled)
    return { ...base, type: "boolean", convert: {}, reason: "every value is true or false", question: null };
  if (profile.yesNo === filled) {
    const values = Object.fromEntries(
      examples.map((one) => [
        one,
        YES.includes(one.toLowerCase()) ? "true" : NO.includes(one.toLowerCase()) ? "false" : one,
      ]),
    );
    return { ...base, type: "boolean", convert: { values }, reason: "every value is a yes or a no", question: null };
  }
  if (profile.flags === filled && profile.distinct === 2)
    return { ...base, type: "int", convert: {}, reason: "every value is 0 or 1", question: null, oneOf: ["0", "1"] };
  const number = numberGuess(profile);
  if (number !== null) return { ...base, ...number };
  const reason =
    profile.leadingZero > 0 && profile.whole === filled
      ? "whole numbers with leading zeros: as a number they would be lost"
      : `text of up to ${profile.longest} characters`;
  return { ...base, type: "string", convert: {}, reason, question: null };
}
