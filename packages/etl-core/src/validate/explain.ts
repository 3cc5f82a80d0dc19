/** The sentence a person reads beside a code. */
import type { ColumnSpec } from "../contract/column.ts";
import type { Table } from "../contract/table.ts";
import { codes, type ProblemCode } from "./codes.ts";

const LONGEST = 200;

/** A value as it is shown: whole, or its beginning. */
export const shortened = (value: string): string => (value.length <= LONGEST ? value : `${value.slice(0, LONGEST)}…`);

/** What the column would take, in words. */
function expected(column: ColumnSpec): string {
  const parts: string[] = [column.type];
  if (column.oneOf !== undefined) parts.push(`one of ${column.oneOf.join(", ")}`);
  if (column.pattern !== undefined) parts.push(`written as ${column.pattern}`);
  if (column.min !== undefined) parts.push(`from ${column.min}`);
  if (column.max !== undefined) parts.push(`up to ${column.max}`);
  return parts.join(", ");
}

/** @param column null for faults of the whole row or file */
export function explainProblem(table: Table, code: ProblemCode, column: string | null): string {
  const spec = column === null ? undefined : table.columns[column];
  return spec === undefined ? codes[code] : `${codes[code]} Expected ${expected(spec)}.`;
}
