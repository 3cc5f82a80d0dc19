/** What differs between two states of the fact, period by period: rows, and the totals of what is summed. */
import type { Dataset } from "@sales-etl/etl-core/contract";
import type { Engine } from "../engine/duckdb.ts";
import { type FactFiles, otherPeriods } from "../engine/fact-files.ts";
import { overAbsolute } from "../engine/relations.ts";

/** Before and after; null where there is none: the period is new, or nothing in it is known. */
export interface Change<Value> {
  readonly old: Value | null;
  readonly new: Value | null;
}

export interface PeriodChange {
  readonly period: number;
  readonly rows: Change<number>;
  /** By measure, exact decimals. */
  readonly totals: Readonly<Record<string, Change<string>>>;
  /** A row or a number differs; else the period was only computed again. */
  readonly differs: boolean;
}

/** The measures whose totals say what a change comes to: those that are sums of what moved. */
export const summedMeasures = ({ fact }: Dataset) => fact.measures.filter(({ kind }) => kind === "sum");

interface Totals {
  readonly rows: number;
  readonly totals: Readonly<Record<string, string | null>>;
}

async function totalsOf(
  engine: Engine,
  dataset: Dataset,
  fact: FactFiles,
  periods: readonly string[],
): Promise<ReadonlyMap<string, Totals>> {
  const files = periods.flatMap((period) => fact.get(period) ?? []);
  if (files.length === 0) return new Map();
  const { period } = dataset.fact.calendar;
  const rows = overAbsolute(files);
  const columns = (await engine.rows(`DESCRIBE ${rows}`)).map(({ column_name }) => column_name);
  // Rows that an older contract computed may lack a measure.
  const names = summedMeasures(dataset).flatMap(({ name }) => (columns.includes(name) ? [name] : []));
  const sums = names.map((name) => `, CAST(SUM(${name}) AS VARCHAR) AS ${name}`).join("");
  const found = await engine.rows(
    `SELECT CAST(${period} AS VARCHAR) AS period, COUNT(*) AS counted${sums} FROM (${rows}) GROUP BY 1`,
  );
  return new Map(
    found.map(({ period: of, counted, ...totals }) => [
      String(of),
      { rows: Number(counted), totals: totals as Readonly<Record<string, string | null>> },
    ]),
  );
}

/** Whether the rows of a period are others, in whatever order. */
async function differs(engine: Engine, before: FactFiles, after: FactFiles, period: string): Promise<boolean> {
  const [old, now] = [before.get(period), after.get(period)];
  if (old === undefined || now === undefined) return true;
  const [a, b] = [overAbsolute(old), overAbsolute(now)];
  const shape = async (rows: string) => (await engine.rows(`DESCRIBE ${rows}`)).map(({ column_name }) => column_name);
  if (String(await shape(a)) !== String(await shape(b))) return true;
  const rows = await engine.rows(`SELECT 1 FROM ((${a} EXCEPT ALL ${b}) UNION ALL (${b} EXCEPT ALL ${a})) LIMIT 1`);
  return rows.length > 0;
}

/** @returns the periods whose files differ, in order */
export async function changesOf(
  engine: Engine,
  dataset: Dataset,
  before: FactFiles,
  after: FactFiles,
): Promise<readonly PeriodChange[]> {
  const periods = otherPeriods(before, after);
  const [old, now] = [
    await totalsOf(engine, dataset, before, periods),
    await totalsOf(engine, dataset, after, periods),
  ];
  const changes: PeriodChange[] = [];
  for (const period of periods) {
    const [a, b] = [old.get(period), now.get(period)];
    changes.push({
      period: Number(period),
      rows: { old: a?.rows ?? null, new: b?.rows ?? null },
      totals: Object.fromEntries(
        summedMeasures(dataset).map(({ name }) => [
          name,
          { old: a?.totals[name] ?? null, new: b?.totals[name] ?? null },
        ]),
      ),
      differs: await differs(engine, before, after, period),
    });
  }
  return changes;
}
