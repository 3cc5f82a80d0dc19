/**
 * Readers of landed files for any DuckDB client, as table macros: `landed_<table>(files)` gives all rows as text, and
 * `checked_<table>(files)` the same rows through the check SQL: typed, with what is wrong in `_problems`. A plain typed read
 * is not offered, as it repairs silently (`1.6` as a whole number becomes 2).
 */
import type { Dataset, Table } from "../contract/index.ts";
import { checkSql, duckdb, rawRelation } from "../sql/index.ts";
import { type Relation, tablesOf } from "./relation.ts";
import { generatedBy } from "./text.ts";

const indented = (sql: string) => sql.replaceAll(/^(?=.)/gm, "  ");

/** The statements that make both macros of a table. */
export function duckdbReader(table: Table): string {
  const { name, title, columnNames } = table;
  return `-- ${generatedBy}
-- ${title}: files as they landed, in any order of their columns. \`files\` is a path, a pattern or a list of them.
CREATE OR REPLACE MACRO landed_${name}(files) AS TABLE
SELECT
  ${columnNames.join(",\n  ")},
  filename AS _file,
  REGEXP_EXTRACT(filename, 'dt=([0-9]{4}-[0-9]{2}-[0-9]{2})', 1) AS _business_date
FROM read_csv(
  files, all_varchar = true, header = true, delim = ',', quote = '"', escape = '"', strict_mode = true,
  null_padding = false, ignore_errors = false, union_by_name = true, filename = true
);

-- The same rows with their stored types; \`_problems\` is '' where a row is right, else column=CODE; column=CODE ...
CREATE OR REPLACE MACRO checked_${name}(files) AS TABLE
WITH ${rawRelation(table)} AS (SELECT * FROM landed_${name}(files))
SELECT * FROM (
${indented(checkSql(table, duckdb))}
);
`;
}

/** `read_<table>.sql` of each table; the fact does not land. */
export const duckdbFiles = (_: Dataset, relations: readonly Relation[]): ReadonlyMap<string, string> =>
  new Map(tablesOf(relations).map((table) => [`read_${table.name}.sql`, duckdbReader(table)]));
