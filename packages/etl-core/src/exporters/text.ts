/** How generated files are written. */

export const generatedBy = "Generated from the contract by sales-etl. Do not edit.";

/** A number as its decimal text: 64 bits and decimals do not fit JavaScript's numbers. */
export class Exact {
  readonly text: string;
  constructor(text: string) {
    if (!/^-?[0-9]+([.][0-9]+)?$/.test(text)) throw new TypeError(`"${text}" is no number`);
    this.text = text;
  }
}

/** Marks an exact number while JSON.stringify runs; no text of a contract begins with it. */
const mark = "\u0000exact ";

/** JSON with two spaces, a line end, and {@link Exact} numbers digit by digit. */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value, (_, part) => (part instanceof Exact ? `${mark}${part.text}` : part), 2);
  return `${text.replace(/"\\u0000exact ([^"]*)"/g, "$1")}\n`;
}

/** @returns a copy without the properties that are undefined. */
export const defined = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as T;
