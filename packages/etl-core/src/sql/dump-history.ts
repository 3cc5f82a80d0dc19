/**
 * What a cumulative dump says, whenever it comes, in two SQL texts over the history of rows. A row was known from the dump
 * that it came with ({@link LOAD_DATE}) to the one that it was gone in ({@link GONE_DATE}; NULL: it is still there). So no dump
 * is kept whole or read again, and one that comes late, again or corrected says what it would have said in time.
 *
 * How many equal rows there are is a number that goes up and down by date. A dump sets it from its date to the next dump that
 * speaks of the rows' day, and takes back what its date had said before of days that it does not speak of; what comes with a
 * date that is no dump goes on top. From the number follow the rows: of equal ones those that came last are gone first.
 */
import { storedTable } from "../contract/stored.ts";
import type { Table } from "../contract/table.ts";
import { tablePrefix } from "../landing/landing.ts";
import { LOAD_DATE } from "./cumulative.ts";
import { type Dialect, sqlType } from "./dialect.ts";

/** The date of the first dump without the row; NULL: the newest that speaks of its day has it. */
export const GONE_DATE = "gone_dt";
/** The date of a dump. */
export const DUMP_DATE = "dump_dt";
/** The first day that a dump says anything of: sources keep their rows for some time only. NULL of one without a row. */
export const DUMP_SINCE = "since_dt";
/** What that was when the date came before; earlier than any day where it came as another thing than a dump; else NULL. */
export const SINCE_BEFORE = "since_before_dt";
/** Of a day: the date of the next dump that speaks of it; NULL: there is none, and the dump's rows are those of the day. */
export const NEXT_DUMP = "next_dump_dt";

/** The relations that {@link dumpChangesSql} and {@link dumpHistorySql} read. */
export const dumpHistorySources = ({ name }: Pick<Table, "name">) => ({
  /** The rows of all dates: the stored columns, their file, {@link LOAD_DATE} and {@link GONE_DATE}. */
  known: `${name}_known`,
  /** The accepted rows of the dump: the stored columns and their file. */
  dump: `${name}_dump`,
  /** One row: {@link DUMP_DATE}, {@link DUMP_SINCE}, {@link SINCE_BEFORE}. */
  now: `${name}_now`,
  /** What {@link dumpChangesSql} has found. */
  changes: `${name}_changes`,
  /** Each day of `changes` once, with {@link DUMP_DATE} and {@link NEXT_DUMP}. */
  days: `${name}_days`,
});

/**
 * @returns a SELECT of the rows that there are more or fewer of from the dump's date on: the stored columns, how many more
 * (`history_step`), and a file of the dump with such a row
 * @param file the column with the file that a row came with
 */
export function dumpChangesSql(table: Table, dialect: Dialect, file: string): string {
  const { known, dump, now } = dumpHistorySources(table);
  const { day, columns, of } = columnsOf(table);
  return `SELECT ${columns}, SUM(history_step) AS history_step, MIN(history_file) AS history_file
FROM (
  SELECT ${of("k")},
    -- Of a day that the dump does not speak of, what was known just before its date goes on.
    CASE WHEN k.${day} >= n.${DUMP_SINCE} THEN 0 WHEN k.${LOAD_DATE} < n.${DUMP_DATE} THEN 1 ELSE 0 END
    - CASE WHEN k.${GONE_DATE} IS NULL OR k.${GONE_DATE} > n.${DUMP_DATE} THEN 1 ELSE 0 END AS history_step,
    CAST(NULL AS ${sqlType("string", dialect)}) AS history_file
  FROM ${known} k CROSS JOIN ${now} n
  WHERE (k.${day} >= n.${DUMP_SINCE} OR k.${day} >= n.${SINCE_BEFORE})
    AND k.${LOAD_DATE} <= n.${DUMP_DATE} AND (k.${GONE_DATE} IS NULL OR k.${GONE_DATE} >= n.${DUMP_DATE})
  UNION ALL
  SELECT ${of("d")}, 1 AS history_step, d.${file} AS history_file
  FROM ${dump} d
) both_sides
GROUP BY ${columns}
HAVING SUM(history_step) <> 0`;
}

