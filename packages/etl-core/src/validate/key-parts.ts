/** The key of a row as values, one for every way to write it: keys are compared by value, as an engine compares them. */
import type { Table } from "../contract/table.ts";
import { decimalOf } from "../contract/types.ts";
import { canonicalOf } from "./canonical.ts";
import { dayNumber, EXACT_DIGITS } from "./plain-column.ts";
import { decimalText } from "./totals.ts";

/**
 * One column's value: a number in units of 10^-scale below 10^15, a day as 20200131, a boolean as 0 or 1; as canonical
 * text what is no such number, and texts.
 */
export type KeyPart = number | string;

/** How the parts of a column are made of its text, and written again. */
export interface KeyColumn {
  readonly part: (text: string) => KeyPart;
  /** The canonical text. */
  readonly text: (part: KeyPart) => string;
}

const WHOLE = new RegExp(`^-?[0-9]{1,${EXACT_DIGITS}}$`);

/** A canonical decimal in units of 10^-scale, where these are exact as a double. */
function unitsOf(text: string, scale: number): KeyPart {
  const [whole = "", fraction = ""] = text.split(".");
  const units = whole + fraction.padEnd(scale, "0");
  return WHOLE.test(units) ? Number(units) + 0 : text;
}

function dayText(day: number): string {
  const digits = String(day);
  return `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`;
}

const orText = (text: (part: number) => string) => (part: KeyPart) => (typeof part === "string" ? part : text(part));

/** The columns of a table's key, in its order. */
export const keyColumns = (table: Table): readonly KeyColumn[] =>
  (table.key ?? []).map((name): KeyColumn => {
    const type = table.columns[name]?.type;
    const canonical = canonicalOf(type);
    if (type === undefined || type === "string") return { part: canonical, text: orText(String) };
    if (type === "date") return { part: dayNumber, text: orText(dayText) };
    if (type === "boolean") {
      return { part: (text) => (canonical(text) === "true" ? 1 : 0), text: orText((part) => String(part === 1)) };
    }
    const scale = decimalOf(type)?.scale ?? 0;
    return {
      part: (text) => unitsOf(canonical(text), scale),
      text: orText((part) => canonical(decimalText(BigInt(part), scale))),
    };
  });

/** A key in its canonical texts. */
export const shownOf = (columns: readonly KeyColumn[], parts: readonly KeyPart[]): string =>
  parts.map((part, index) => (columns[index] as KeyColumn).text(part)).join("|");
