/** Which periods a run must compute again. */
import { type Dataset, tableOf } from "@sales-etl/etl-core/contract";
import { datedTables } from "@sales-etl/etl-core/measures";
import type { Engine, Row } from "./duckdb.ts";
import { newestSnapshot, overFiles } from "./relations.ts";
import type { LoadedDate } from "./state.ts";

const asPeriod = (row: Row): number => Number(row.period);

/** The periods in which the date's rows lie, by the calendar view. */
export async function periodsOf(
  engine: Engine,
  dataset: Dataset,
  warehouse: string,
  date: LoadedDate,
): Promise<number[]> {
  const { calendar } = dataset.fact;
  const days = datedTables(dataset.fact).map(({ table, date: column }) => {
    const file = date.tables[table];
    return `SELECT ${column} AS day FROM (${overFiles(warehouse, tableOf(dataset, table), file === undefined ? [] : [file])})`;
  });
  const rows = await engine.rows(
    `SELECT DISTINCT c.${calendar.period} AS period FROM ${calendar.table} c
     WHERE c.${calendar.date} IN (${days.join(" UNION ALL ")}) ORDER BY 1`,
  );
  return rows.map(asPeriod);
}

/** The periods whose days the newest calendar counts differently from the published one. */
export async function movedPeriods(
  engine: Engine,
  dataset: Dataset,
  warehouse: string,
  before: Readonly<Record<string, LoadedDate>>,
  after: Readonly<Record<string, LoadedDate>>,
): Promise<number[]> {
  const { table, date, period } = dataset.fact.calendar;
  const [old, now] = [newestSnapshot(before, table), newestSnapshot(after, table)];
  if (old === null || now === null || old === now) return [];
  const days = (file: string) =>
    `SELECT ${date}, ${period} AS period FROM (${overFiles(warehouse, tableOf(dataset, table), [file])})`;
  const rows = await engine.rows(
    `SELECT DISTINCT period FROM ((${days(old)} EXCEPT ${days(now)}) UNION ALL (${days(now)} EXCEPT ${days(old)})) ORDER BY 1`,
  );
  return rows.map(asPeriod);
}