/** All whole numbers between two, both included, each as a row. */
const numbers = ({ name }: Dialect, from: string, to: string) =>
  name === "spark"
    ? `EXPLODE(SEQUENCE(CAST(${from} AS BIGINT), CAST(${to} AS BIGINT)))`
    : `UNNEST(GENERATE_SERIES(CAST(${from} AS BIGINT), CAST(${to} AS BIGINT)))`;

/**
 * @returns a SELECT of all rows of the days, as their history is now: the columns of {@link dumpHistorySources}.known
 * @param file of equal rows of one date any one's; of a row whose first dump was corrected since, the folder of the dump that
 * it is now known from: nobody has noted its file
 */
export function dumpHistorySql(table: Table, dialect: Dialect, file: string): string {
  const { known, changes, days } = dumpHistorySources(table);
  const { day, columns, of } = columnsOf(table);
  const text = sqlType("string", dialect);
  const noFile = `CAST(NULL AS ${text})`;
  const [start, end] = tablePrefix(table.name, "|").split("|");
  const folder = `CONCAT('${start}', CAST(history_at AS ${text}), '${end}')`;
  return `WITH steps AS (
  SELECT ${of("k")}, k.${LOAD_DATE} AS history_at, 1 AS history_step, k.${file} AS history_file, ${noFile} AS history_new
  FROM ${known} k JOIN ${days} t ON t.${day} = k.${day}
  UNION ALL
  SELECT ${of("k")}, k.${GONE_DATE} AS history_at, -1 AS history_step, ${noFile} AS history_file, ${noFile} AS history_new
  FROM ${known} k JOIN ${days} t ON t.${day} = k.${day}
  WHERE k.${GONE_DATE} IS NOT NULL
  UNION ALL
  SELECT ${of("c")}, t.${DUMP_DATE} AS history_at, c.history_step, ${noFile} AS history_file, c.history_file AS history_new
  FROM ${changes} c JOIN ${days} t ON t.${day} = c.${day}
  UNION ALL
  SELECT ${of("c")}, t.${NEXT_DUMP} AS history_at, -c.history_step AS history_step, ${noFile} AS history_file, ${noFile} AS history_new
  FROM ${changes} c JOIN ${days} t ON t.${day} = c.${day}
  WHERE t.${NEXT_DUMP} IS NOT NULL
),
moments AS (
  SELECT ${columns}, history_at, SUM(history_step) AS history_step,
    COALESCE(MIN(history_new), MIN(history_file), ${folder}) AS ${file}
  FROM steps
  GROUP BY ${columns}, history_at
  HAVING SUM(history_step) <> 0
),
levels AS (  -- so many equal rows from then on
  SELECT ${columns}, history_at, history_step, ${file},
    SUM(history_step) OVER (PARTITION BY ${columns} ORDER BY history_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS history_held
  FROM moments
),
borders AS (  -- the first of them, the second, and so on: each comes and goes by itself
  SELECT ${columns}, history_at, history_step, ${file},
    ${numbers(dialect, "LEAST(history_held, history_held - history_step) + 1", "GREATEST(history_held, history_held - history_step)")} AS history_copy
  FROM levels
),
runs AS (
  SELECT ${columns}, history_at AS ${LOAD_DATE}, history_step, ${file},
    LEAD(history_at) OVER (PARTITION BY ${columns}, history_copy ORDER BY history_at) AS ${GONE_DATE}
  FROM borders
)
SELECT ${columns}, ${file}, ${LOAD_DATE}, ${GONE_DATE}
FROM runs
WHERE history_step > 0`;
}

function columnsOf(table: Table) {
  const day = table.dated?.column;
  if (day === undefined) throw new TypeError(`${table.name} has no dated column`);
  const names = storedTable(table).columnNames;
  return {
    day,
    columns: names.join(", "),
    of: (alias: string) => names.map((name) => `${alias}.${name}`).join(", "),
  };
}
