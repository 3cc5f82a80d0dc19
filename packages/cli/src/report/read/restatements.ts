/** Periods that were published before and have other numbers now: which run did it, why, and the totals before and after. */
import path from "node:path";
import type { Measure } from "@sales-etl/etl-core/measures";
import { type Engine, literalPath, quoted, type Row } from "../../engine/duckdb.ts";
import { type Published, type RunRecord, readKept } from "../../engine/state.ts";
import type { Reading } from "./rows.ts";

export interface Restatement {
  readonly period: number;
  readonly runId: string;
  readonly publishedAt: string;
  /** Who ran it; null of a run that did not record it. */
  readonly by: string | null;
  /** The dates that were delivered again, or whose rows came late; none for a rollback. */
  readonly dates: readonly string[];
  readonly cause: "delivered again" | "late rows" | "rollback";
  /** By measure; null where the version is not kept any more. */
  readonly before: Row | null;
  readonly after: Row | null;
}

export interface Restatements {
  readonly rows: readonly Restatement[];
  /** How many there are in all. */
  readonly count: number;
  readonly measures: readonly Measure[];
}

const SHOWN = 8;

interface Found extends Omit<Restatement, "before" | "after"> {
  readonly earlier: RunRecord;
  readonly run: RunRecord;
}

/**
 * A period grows while its days come: that is no restatement. It is one where a date that was accepted before was
 * loaded again, or where rows of a date belong to a period that the date does not lie in.
 */
function restatementsOf(runs: readonly RunRecord[], periodOf: ReadonlyMap<string, number>): Found[] {
  const accepted = new Set<string>();
  const published = new Set<number>();
  const found: Found[] = [];
  for (const [index, run] of runs.entries()) {
    const earlier = runs[index - 1];
    const loaded = run.dates.filter(({ verdict }) => verdict === "accepted");
    if (earlier !== undefined) {
      const { runId, publishedAt, by = null } = run;
      for (const period of new Set(loaded.flatMap(({ periods }) => periods))) {
        if (!published.has(period)) continue;
        const touching = loaded.filter(({ periods }) => periods.includes(period));
        const again = touching.filter(({ businessDate }) => accepted.has(businessDate));
        const late = touching.filter(({ businessDate }) => periodOf.get(businessDate) !== period);
        const why = again.length > 0 ? again : late;
        if (why.length === 0) continue;
        const cause = again.length > 0 ? "delivered again" : "late rows";
        found.push({
          period,
          runId,
          publishedAt,
          by,
          cause,
          dates: why.map((date) => date.businessDate),
          earlier,
          run,
        });
      }
    }
    for (const { businessDate, periods } of loaded) {
      accepted.add(businessDate);
      for (const period of periods) published.add(period);
    }
  }
  return found;
}

type StateOf = (runId: string) => Promise<Published | null>;

/** The periods that a rollback changed; of versions that are not kept any more it is unknown. */
async function rolledBack(runs: readonly RunRecord[], stateOf: StateOf): Promise<Found[]> {
  const found: Found[] = [];
  for (const [index, run] of runs.entries()) {
    const earlier = runs[index - 1];
    if (run.kind !== "rollback" || earlier === undefined) continue;
    const [before, after] = [await stateOf(earlier.runId), await stateOf(run.runId)];
    if (before === null || after === null) continue;
    const { runId, publishedAt, by = null } = run;
    for (const period of Object.keys({ ...before.fact, ...after.fact })) {
      if (before.fact[period] === after.fact[period]) continue;
      found.push({ period: Number(period), runId, publishedAt, by, cause: "rollback", dates: [], earlier, run });
    }
  }
  return found;
}

async function totalsOf(engine: Engine, warehouse: string, state: Published | null, found: Found, sums: string) {
  const file = state?.fact[found.period];
  if (file === undefined) return null;
  const source = literalPath(path.join(path.resolve(warehouse), ...file.split("/")));
  const [row] = await engine.rows(`SELECT ${sums} FROM read_parquet(${source}, hive_partitioning = false)`);
  return row ?? null;
}

async function periodsOfDates({ engine, dataset }: Reading, dates: readonly string[]) {
  const { table, date, period } = dataset.fact.calendar;
  const list = dates.map((one) => `DATE ${quoted(one)}`).join(", ") || "NULL";
  const rows = await engine.rows(`SELECT ${date} AS day, ${period} AS period FROM ${table} WHERE ${date} IN (${list})`);
  return new Map(rows.map(({ day, period: of }) => [String(day), Number(of)]));
}

/** The newest first; totals of the headline sums. */
export async function readRestatements(reading: Reading): Promise<Restatements> {
  const { engine, dataset, plan, state, warehouse } = reading;
  const measures = plan.headlines.map(({ measure }) => measure).filter(({ kind }) => kind === "sum");
  const sums = measures.map(({ name }) => `SUM(${name}) AS ${name}`).join(", ");
  const dates = state.runs.flatMap((run) => run.dates.map(({ businessDate }) => businessDate));
  const stateOf: StateOf = async (runId) => (runId === state.runId ? state : readKept(warehouse, dataset.name, runId));
  const all = [
    ...restatementsOf(state.runs, await periodsOfDates(reading, [...new Set(dates)])),
    ...(await rolledBack(state.runs, stateOf)),
  ].sort((a, b) => (a.runId < b.runId ? 1 : a.runId > b.runId ? -1 : b.period - a.period));
  const rows: Restatement[] = [];
  for (const found of measures.length === 0 ? [] : all.slice(0, SHOWN)) {
    const { earlier, run, ...restatement } = found;
    rows.push({
      ...restatement,
      before: await totalsOf(engine, warehouse, await stateOf(earlier.runId), found, sums),
      after: await totalsOf(engine, warehouse, await stateOf(run.runId), found, sums),
    });
  }
  return { rows, count: all.length, measures };
}
