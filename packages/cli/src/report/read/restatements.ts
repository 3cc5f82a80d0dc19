/** Periods that were published before and have other numbers now: which run did it, why, and the totals before and after. */
import type { Measure } from "@sales-etl/etl-core/measures";
import { type Engine, quoted, type Row } from "../../engine/duckdb.ts";
import { type FactFiles, otherPeriods } from "../../engine/fact-files.ts";
import { overAbsolute } from "../../engine/relations.ts";
import type { PublishedRun } from "../source.ts";
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
  /** Runs that did not record what they restated: they may have more. */
  readonly untold: number;
  readonly measures: readonly Measure[];
}

const SHOWN = 8;

interface Found extends Omit<Restatement, "before" | "after"> {
  /** Its place among the runs. */
  readonly at: number;
}

/**
 * A period grows while its days come: that is no restatement. It is one where a date that was accepted before was
 * loaded again, or where rows of a date belong to a period that the date does not lie in.
 */
function restatementsOf(runs: readonly PublishedRun[], periodOf: ReadonlyMap<string, number>): Found[] {
  const accepted = new Set<string>();
  const published = new Set<number>();
  const found: Found[] = [];
  for (const [index, run] of runs.entries()) {
    const loaded = run.dates.map(({ businessDate, periods }) => ({ businessDate, periods: periods ?? [] }));
    if (index > 0) {
      const { runId, publishedAt, by } = run;
      for (const period of new Set(loaded.flatMap(({ periods }) => periods))) {
        if (!published.has(period)) continue;
        const touching = loaded.filter(({ periods }) => periods.includes(period));
        const again = touching.filter(({ businessDate }) => accepted.has(businessDate));
        const late = touching.filter(({ businessDate }) => periodOf.get(businessDate) !== period);
        const why = again.length > 0 ? again : late;
        if (why.length === 0) continue;
        const cause = again.length > 0 ? "delivered again" : "late rows";
        const dates = why.map((date) => date.businessDate);
        found.push({ period, runId, publishedAt, by, cause, dates, at: index });
      }
    }
    for (const { businessDate, periods } of loaded) {
      accepted.add(businessDate);
      for (const period of periods) published.add(period);
    }
  }
  return found;
}

type FactAfter = (run: number) => Promise<FactFiles | null>;

/** The periods that a rollback changed; of versions that are not kept any more it is unknown. */
async function rolledBack(runs: readonly PublishedRun[], factAfter: FactAfter): Promise<Found[]> {
  const found: Found[] = [];
  for (const [index, run] of runs.entries()) {
    if (run.kind !== "rollback" || index === 0) continue;
    const [before, after] = [await factAfter(index - 1), await factAfter(index)];
    if (before === null || after === null) continue;
    const { runId, publishedAt, by } = run;
    for (const period of otherPeriods(before, after)) {
      found.push({ period: Number(period), runId, publishedAt, by, cause: "rollback", dates: [], at: index });
    }
  }
  return found;
}

async function totalsOf(engine: Engine, fact: FactFiles | null, { period }: Found, sums: string) {
  const files = fact?.get(String(period));
  if (files === undefined) return null;
  const [row] = await engine.rows(`SELECT ${sums} FROM (${overAbsolute(files)})`);
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
  const { engine, plan, source } = reading;
  const { runs } = source;
  const measures = plan.headlines.map(({ measure }) => measure).filter(({ kind }) => kind === "sum");
  const sums = measures.map(({ name }) => `SUM(${name}) AS ${name}`).join(", ");
  const dates = runs.flatMap((run) => run.dates.map(({ businessDate }) => businessDate));
  const all = [
    ...restatementsOf(runs, await periodsOfDates(reading, [...new Set(dates)])),
    ...(await rolledBack(runs, source.factAfter)),
  ].sort((a, b) => b.at - a.at || b.period - a.period);
  const rows: Restatement[] = [];
  for (const found of measures.length === 0 ? [] : all.slice(0, SHOWN)) {
    const { at, ...restatement } = found;
    rows.push({
      ...restatement,
      before: await totalsOf(engine, await source.factAfter(at - 1), found, sums),
      after: await totalsOf(engine, await source.factAfter(at), found, sums),
    });
  }
  const untold = runs.filter((run) => run.dates.some(({ periods }) => periods === null)).length;
  return { rows, count: all.length, untold, measures };
}
