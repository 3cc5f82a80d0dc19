/** The checks of a table as one SQL text over rows whose columns are all text. */
import type { Table } from "../contract/table.ts";
import { columnChecks, rawRelation, typed } from "./column-checks.ts";
import type { Dialect } from "./dialect.ts";

const text = (name: string) => `${name}__text`;

/**
 * @returns a SELECT over {@link rawRelation}: the columns with their stored types, `_file`, `_business_date`, and
 * `_problems`: '' for an accepted row, else `column=CODE` joined by ';' in the order of the columns, and `_texts`: what
 * stands in a row that is wrong by itself, as {@link encodeTexts} writes it; joined texts, which cost much, are for rows
 * that are wrong.
 * @param carried more columns of the raw rows, passed through as they are
 */
export function checkSql(table: Table, dialect: Dialect, carried: readonly string[] = []): string {
  const origin = ["_file", "_business_date", ...carried].join(", ");
  const columns = Object.entries(table.columns);
  const { casts, values, problems, fines } = columnChecks(table, dialect);
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
    ${casts.join(",\n    ")},
    ${origin}
  FROM text_rows
),
typed_rows AS (
  SELECT
    ${values.join(",\n    ")},
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
