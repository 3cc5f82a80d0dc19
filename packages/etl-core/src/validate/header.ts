/** The header of a file: the contract's columns in any order, upper or lower case (Snowflake writes upper). */
import type { Table } from "../contract/table.ts";
import { shortened } from "./explain.ts";
import { lexicalOf } from "./lexical.ts";
import type { Problem } from "./report.ts";

export interface Header {
  /** The contract's column of each field; null for an unknown one. */
  readonly columns: readonly (string | null)[];
  readonly problems: readonly Problem[];
  /** Columns that the contract does not know and the table's drift policy lets pass: left out, or kept. */
  readonly ignored: readonly string[];
  readonly kept: readonly string[];
}

export const namesOf = (fields: readonly string[]): readonly string[] =>
  fields.map((field) => field.trim().toLowerCase());

/** Whether a line has all columns of the contract, in any order. */
export function isHeaderOf(table: Table, fields: readonly string[]): boolean {
  const names = namesOf(fields);
  return table.columnNames.every((name) => names.includes(name));
}

const NAME = /^[A-Za-z_][A-Za-z0-9_ ]*$/;

/** Whether a line of some other table's column names may be meant: all different, all names. */
export const readsAsHeader = (fields: readonly string[]): boolean =>
  fields.length > 1 && fields.every((field) => NAME.test(field)) && new Set(namesOf(fields)).size === fields.length;

const delimiters = { ";": "a semicolon", "\t": "a tab", "|": "a vertical bar" } as const;

/** The one thing that is wrong with a line as a whole, which says more than a list of missing columns. */
function wholeFault(table: Table, fields: readonly string[]): Pick<Problem, "code" | "message"> | null {
  const line = fields.join(",");
  for (const [delimiter, name] of Object.entries(delimiters)) {
    if (!isHeaderOf(table, line.split(delimiter))) continue;
    return { code: "FILE_DELIMITER_WRONG", message: `the fields are separated by ${name}, not by a comma` };
  }
  const { columnNames, columns } = table;
  const looksLikeData =
    fields.length === columnNames.length &&
    !namesOf(fields).some((name) => columns[name] !== undefined) &&
    fields.some((field, index) => {
      const spec = columns[columnNames[index] ?? ""];
      const lexical = spec === undefined ? null : lexicalOf(spec.type);
      return lexical !== null && new RegExp(`^(?:${lexical.pattern})$`).test(field);
    });
  if (!looksLikeData) return null;
  return { code: "HEADER_MISSING", message: "the first line is a row of data: the header is missing" };
}

export function readHeader(table: Table, fields: readonly string[]): Header {
  const names = namesOf(fields);
  const problems: Problem[] = [];
  const unknown: string[] = [];
  const problem = (code: Problem["code"], column: string, message: string) =>
    problems.push({ code, line: 1, column, value: null, message });
  for (const name of table.columnNames) {
    if (!names.includes(name)) problem("HEADER_COLUMN_MISSING", name, `the header has no column ${name}`);
  }
  for (const [index, name] of names.entries()) {
    if (names.indexOf(name) !== index) problem("HEADER_COLUMN_TWICE", name, `the header names ${name} twice`);
    else if (table.columns[name] === undefined && table.drift !== "reject" && name !== "") unknown.push(name);
    else if (table.columns[name] === undefined) {
      problem("HEADER_COLUMN_EXTRA", name, `the contract of ${table.name} has no column "${fields[index]}"`);
    }
  }
  const whole = problems.length === 0 ? null : wholeFault(table, fields);
  return {
    columns: names.map((name) => (table.columns[name] === undefined ? null : name)),
    ignored: whole === null && table.drift === "ignore" ? unknown : [],
    kept: whole === null && table.drift === "keep" ? unknown : [],
    problems: whole === null ? problems : [{ ...whole, line: 1, column: null, value: shortened(fields.join(",")) }],
  };
}
