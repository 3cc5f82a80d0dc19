import { decimalOf, type StoredType } from "../contract/types.ts";

/** Nearly every key is written this way already. */
const PLAIN_WHOLE = /^[1-9][0-9]*$/;

/** One text for every way to write the same value: keys are compared by value, as an engine compares them. */
export function canonicalOf(type: StoredType | undefined): (text: string) => string {
  if (type === undefined || type === "string" || type === "date") return (text) => text;
  if (type === "boolean") return (text) => (text === "1" || text.toLowerCase() === "true" ? "true" : "false");
  const isDecimal = decimalOf(type) !== null;
  return (text) => {
    if (PLAIN_WHOLE.test(text)) return text;
    const plain = /^(-?)0*([0-9]+?)(?:[.]([0-9]*?)0*)?$/.exec(text);
    if (plain === null) return text;
    const [, sign = "", integer = "", fraction = ""] = plain;
    const value = isDecimal && fraction !== "" ? `${integer}.${fraction}` : integer;
    return /[1-9]/.test(value) ? sign + value : "0";
  };
}
