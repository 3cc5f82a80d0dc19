/** The header of a file: the contract's columns in any order, upper or lower case (Snowflake writes upper). */
import type { Table } from "../contract/table.ts";
import type { Problem } from "./report.ts";

export interface Header {
  /** The contract's column of each field; null for an unknown one. */
  readonly columns: readonly (string | null)[];
  readonly problems: readonly Problem[];
}

export function readHeader(table: Table, fields: readonly string[]): Header {
  const names = fields.map((field) => field.trim().toLowerCase());
  const problems: Problem[] = [];
  const problem = (code: Problem["code"], column: string, message: string) =>
    problems.push({ code, line: 1, column, value: null, message });
  for (const name of table.columnNames) {
    if (!names.includes(name)) problem("HEADER_COLUMN_MISSING", name, `the header has no column ${name}`);
  }
  for (const [index, name] of names.entries()) {
    if (names.indexOf(name) !== index) problem("HEADER_COLUMN_TWICE", name, `the header names ${name} twice`);
    else if (table.columns[name] === undefined) {
      problem("HEADER_COLUMN_EXTRA", name, `the contract of ${table.name} has no column "${fields[index]}"`);
    }
  }
  return { columns: names.map((name) => (table.columns[name] === undefined ? null : name)), problems };
}
