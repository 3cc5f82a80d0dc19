/** The checks of a table as one SQL text over rows whose columns are all text. */
import type { ColumnSpec } from "../contract/column.ts";
import type { Table } from "../contract/table.ts";
import type { ProblemCode } from "../validate/codes.ts";
import { lexicalOf } from "../validate/lexical.ts";
import { type Dialect, sqlType } from "./dialect.ts";

/** The relation of raw rows: all columns text under their names, plus `_file` and `_business_date` (text). */
export const rawRelation = (table: Table): string => `raw_${table.name}`;

const typed = (name: string) => `${name}__typed`;

/**
 * @returns a SELECT over {@link rawRelation}: the columns with their stored types, `_file`, `_business_date`, and
 * `_problems`: '' for an accepted row, else `column=CODE` joined by ';' in the order of the columns. The pattern is
 * tested before the cast, as a cast alone repairs silently (`1.6` as a whole number becomes 2).
 */
export function checkSql(table: Table, dialect: Dialect): string {
  const columns = Object.entries(table.columns);
  const matches = (name: string, pattern: string) =>
    `${dialect.regexp}(${name}, ${dialect.literal(`^(?:${pattern})\\z`)})`;

  const value = (name: string, { type }: ColumnSpec) => {
    const lexical = lexicalOf(type);
    if (lexical === null) return name;
    return `CASE WHEN ${matches(name, lexical.scalePattern ?? lexical.pattern)} THEN TRY_CAST(${name} AS ${sqlType(type, dialect)}) END`;
  };

  const problem = (name: string, column: ColumnSpec) => {
    const whens: string[] = [];
    const when = (condition: string, code: ProblemCode) =>
      whens.push(`WHEN ${condition} THEN ${dialect.literal(`${name}=${code}`)}`);
    if (column.nullable) whens.push(`WHEN ${name} IS NULL THEN NULL`);
    else when(`${name} IS NULL`, "VALUE_NULL");
    const lexical = lexicalOf(column.type);
    // What has a typed value matched its pattern: only the others are looked at closely, as patterns cost the most.
    if (lexical !== null) {
      when(`${typed(name)} IS NULL AND NOT ${matches(name, lexical.pattern)}`, lexical.code);
      if (lexical.scalePattern !== undefined) {
        when(`${typed(name)} IS NULL AND NOT ${matches(name, lexical.scalePattern)}`, "VALUE_TOO_PRECISE");
      }
      when(`${typed(name)} IS NULL`, column.type === "date" ? "VALUE_NOT_DATE" : "VALUE_TOO_LARGE");
    }
    const bound = (text: string) =>
      lexical === null ? dialect.literal(text) : `CAST(${dialect.literal(text)} AS ${sqlType(column.type, dialect)})`;
    if (column.min !== undefined) when(`${typed(name)} < ${bound(column.min)}`, "VALUE_OUT_OF_RANGE");
    if (column.max !== undefined) when(`${typed(name)} > ${bound(column.max)}`, "VALUE_OUT_OF_RANGE");
    if (column.oneOf !== undefined)
      when(`${typed(name)} NOT IN (${column.oneOf.map(bound).join(", ")})`, "VALUE_NOT_ALLOWED");
    if (column.pattern !== undefined) when(`NOT ${matches(name, column.pattern)}`, "VALUE_NOT_MATCHING");
    if (table.dated?.column === name) {
      const day = "CAST(_business_date AS DATE)";
      const earliest = table.dated.lateness === 0 ? day : `${day} - INTERVAL '${table.dated.lateness}' DAY`;
      when(`${typed(name)} > ${day} OR ${typed(name)} < ${earliest}`, "DATE_OUTSIDE_FILE");
    }
    return whens.length === (column.nullable ? 1 : 0) ? null : `CASE ${whens.join("\n      ")} END`;
  };

  const problems = columns.map(([name, column]) => problem(name, column)).filter((expression) => expression !== null);
  const names = columns.map(([name]) => name).join(", ");
  const rules = table.rules.map(
    ({ column, sql }) => `CASE WHEN NOT (${sql}) THEN ${dialect.literal(`${column}=RULE_BROKEN`)} END`,
  );
  const key = table.key?.join(", ");
  // Rows that are wrong already take no part in the search for equal keys. Keys that two files share are found by the
  // quality checks before a publish.
  const twice = key === undefined ? null : `COUNT(*) OVER (PARTITION BY _file, ${key}, _problems)`;
  const keyCode = dialect.literal(`${table.key?.join("+") ?? ""}=KEY_NOT_UNIQUE`);
  return `WITH text_rows AS (
  SELECT
    ${columns.map(([name]) => `NULLIF(${name}, '') AS ${name}`).join(",\n    ")},
    _file, _business_date
  FROM ${rawRelation(table)}
),
typed_rows AS (
  SELECT
    ${columns.map(([name, column]) => `${name},\n    ${value(name, column)} AS ${typed(name)}`).join(",\n    ")},
    _file, _business_date
  FROM text_rows
),
judged_rows AS (
  SELECT
    ${columns.map(([name]) => `${typed(name)} AS ${name}`).join(", ")},
    _file, _business_date,
    CONCAT_WS(';',
      ${problems.join(",\n      ")}
    ) AS _problems
  FROM typed_rows
)${rules.length === 0 ? "" : ruledRows(names, rules)}
SELECT
  ${names},
  _file, _business_date,
  ${twice === null ? "_problems" : `CASE WHEN _problems = '' AND ${twice} > 1 THEN ${keyCode} ELSE _problems END AS _problems`}
FROM ${rules.length === 0 ? "judged_rows" : "ruled_rows"}`;
}

/** Rules over several columns, of rows whose columns are right one by one. */
const ruledRows = (names: string, rules: readonly string[]) => `,
ruled_rows AS (
  SELECT
    ${names},
    _file, _business_date,
    CASE WHEN _problems = '' THEN CONCAT_WS(';', ${rules.join(", ")}) ELSE _problems END AS _problems
  FROM judged_rows
)`;
