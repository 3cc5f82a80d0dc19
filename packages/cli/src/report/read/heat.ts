/** A share by group and period: the groups that are worst in the shown period, all others as one row. */
import { aggregateSql } from "@sales-etl/etl-core/sql";
import { quoted, type Row } from "../../engine/duckdb.ts";
import { factRows, type Groups, groupsOf, type Reading, withPart } from "./rows.ts";

export interface HeatRow {
  readonly label: string;
  /** By period; a period without rows of the group has none. */
  readonly cells: ReadonlyMap<number, Row>;
}

export interface Heat {
  readonly title: string;
  readonly share: string;
  readonly periods: readonly number[];
  readonly rows: readonly HeatRow[];
  readonly rest: HeatRow | null;
  readonly restCount: number;
}

/** A quarter of weeks, and as many groups as fit on a page. */
const PERIODS = 13;
const GROUPS = 12;

function rowsOf(groups: Groups, cells: readonly Row[], period: string): Omit<Heat, "title" | "share" | "periods"> {
  const of = (part: string | null, label: string): HeatRow => ({
    label,
    cells: new Map(cells.filter((cell) => cell.part === part).map((cell) => [Number(cell[period]), cell])),
  });
  return {
    rows: groups.rows.map(({ part, label }) => of(String(part), String(label))),
    rest: groups.rest === null ? null : of(null, "all others"),
    restCount: groups.restCount,
  };
}

/** @param periods those drawn, oldest first; the last is the shown one */
export async function readHeats(reading: Reading, drawn: readonly number[]): Promise<Heat[]> {
  const { engine, dataset, plan } = reading;
  const { period } = dataset.fact.calendar;
  if (plan.heat === null) return [];
  const { share } = plan.heat;
  const fact = plan.factOf([share]);
  const periods = drawn.slice(-PERIODS);
  const rows = factRows(reading, periods);
  if (rows === null) return [];
  const heats: Heat[] = [];
  for (const { key, column } of plan.heat.by) {
    // One pass over the rows; what follows reads the few that are left.
    const table = `heat_${key}`;
    await engine.run(`CREATE TEMP TABLE ${table} AS ${aggregateSql(fact, `(${rows})`, [period, key])}`);
    const relation = `(SELECT * FROM ${table} WHERE ${period} = ${periods.at(-1)})`;
    const order = `${share} DESC NULLS LAST`;
    const groups = await groupsOf(reading, { fact, relation, key, column, order, limit: GROUPS });
    const parts = groups.rows.map(({ part }) => quoted(String(part))).join(", ");
    const named = `(SELECT * REPLACE (CASE WHEN part IN (${parts}) THEN part END AS part) FROM (${withPart(reading, table, key, column)}))`;
    const cells = await engine.rows(aggregateSql(fact, named, [period, "part"]));
    heats.push({ title: groups.title, share, periods, ...rowsOf(groups, cells, period) });
  }
  return heats;
}
