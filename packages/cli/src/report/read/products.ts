/** What is soonest gone, and where most was lost: with the parts behind each row. */
import type { Fact } from "@sales-etl/etl-core/measures";
import { dailySql } from "@sales-etl/etl-core/sql";
import { quoted, type Row } from "../../engine/duckdb.ts";
import { view } from "../../engine/relations.ts";
import { type PeriodDays, SHOWN } from "./periods.ts";
import { type Groups, groupsOf, labelsOf, partsOfEach, type Reading } from "./rows.ts";

export interface Scarce {
  readonly title: string;
  readonly rows: readonly Row[];
  /** By the other key, for each row; null where the fact has none. */
  readonly parts: readonly (Groups | null)[];
  /** What the middle one of those that sold sold: the least that counts as sold well. */
  readonly middle: string;
  /** How many sold at least as much. */
  readonly count: number;
}

export interface Loss {
  readonly row: Row;
  /** In the order of the fact's keys. */
  readonly labels: readonly string[];
  /** The daily base of the period, by day. */
  readonly days: readonly Row[];
}

export interface Losses {
  readonly rows: readonly Loss[];
  /** How many rows have any. */
  readonly count: number;
}

const ROWS = 10;
const PARTS = 6;

export async function readScarce(reading: Reading): Promise<Scarce | null> {
  const { engine, plan } = reading;
  const { scarce } = plan;
  if (scarce === null) return null;
  const { key, sold, cover } = scarce;
  const fact = plan.factOf([sold, cover, ...scarce.columns]);
  const sums = `(SELECT ${key}, SUM(${sold}) AS sold FROM ${SHOWN} GROUP BY 1 HAVING SUM(${sold}) > 0)`;
  const middle = String((await engine.value(`SELECT QUANTILE_DISC(sold, 0.5) FROM ${sums}`)) ?? "0");
  const well = `(SELECT f.* FROM ${SHOWN} f WHERE f.${key} IN (SELECT ${key} FROM ${sums} WHERE sold >= ${middle}))`;
  const found = await groupsOf(reading, {
    ...{ fact, relation: well, key, column: null, limit: ROWS },
    order: `${cover} NULLS LAST, ${sold} DESC`,
  });
  const rows = found.rows.filter((row) => row[cover] !== null);
  const parts = await partsOfEach(
    reading,
    { fact, relation: SHOWN, key, order: `${sold} DESC NULLS LAST`, limit: PARTS },
    rows.map(({ part }) => String(part)),
  );
  const count = found.rows.length + found.restCount;
  return { title: found.title, rows, parts, middle, count };
}

/** The rows of the fact with the most of the measure, each with its days. */
export async function readLosses(reading: Reading, shown: PeriodDays): Promise<Losses | null> {
  const { engine, dataset, plan } = reading;
  if (plan.losses === null) return null;
  const { keys } = dataset.fact;
  const { measure } = plan.losses;
  const found = await engine.rows(
    `SELECT * FROM ${SHOWN} WHERE ${measure} > 0 ORDER BY ${measure} DESC, ${keys.join(", ")} LIMIT ${ROWS}`,
  );
  const count = Number(await engine.value(`SELECT COUNT(*) FROM ${SHOWN} WHERE ${measure} > 0`));
  const labels = await Promise.all(
    keys.map((key) =>
      labelsOf(
        reading,
        key,
        found.map((row) => String(row[key])),
      ),
    ),
  );
  const days = found.length === 0 ? [] : await daysOf(reading, shown, found);
  const same = (a: Row, b: Row) => keys.every((key) => a[key] === b[key]);
  return {
    count,
    rows: found.map((row) => ({
      row,
      labels: keys.map((key, index) => labels[index]?.get(String(row[key])) ?? String(row[key])),
      days: days.filter((day) => same(day, row)),
    })),
  };
}

async function daysOf(reading: Reading, shown: PeriodDays, rows: readonly Row[]): Promise<readonly Row[]> {
  const { engine, dataset, source } = reading;
  const { calendar, keys }: Fact = dataset.fact;
  const picked = rows.map((row) => `(${keys.map((key) => quoted(String(row[key]))).join(", ")})`).join(", ");
  await source.viewDays(engine, shown);
  for (const { name } of dataset.tables.filter(({ load }) => load === "delta")) {
    const columns = keys.map((key) => `CAST(r.${key} AS VARCHAR)`).join(", ");
    await view(engine, `picked_${name}`, `SELECT * FROM ${name} r WHERE (${columns}) IN (VALUES ${picked})`);
  }
  const sql = dailySql(dataset, {
    periods: `(SELECT ${shown.period} AS ${calendar.period})`,
    relation: (table) => (describedByDay(reading, table) ? `picked_${table}` : table),
  });
  return engine.rows(`SELECT * FROM (${sql}) ORDER BY day`);
}

const describedByDay = ({ dataset }: Reading, table: string): boolean =>
  dataset.tables.some(({ name, load }) => name === table && load === "delta");
