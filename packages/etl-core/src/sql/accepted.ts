/** For rows that are all expected to be right: typed in one pass, judged without saying what is wrong. */
import type { Table } from "../contract/table.ts";
import { lexicalOf } from "../validate/lexical.ts";
import { cast, columnChecks, rawRelation } from "./column-checks.ts";
import type { Dialect } from "./dialect.ts";

/** Whether each text of a row is one of its column's type; never NULL. */
export const IS_TYPED = "_is_typed";

/**
 * @returns a SELECT over {@link rawRelation}, where an empty text must be NULL already: the columns with their stored
 * types and {@link IS_TYPED}. A row is accepted where that and {@link acceptedRow} hold: then the check SQL, too, finds
 * nothing wrong with it by itself. Equal keys are not looked for.
 */
export function typedSql(table: Table, dialect: Dialect): string {
  const { casts, canonical, lexical } = columnChecks(table, dialect);
  const values = Object.entries(table.columns).map(([name, { type }]) =>
    lexicalOf(type) === null ? name : `${cast(name)} AS ${name}`,
  );
  // Nearly all texts are written as an engine writes them; of a whole row that is quickly said.
  const isTyped =
    canonical.length === 0
      ? "TRUE"
      : `CASE WHEN ${canonical.join("\n      AND ")} THEN TRUE ELSE ${lexical.join("\n      AND ")} END`;
  return `SELECT
    ${values.join(",\n    ")},
    ${isTyped} AS ${IS_TYPED}
  FROM (SELECT
    ${casts.join(",\n    ")}
  FROM ${rawRelation(table)}) cast_rows`;
}

/** @returns a condition over typed rows with `_business_date`: what the contract says of them besides their types */
export function acceptedRow(table: Table, dialect: Dialect): string {
  const { within } = columnChecks(table, dialect);
  const rules = table.rules.map(({ sql }) => `COALESCE(${sql}, TRUE)`);
  return [...within, ...rules].join("\n  AND ") || "TRUE";
}
