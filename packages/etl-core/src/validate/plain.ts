/** How the rows of a plain file are written: what the quick ways of the engines have in common. */
import type { Table } from "../contract/table.ts";
import { lexicalOf } from "./lexical.ts";

/**
 * A quote, a carriage return, NUL: each may be right in a text, and none is plain. Nor is what a decoder writes for bytes
 * that are no UTF-8.
 */
const PLAIN_TEXT = '[^",\\r\\n\\x00\\uFFFD]*';

/**
 * A header among the rows must be seen by the types of its columns: a name is no number and no day. An empty line must be
 * seen by its width.
 */
export const canBePlain = ({ columns, columnNames }: Table): boolean =>
  columnNames.length > 1 && Object.values(columns).some(({ type }) => lexicalOf(type) !== null);

/**
 * By column a regular expression that JavaScript and Java share: nothing, or a value as its type is written. A row is
 * these in the order of the file with commas between them.
 */
export function plainFields({ columns }: Table): Readonly<Record<string, string>> {
  const fields = Object.entries(columns).map(([name, { type }]) => {
    const lexical = lexicalOf(type);
    if (lexical === null) return [name, PLAIN_TEXT];
    // Nobody asks for what the groups held, and keeping it costs a third of the time.
    const pattern = (lexical.scalePattern ?? lexical.pattern).replaceAll("(", "(?:");
    return [name, `(?:${pattern})?`];
  });
  return Object.fromEntries(fields);
}
