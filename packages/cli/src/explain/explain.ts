/** Where the numbers of one cell of the fact come from: its days, its rows, their files and lines. */
import type { Dataset } from "@sales-etl/etl-core/contract";
import { SalesEtlError } from "@sales-etl/etl-core/errors";
import type { BusinessDate } from "@sales-etl/etl-core/landing";
import { folderLanding } from "@sales-etl/etl-core/landing/folder";
import { datedTables, explainMeasure, type Measure, partsOf } from "@sales-etl/etl-core/measures";
import { dailySql, dimensionName } from "@sales-etl/etl-core/sql";
import { acceptedGaps } from "../engine/accepted-gaps.ts";
import { quoted, type Row } from "../engine/duckdb.ts";
import type { ReadOnly } from "../engine/read-only.ts";
import { calculationOf } from "./calculation.ts";
import { type Cell, factRow, type GrainColumn, grainOf, isOfCell, labelsOf } from "./cell.ts";
import { isSaidAgain } from "./dumps.ts";
import { type Sources, sourcesOf } from "./rows.ts";
import type { ExplainedState } from "./state.ts";

export interface ExplainedMeasure {
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  /** As published; null is unknown. */
  readonly value: string | null;
  /** In words. */
  readonly formula: string;
  readonly why: string | null;
  /** What each day adds, with its numbers. */
  readonly days: readonly { readonly day: string; readonly text: string }[];
  /** The formula with the numbers in it, to be followed by hand to the value. */
  readonly calculation: string;
  /** The measures that it is computed from; they are explained, too. */
  readonly parts: readonly string[];
}

export interface Explanation extends Sources {
  readonly dataset: string;
  readonly fact: string;
  readonly runId: string;
  readonly publishedAt: string;
  readonly cell: Cell;
  /** What people call the keys. */
  readonly labels: Readonly<Record<string, string>>;
  readonly period: { readonly first: string; readonly last: string; readonly days: readonly string[] };
  readonly measures: readonly ExplainedMeasure[];
  /** The daily base: one row a day that sold something or has a stock row. */
  readonly days: readonly Row[];
  /** What is to be known of the week: days that are not published, gaps that somebody accepted. */
  readonly notes: readonly string[];
}

export interface ExplainArgs {
  /** Of the relations that people ask. */
  readonly reader: ReadOnly;
  readonly state: ExplainedState;
  readonly dataset: Dataset;
  readonly warehouse: string;
  readonly cell: Cell;
  /** Only this one, with the measures that it is computed from. @default all */
  readonly measure?: string;
  /** Where the files lie now. @default where each date was loaded from */
  readonly landing?: string;
}

/** The measure and what it is computed from, in the order of the fact. */
function measuresFor({ fact }: Dataset, name: string | undefined): readonly Measure[] {
  if (name === undefined) return fact.measures;
  const wanted = new Set<string>();
  const add = (one: string) => {
    const measure = fact.measures.find((other) => other.name === one);
    if (measure === undefined) {
      const names = fact.measures.map((other) => other.name).join(", ");
      throw new SalesEtlError(`${fact.name} has no measure ${one}: ${names}`, { code: "USAGE", path: "--measure" });
    }
    wanted.add(one);
    for (const part of partsOf(measure)) add(part);
  };
  add(name);
  return fact.measures.filter((measure) => wanted.has(measure.name));
}

/** The days of the cell's period, by the newest calendar. */
async function periodDays(reader: ReadOnly, dataset: Dataset, period: GrainColumn, cell: Cell): Promise<string[]> {
  const { calendar } = dataset.fact;
  const rows = await reader.rows(
    `SELECT DISTINCT CAST(${calendar.date} AS VARCHAR) AS day FROM ${dimensionName({ name: calendar.table })} WHERE ${isOfCell([period], cell)} ORDER BY 1`,
  );
  return rows.map(({ day }) => String(day));
}

