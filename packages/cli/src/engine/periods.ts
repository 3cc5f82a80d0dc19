/** Which periods a run must compute again. */
import { type Dataset, tableOf } from "@sales-etl/etl-core/contract";
import { datedTables } from "@sales-etl/etl-core/measures";
import { changedDays } from "./cumulative.ts";
import { type Engine, quoted, type Row } from "./duckdb.ts";
import { newestSnapshot, overFiles } from "./relations.ts";
import type { LoadedDate } from "./state.ts";

const asPeriod = (row: Row): number => Number(row.period);

/** @param days a list or a sub-query of days, as it may stand in IN (...) */
async function periodsOfDays(engine: Engine, { fact: { calendar } }: Dataset, days: string): Promise<number[]> {
  const rows = await engine.rows(
    `SELECT DISTINCT ${calendar.period} AS period FROM ${calendar.table} WHERE ${calendar.date} IN (${days}) ORDER BY 1`,
  );
  return rows.map(asPeriod);
}

/**
 * The periods in which the date's rows lie, by the calendar view.
 * @param files of a table's rows that count
 */
export async function periodsOf(
  engine: Engine,
  dataset: Dataset,
  warehouse: string,
  date: LoadedDate,
  files: (table: string, date: LoadedDate) => readonly string[] = rowFiles,
): Promise<number[]> {
  const days = datedTables(dataset.fact).flatMap(({ table, date: column }) => {
    const own = files(table, date);
    return own.length === 0
      ? []
      : [`SELECT DISTINCT ${column} AS day FROM (${overFiles(warehouse, tableOf(dataset, table), own)})`];
  });
  return days.length === 0 ? [] : periodsOfDays(engine, dataset, days.join(" UNION ALL "));
}

const rowFiles = (table: string, { tables }: LoadedDate): readonly string[] => {
  const file = tables[table];
  return file === undefined ? [] : [file];
};

/** Of tables that come by days alone: all rows that came are new. */
export const deltaFiles = (table: string, date: LoadedDate): readonly string[] =>
  date.dumps?.[table] === undefined ? rowFiles(table, date) : [];

/** Of tables with dumps: what the date added and took away. */
export const dumpFiles = (table: string, { dumps }: LoadedDate): readonly string[] => {
  const dump = dumps?.[table];
  return dump === undefined ? [] : [dump.added, ...(dump.gone === null ? [] : [dump.gone.file])];
};

/** The periods that have other rows than before in tables with dumps. */
export async function dumpPeriods(
  engine: Engine,
  dataset: Dataset,
  warehouse: string,
  before: Readonly<Record<string, LoadedDate>>,
  after: Readonly<Record<string, LoadedDate>>,
): Promise<number[]> {
  const days = new Set<string>();
  for (const { table } of datedTables(dataset.fact)) {
    if (!Object.values(after).some(({ dumps }) => dumps?.[table] !== undefined)) continue;
    for (const day of await changedDays(engine, warehouse, tableOf(dataset, table), before, after)) days.add(day);
  }
  const list = [...days].map((day) => `DATE ${quoted(day)}`).join(", ");
  return list === "" ? [] : periodsOfDays(engine, dataset, list);
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
