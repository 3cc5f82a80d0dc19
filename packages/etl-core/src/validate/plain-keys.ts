/** The keys of rows that were looked at as bytes. */
import type { KeyPart } from "./key-parts.ts";
import type { FileKeys } from "./keys.ts";
import { BOOLEAN, CHECKED_TEXT, NUMBER, type PlainColumn, TEXT } from "./plain-column.ts";
import { fieldText, type PlainRow } from "./plain-rows.ts";

const MINUS = 45;
const POINT = 46;
const ZERO = 48;

/** Whether a number stands there as its canonical text: without a sign that says nothing, zeros before or places after it. */
function isCanonicalNumber(bytes: Uint8Array, from: number, to: number, scale: number): boolean {
  const at = bytes[from] === MINUS ? from + 1 : from;
  if (bytes[at] === ZERO && (to - at > 1 || at > from)) return false;
  for (let index = at; scale > 0 && index < to; index += 1) if (bytes[index] === POINT) return false;
  return true;
}

/** `true` and `false` in lower case. */
function isCanonicalBoolean(bytes: Uint8Array, from: number, to: number): boolean {
  for (let index = from; index < to; index += 1) if ((bytes[index] as number) < 0x61) return false;
  return true;
}

/**
 * @param columns of the fields
 * @param fields the fields of the key, in its order
 */
export function plainKeys(
  columns: readonly PlainColumn[],
  fields: readonly number[],
): (keys: FileKeys, row: PlainRow, line: number) => void {
  const parts = new Array<KeyPart>(fields.length).fill(0);
  return (keys, row, line) => {
    const { bytes, starts, ends, values } = row;
    let isCanonical = true;
    for (let index = 0; index < fields.length; index += 1) {
      const field = fields[index] as number;
      const { form, scale } = columns[field] as PlainColumn;
      if (form === TEXT || form === CHECKED_TEXT) {
        parts[index] = fieldText(row, field);
        continue;
      }
      // A zero has no sign.
      parts[index] = (values[field] as number) + 0;
      const [from, to] = [starts[field] as number, ends[field] as number];
      if (form === NUMBER) isCanonical &&= isCanonicalNumber(bytes, from, to, scale);
      else if (form === BOOLEAN) isCanonical &&= isCanonicalBoolean(bytes, from, to);
    }
    keys.add(parts, isCanonical ? null : fields.map((field) => fieldText(row, field)).join("|"), line);
  };
}
