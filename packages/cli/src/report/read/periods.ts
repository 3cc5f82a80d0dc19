/** The period shown, its days, and the one before: like for like where the shown one is not whole yet. */
import { SalesEtlError } from "@sales-etl/etl-core/errors";
import { aggregateSql, factSql } from "@sales-etl/etl-core/sql";
import { quoted, type Row } from "../../engine/duckdb.ts";
import { view } from "../../engine/relations.ts";
import { factRows, type Reading } from "./rows.ts";

/** Views and tables of the reading. */
export const SHOWN = "shown_rows";
export const BEFORE = "before_rows";

export interface PeriodDays {
  readonly period: number;
  readonly first: string;
  readonly last: string;
  /** Every day of the period, and those that are published. */
  readonly days: readonly string[];
  readonly published: readonly string[];
}

export interface Before {
  readonly period: number;
  /** The days of it that the shown period is compared with; all of them where that one is whole. */
  readonly days: readonly string[];
  readonly whole: boolean;
  /** How many of those days are published; fewer compare only roughly. */
  readonly published: number;
  readonly row: Row;
}

export interface Periods {
  readonly shown: PeriodDays;
  readonly before: Before | null;
  /** Oldest first; the last one is shown. */
  readonly totals: readonly Row[];
  /** Published periods up to the shown one, the drawn ones among them. */
  readonly count: number;
}

/** Half a year of weeks. */
const DRAWN = 26;

const ascending = (a: number, b: number) => a - b;

async function withRows(reading: Reading): Promise<number[]> {
  const { engine, dataset, source } = reading;
  const { period } = dataset.fact.calendar;
  const all = factRows(reading, [...source.fact.keys()].map(Number));
  if (all === null) return [];
  const rows = await engine.rows(`SELECT DISTINCT ${period} FROM (${all})`);
  return rows.map((row) => Number(row[period])).sort(ascending);
}

function chosenPeriod(reading: Reading, periods: readonly number[], asked: number | null): number | null {
  if (asked === null) return periods.at(-1) ?? null;
  if (periods.includes(asked)) return asked;
  const word = reading.dataset.fact.calendar.word ?? "period";
  const range = periods.length === 0 ? `no ${word} has rows yet` : `published are ${periods[0]} to ${periods.at(-1)}`;
  throw new SalesEtlError(`${word} ${asked} is not published: ${range}`, {
    code: "WEEK_NOT_PUBLISHED",
    path: "--week",
  });
}

async function daysOf({ engine, dataset, source }: Reading, period: number): Promise<PeriodDays> {
  const { table, date, period: column } = dataset.fact.calendar;
  const rows = await engine.rows(`SELECT ${date} AS day FROM ${table} WHERE ${column} = ${period} ORDER BY 1`);
  const days = rows.map(({ day }) => String(day));
  const published = days.filter((day) => source.dates.has(day));
  return { period, first: days[0] ?? "", last: days.at(-1) ?? "", days, published };
}

/** The fact of the period before, from the daily rows of the same days as are published of the shown one. */
async function sameDays(reading: Reading, shown: PeriodDays, before: PeriodDays): Promise<readonly string[]> {
  const { engine, dataset, source, plan } = reading;
  const { calendar } = dataset.fact;
  const days = before.days.filter((_, index) => shown.published.includes(shown.days[index] ?? ""));
  const list = days.map((day) => `DATE ${quoted(day)}`).join(", ") || "NULL";
  await source.viewDays(engine, before);
  await view(engine, "compared_days", `SELECT * FROM ${calendar.table} WHERE ${calendar.date} IN (${list})`);
  // Ratios are computed again from what is added; of the rows only what is added is needed.
  const needed = new Set(plan.fact.measures.map(({ name }) => name));
  const measures = dataset.fact.measures.filter(({ name, kind }) => kind !== "ratio" && needed.has(name));
  const sql = factSql(
    { ...dataset, fact: { ...dataset.fact, measures } },
    {
      periods: `(SELECT ${before.period} AS ${calendar.period})`,
      relation: (table) => (table === calendar.table ? "compared_days" : table),
    },
  );
  const added = Object.entries(plan.added).map(([name, text]) => `, ${text} AS ${name}`);
  await engine.run(`CREATE TEMP TABLE ${BEFORE} AS SELECT *${added.join("")} FROM (${sql})`);
  return days;
}

async function readBefore(reading: Reading, shown: PeriodDays): Promise<Before | null> {
  const { engine, dataset, plan, source } = reading;
  const { table, period } = dataset.fact.calendar;
  const found = await engine.value(`SELECT MAX(${period}) FROM ${table} WHERE ${period} < ${shown.period}`);
  if (found === null || !source.fact.has(String(found))) return null;
  const before = await daysOf(reading, Number(found));
  const whole = shown.published.length === shown.days.length;
  const rows = factRows(reading, [before.period]);
  if (rows === null || before.published.length === 0) return null;
  const days = whole ? before.days : await sameDays(reading, shown, before);
  if (whole) await view(engine, BEFORE, rows);
  if ((await engine.value(`SELECT COUNT(*) FROM ${BEFORE}`)) === "0") return null;
  const [row] = await engine.rows(aggregateSql(plan.fact, BEFORE, [], { onePeriod: true }));
  const published = days.filter((day) => before.published.includes(day)).length;
  return { period: before.period, days, whole, published, row: row ?? {} };
}

/**
 * @param asked a period; null: the newest that has rows
 * @returns null where no period has rows
 * @throws {SalesEtlError} WEEK_NOT_PUBLISHED
 */
export async function readPeriods(reading: Reading, asked: number | null): Promise<Periods | null> {
  const { engine, dataset, plan } = reading;
  const { period } = dataset.fact.calendar;
  const all = await withRows(reading);
  const chosen = chosenPeriod(reading, all, asked);
  if (chosen === null) return null;
  const upTo = all.filter((one) => one <= chosen);
  const drawn = factRows(reading, upTo.slice(-DRAWN)) ?? "";
  const totals = await engine.rows(`SELECT * FROM (${aggregateSql(plan.fact, `(${drawn})`, [period])}) ORDER BY 1`);
  await view(engine, SHOWN, factRows(reading, [chosen]) ?? "");
  const shown = await daysOf(reading, chosen);
  return { shown, before: await readBefore(reading, shown), totals, count: upTo.length };
}
