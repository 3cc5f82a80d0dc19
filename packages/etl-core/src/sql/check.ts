/** The checks of a table as one SQL text over rows whose columns are all text. */
import type { ColumnSpec } from "../contract/column.ts";
import { latenessOf, type Table } from "../contract/table.ts";
import type { ProblemCode } from "../validate/codes.ts";
import { lexicalOf } from "../validate/lexical.ts";
import { type Dialect, sqlType } from "./dialect.ts";

/** The relation of raw rows: all columns text under their names, plus `_file` and `_business_date` (text). */
export const rawRelation = (table: Table): string => `raw_${table.name}`;

const typed = (name: string) => `${name}__typed`;
const cast = (name: string) => `${name}__cast`;
const text = (name: string) => `${name}__text`;

/**
 * @returns a SELECT over {@link rawRelation}: the columns with their stored types, `_file`, `_business_date`, and
 * `_problems`: '' for an accepted row, else `column=CODE` joined by ';' in the order of the columns, and `_texts`: what
 * stands in a row that is wrong by itself, as {@link encodeTexts} writes it. A cast alone
 * repairs silently (`1.6` as a whole number becomes 2): it counts where its value is written as the text is, or where the
 * text has the pattern of its type.
 *
 * Nearly all values are written as engines write them, and nearly all rows are right: patterns and joined texts, which
 * cost the most, are for the others.
 * @param carried more columns of the raw rows, passed through as they are
 */
export function checkSql(table: Table, dialect: Dialect, carried: readonly string[] = []): string {
  const origin = ["_file", "_business_date", ...carried].join(", ");
  const columns = Object.entries(table.columns);
  const matches = (name: string, pattern: string) =>
    `${dialect.regexp}(${name}, ${dialect.literal(`^(?:${pattern})\\z`)})`;

  const literalOf = ({ type }: ColumnSpec, text: string) =>
    lexicalOf(type) === null ? dialect.literal(text) : `CAST(${dialect.literal(text)} AS ${sqlType(type, dialect)})`;
  const latest = "CAST(_business_date AS DATE)";
  const lateness = latenessOf(table);
  /** null where rows may be of any day before. */
  const earliest = lateness === null ? null : lateness === 0 ? latest : `${latest} - INTERVAL '${lateness}' DAY`;

  const value = (name: string, column: ColumnSpec) => {
    const { type } = column;
    const lexical = lexicalOf(type);
    if (lexical === null) return name;
    const back = `CAST(${cast(name)} AS ${sqlType("string", dialect)}) = ${name}`;
    // Of days, engines also write and read such as have no four-digit year.
    const same =
      type === "date"
        ? `${cast(name)} BETWEEN ${literalOf(column, "1000-01-01")} AND ${literalOf(column, "9999-12-31")} AND ${back}`
        : back;
    return `CASE WHEN ${same} THEN ${cast(name)} WHEN ${matches(name, lexical.scalePattern ?? lexical.pattern)} THEN ${cast(name)} END`;
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
    const bound = (text: string) => literalOf(column, text);
    if (column.min !== undefined) when(`${typed(name)} < ${bound(column.min)}`, "VALUE_OUT_OF_RANGE");
    if (column.max !== undefined) when(`${typed(name)} > ${bound(column.max)}`, "VALUE_OUT_OF_RANGE");
    if (column.oneOf !== undefined)
      when(`${typed(name)} NOT IN (${column.oneOf.map(bound).join(", ")})`, "VALUE_NOT_ALLOWED");
    if (column.pattern !== undefined) when(`NOT ${matches(name, column.pattern)}`, "VALUE_NOT_MATCHING");
    if (table.dated?.column === name) {
      const early = earliest === null ? "" : ` OR ${typed(name)} < ${earliest}`;
      when(`${typed(name)} > ${latest}${early}`, "DATE_OUTSIDE_FILE");
    }
    return whens.length === (column.nullable ? 1 : 0) ? null : `CASE ${whens.join("\n      ")} END`;
  };

  /** Whether nothing is wrong with a value; one with a typed value has the pattern of its type. */
  const fine = (name: string, column: ColumnSpec): string | null => {
    const lexical = lexicalOf(column.type);
    const conditions = lexical === null ? [] : [`${typed(name)} IS NOT NULL`];
    const bound = (text: string) => literalOf(column, text);
    if (column.min !== undefined) conditions.push(`${typed(name)} >= ${bound(column.min)}`);
    if (column.max !== undefined) conditions.push(`${typed(name)} <= ${bound(column.max)}`);
    if (column.oneOf !== undefined) conditions.push(`${typed(name)} IN (${column.oneOf.map(bound).join(", ")})`);
    if (column.pattern !== undefined) conditions.push(matches(name, column.pattern));
    if (table.dated?.column === name) {
      conditions.push(`${typed(name)} ${earliest === null ? "<=" : `BETWEEN ${earliest} AND`} ${latest}`);
    }
    if (!column.nullable) return [`${name} IS NOT NULL`, ...conditions].join(" AND ");
    return conditions.length === 0 ? null : `(${name} IS NULL OR ${conditions.join(" AND ")})`;
  };

  const problems = columns.map(([name, column]) => problem(name, column)).filter((expression) => expression !== null);
  const fines = columns.map(([name, column]) => fine(name, column)).filter((expression) => expression !== null);
  const texts = columns.map(([name]) => text(name));
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
    ${origin}
  FROM ${rawRelation(table)}
),
cast_rows AS (
  SELECT
    ${columns.map(([name, { type }]) => (lexicalOf(type) === null ? name : `${name}, TRY_CAST(${name} AS ${sqlType(type, dialect)}) AS ${cast(name)}`)).join(",\n    ")},
    ${origin}
  FROM text_rows
),
typed_rows AS (
  SELECT
    ${columns.map(([name, column]) => `${name},\n    ${value(name, column)} AS ${typed(name)}`).join(",\n    ")},
    ${origin}
  FROM cast_rows
),
judged_rows AS (
  SELECT
    ${columns.map(([name]) => `${typed(name)} AS ${name}, ${name} AS ${text(name)}`).join(",\n    ")},
    ${origin},
    CASE WHEN ${fines.length === 0 ? "TRUE" : fines.join("\n      AND ")} THEN '' ELSE CONCAT_WS(';',
      ${problems.join(",\n      ")}
    ) END AS _problems
  FROM typed_rows
)${rules.length === 0 ? "" : ruledRows(names, origin, texts, rules)},
told_rows AS (
  SELECT
    ${names},
    ${origin}, _problems,
    CASE WHEN _problems <> '' THEN CONCAT_WS('|', ${texts.map(escaped).join(", ")}) END AS _texts
  FROM ${rules.length === 0 ? "judged_rows" : "ruled_rows"}
)
SELECT
  ${names},
  ${origin},
  ${twice === null ? "_problems" : `CASE WHEN _problems = '' AND ${twice} > 1 THEN ${keyCode} ELSE _problems END AS _problems`},
  _texts
FROM told_rows`;
}

/** Rules over several columns, of rows whose columns are right one by one. */
const ruledRows = (names: string, origin: string, texts: readonly string[], rules: readonly string[]) => `,
ruled_rows AS (
  SELECT
    ${names},
    ${texts.join(", ")},
    ${origin},
    CASE WHEN _problems = '' THEN CONCAT_WS(';', ${rules.join(", ")}) ELSE _problems END AS _problems
  FROM judged_rows
)`;

/** As {@link encodeTexts} writes it. */
const escaped = (name: string) => `REPLACE(REPLACE(COALESCE(${name}, ''), '~', '~0'), '|', '~1')`;
