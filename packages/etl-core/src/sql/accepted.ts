/** For rows of files whose values are all written as their types say: judged without saying what is wrong. */
import type { Table } from "../contract/table.ts";
import { columnChecks } from "./column-checks.ts";
import type { Dialect } from "./dialect.ts";

/**
 * @returns a condition over typed rows with `_business_date`: what the contract says of them besides their types. Where
 * it holds for rows of a plain file (see the scan), the check SQL, too, finds nothing wrong with them by themselves. Equal
 * keys are not looked for.
 */
export function acceptedRow(table: Table, dialect: Dialect): string {
  const { within } = columnChecks(table, dialect);
  const rules = table.rules.map(({ sql }) => `COALESCE(${sql}, TRUE)`);
  return [...within, ...rules].join("\n  AND ") || "TRUE";
}
