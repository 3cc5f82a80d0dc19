/**
 * What a cumulative dump (the rows of all days up to its date) says that is new: one portable SQL text. Rows are compared
 * by their whole content, as multisets: a line that stands twice in the dump and once in what is known was added once.
 */
import { storedTable } from "../contract/stored.ts";
import type { Table } from "../contract/table.ts";

/** The relations that {@link cumulativeSql} reads. */
export const cumulativeSources = ({ name }: Pick<Table, "name">) => ({
  /** The rows that earlier dates left: the table's columns, those that are carried, and {@link LOAD_DATE}. */
  known: `${name}_known`,
  /** The accepted rows of the dump: the table's columns and those that are carried. */
  dump: `${name}_dump`,
});

/** The date whose export a row came with. */
export const LOAD_DATE = "load_dt";

/** The column that says what became of a row: {@link ROW_ADDED} or {@link ROW_GONE}. */
export const ROW_CHANGE = "row_change";
export const ROW_ADDED = "added";
/** Of a row that changed: it is gone as it was, and added as it is now. */
export const ROW_GONE = "gone";

/**
 * @returns a SELECT of the rows in which dump and known rows differ: the columns of {@link cumulativeSources}.known, and
 * {@link ROW_CHANGE}. {@link LOAD_DATE} is NULL for an added row; of equal known rows the ones that came last are gone.
 * Days before the first day of the dump are left alone: sources keep their rows for some time only. A dump without a row
 * says nothing.
 *
 * As rows are grouped by all columns, two NULLs are equal. Only what differs is numbered, which is little; there is no
 * hash: engines would have to write every value alike, and equal hashes can be chance.
 * @param carried more columns of both relations that belong to a row and are not compared, such as the file it came from
 */
export function cumulativeSql(table: Table, carried: readonly string[] = []): string {
  const { known, dump } = cumulativeSources(table);
  const day = table.dated?.column;
  if (day === undefined) throw new TypeError(`${table.name} has no dated column`);
  const content = comparedColumns(table);
  const columns = content.join(", ");
  const of = (alias: string, names: readonly string[]) => names.map((name) => `${alias}.${name}`).join(", ");
  const same = content.map((name) => `r.${name} IS NOT DISTINCT FROM d.${name}`).join(" AND ");
  const all = [...content, ...carried];
  return `WITH first_day AS (
  SELECT MIN(${day}) AS day FROM ${dump}
),
both_sides AS (
  SELECT ${of("k", all)}, k.${LOAD_DATE}, 0 AS in_dump, 1 AS in_known
  FROM ${known} k CROSS JOIN first_day f
  WHERE k.${day} >= f.day
  UNION ALL
  SELECT ${of("n", all)}, CAST(NULL AS DATE) AS ${LOAD_DATE}, 1 AS in_dump, 0 AS in_known
  FROM ${dump} n
),
differing AS (
  SELECT ${columns}, SUM(in_dump) AS dump_rows, SUM(in_known) AS known_rows
  FROM both_sides
  GROUP BY ${columns}
  HAVING SUM(in_dump) <> SUM(in_known)
),
numbered AS (  -- equal rows of one side, the ones that are known longest first
  SELECT ${of("r", all)}, r.${LOAD_DATE}, r.in_dump, d.dump_rows, d.known_rows,
    ROW_NUMBER() OVER (PARTITION BY ${of("r", [...content, "in_dump"])} ORDER BY r.${LOAD_DATE}) AS copy_number
  FROM both_sides r JOIN differing d ON ${same}
)
SELECT ${all.join(", ")}, ${LOAD_DATE},
  CASE WHEN in_dump = 1 THEN '${ROW_ADDED}' ELSE '${ROW_GONE}' END AS ${ROW_CHANGE}
FROM numbered
WHERE copy_number > CASE WHEN in_dump = 1 THEN known_rows ELSE dump_rows END`;
}

/** The columns by which rows are told to be the same. */
const comparedColumns = (table: Table): readonly string[] => storedTable(table).columnNames;