/** The rows of the daily base: the fact's own SQL over the rows of this cell alone. */
function dailyRows(args: ExplainArgs, grain: readonly GrainColumn[], days: readonly string[]) {
  const { dataset, cell } = args;
  const { calendar } = dataset.fact;
  const [first, last] = [quoted(days[0] ?? ""), quoted(days.at(-1) ?? "")];
  const dated = new Map(datedTables(dataset.fact).map(({ table, date }) => [table, date]));
  const sql = dailySql(dataset, {
    periods: `(SELECT DISTINCT ${calendar.period} FROM ${dataset.fact.name} WHERE ${isOfCell(grain.slice(0, 1), cell)})`,
    relation: (table) =>
      dated.has(table)
        ? `(SELECT * FROM ${table} WHERE ${isOfCell(grain.slice(1), cell)} AND ${dated.get(table)} BETWEEN DATE ${first} AND DATE ${last})`
        : dimensionName({ name: table }),
  });
  return args.reader.rows(`SELECT * FROM (${sql}) ORDER BY day`);
}

async function notesOf({ state, dataset, warehouse }: ExplainArgs, days: readonly string[]): Promise<string[]> {
  const { dates } = state;
  const notes: string[] = [];
  const known = Object.keys(dates).sort();
  for (const day of days) {
    if (dates[day] === undefined) {
      // A later export of all days holds this one, too.
      const tables = datedTables(dataset.fact).map(({ table }) => table);
      const missing = tables.filter((table) => !isSaidAgain(dates, table, day, ""));
      if (missing.length === 0) continue;
      const what = missing.length === tables.length ? "its rows" : `its rows of ${missing.join(", ")}`;
      const why =
        (await state.refusalOf(day)) ??
        (day > (known.at(-1) ?? "")
          ? "nothing was loaded yet"
          : day < (known[0] ?? "")
            ? "it is before the first date that was loaded"
            : await state.whyMissing(day));
      notes.push(`${day} is not published: ${why}; ${what} are not in these numbers`);
      continue;
    }
    for (const gap of await acceptedGaps(warehouse, dataset, day)) {
      if (await state.lacks(day, gap.table))
        notes.push(`${day} has no ${gap.table}: ${gap.by} accepted that (${gap.reason}); its values are unknown`);
    }
  }
  return notes;
}

/** @throws {SalesEtlError} CELL_NOT_FOUND with values near by */
export async function explainCell(args: ExplainArgs): Promise<Explanation> {
  const { reader, dataset, cell } = args;
  const grain = grainOf(dataset);
  const measures = measuresFor(dataset, args.measure);
  const row = await factRow(reader, dataset, grain, cell);
  const days = await periodDays(reader, dataset, grain[0] as GrainColumn, cell);
  const daily = await dailyRows(args, grain, days);
  const { state } = args;
  const landingOf = (date: BusinessDate) => {
    const folder = args.landing ?? state.dates[date]?.landing ?? null;
    return folder === null ? null : folderLanding(folder);
  };
  const sources = await sourcesOf({ reader, state, dataset, grain, cell, days, landingOf });
  return {
    ...{ dataset: dataset.name, fact: dataset.fact.name, runId: state.runId, publishedAt: state.publishedAt, cell },
    labels: await labelsOf(reader, dataset, grain, cell),
    period: { first: days[0] ?? "", last: days.at(-1) ?? "", days },
    measures: measures.map((measure) => {
      const explained = explainMeasure(dataset.fact, measure, row, daily);
      const value = row[measure.name] ?? null;
      return {
        ...{ name: measure.name, title: measure.title, unit: measure.unit },
        value: value === null ? null : String(value),
        ...{ formula: measure.formula, why: measure.why ?? null, days: explained.days },
        calculation: calculationOf(measure, row, daily, explained.total),
        parts: partsOf(measure),
      };
    }),
    days: daily,
    ...sources,
    notes: await notesOf(args, days),
  };
}
