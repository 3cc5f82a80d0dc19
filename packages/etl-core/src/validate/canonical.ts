import { decimalOf, type StoredType } from "../contract/types.ts";

/** One text for every way to write the same value: keys are compared by value, as an engine compares them. */
export function canonical(text: string, type: StoredType | undefined): string {
  if (type === undefined || type === "string" || type === "date") return text;
  if (type === "boolean") return text === "1" || text.toLowerCase() === "true" ? "true" : "false";
  const plain = /^(-?)0*([0-9]+?)(?:[.]([0-9]*?)0*)?$/.exec(text);
  if (plain === null) return text;
  const [, sign = "", integer = "", fraction = ""] = plain;
  const value = decimalOf(type) === null || fraction === "" ? integer : `${integer}.${fraction}`;
  return /[1-9]/.test(value) ? sign + value : "0";
}
