/** History of a snapshot table (type 2) as one portable SQL text: a pure function of all accepted snapshots. */
import { storedTable } from "../contract/stored.ts";
import type { Table } from "../contract/table.ts";

/** The dimension of a snapshot table in the warehouse. */
export const dimensionName = (table: Pick<Table, "name">): string => `${table.name}_dim`;

/** Business date of the first snapshot with this content. */
export const VALID_FROM = "valid_from";
/** Business date of the first later snapshot in which the row is gone or differs; NULL: it still holds. */
export const VALID_TO = "valid_to";
export const IS_CURRENT = "is_current";

/** The day of a row of {@link historySources}.snapshots. */
export const SNAPSHOT_DAY = "snapshot_dt";

/** The relations that {@link historySql} reads. */
export const historySources = ({ name }: Pick<Table, "name">) => ({
  /** The history so far, or no row: what begins on the first day of `days` or later counts no more. */
  versions: `${name}_versions`,
  /** One column, {@link SNAPSHOT_DAY}: the business dates to take in, at least one. Days with the same rows as the day before may be left out. */
  days: `${name}_days`,
  /** The rows of those days' snapshots, with {@link SNAPSHOT_DAY}. */
  snapshots: `${name}_snapshots`,
});

/**
 * @returns the SELECT of all versions: the table's columns, {@link VALID_FROM}, {@link VALID_TO}, {@link IS_CURRENT}.
 * Rows with equal content on days that follow each other are one version; as the partition is over all columns, two
 * NULLs are equal.
 */
export function historySql(table: Table): string {
  const { versions, days, snapshots } = historySources(table);
  const { columnNames } = storedTable(table);
  const columns = columnNames.join(", ");
  const of = (alias: string) => columnNames.map((name) => `${alias}.${name}`).join(", ");
  return `WITH numbered_days AS (
  SELECT ${SNAPSHOT_DAY}, ROW_NUMBER() OVER (ORDER BY ${SNAPSHOT_DAY}) AS history_n
  FROM ${days}
),
first_day AS (
  SELECT MIN(${SNAPSHOT_DAY}) AS day FROM ${days}
),
seen AS (  -- what held before the first day, then every snapshot
  SELECT ${of("v")}, v.${VALID_FROM} AS history_since, 0 AS history_n
  FROM ${versions} v CROSS JOIN first_day f
  WHERE v.${VALID_FROM} < f.day AND (v.${VALID_TO} IS NULL OR v.${VALID_TO} >= f.day)
  UNION ALL
  SELECT ${of("s")}, d.${SNAPSHOT_DAY} AS history_since, d.history_n
  FROM ${snapshots} s JOIN numbered_days d ON d.${SNAPSHOT_DAY} = s.${SNAPSHOT_DAY}
),
runs AS (  -- equal rows on days without a gap have the same difference
  SELECT seen.*, history_n - ROW_NUMBER() OVER (PARTITION BY ${columns} ORDER BY history_n) AS history_run
  FROM seen
),
held AS (
  SELECT ${columns}, MIN(history_since) AS ${VALID_FROM}, MAX(history_n) AS history_last
  FROM runs
  GROUP BY ${columns}, history_run
)
SELECT ${of("h")}, h.${VALID_FROM}, d.${SNAPSHOT_DAY} AS ${VALID_TO}, d.${SNAPSHOT_DAY} IS NULL AS ${IS_CURRENT}
FROM held h LEFT JOIN numbered_days d ON d.history_n = h.history_last + 1
UNION ALL
SELECT ${of("v")}, v.${VALID_FROM}, v.${VALID_TO}, v.${IS_CURRENT}
FROM ${versions} v CROSS JOIN first_day f
WHERE v.${VALID_TO} < f.day`;
}
