/** What the report shows, read from the published state. Numbers stay decimal text until they are drawn. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Dataset } from "@sales-etl/etl-core/contract";
import type { Measure } from "@sales-etl/etl-core/measures";
import { aggregateMeasures, aggregateSql } from "@sales-etl/etl-core/sql";
import type { DateReport } from "@sales-etl/etl-core/validate";
import { type Engine, openEngine, quoted, type Row } from "../engine/duckdb.ts";
import { requirePublished } from "../engine/reader.ts";
import { overParquet, snapshotViews, view } from "../engine/relations.ts";
import type { Published } from "../engine/state.ts";

export interface PeriodDays {
  readonly period: number;
  readonly first: string;
  readonly last: string;
  /** Days of the period, and how many of them are published. */
  readonly days: number;
  readonly published: number;
}

export interface KeyTable {
  readonly key: string;
  /** Title of the table that describes the key, else its name. */
  readonly title: string;
  /** Best first by the first sum: `label` and the measures. */
  readonly rows: readonly Row[];
  readonly total: number;
}

export interface ReportData {
  readonly state: Published;
  /** Those that can be added over keys, and the ratios of them. */
  readonly measures: readonly Measure[];
  /** The newest period with rows; null before the first. */
  readonly shown: PeriodDays | null;
  readonly before: Row | null;
  /** All periods, oldest first; the shown one is among them. */
  readonly totals: readonly Row[];
  readonly tables: readonly KeyTable[];
  readonly quarantine: readonly Row[];
  readonly quarantined: number;
  /** The dates whose last delivery was not accepted. */
  readonly refused: readonly DateReport[];
  readonly lastDate: string;
}

const ROWS_SHOWN = 10;
const REJECTS_SHOWN = 20;

async function shownPeriod(engine: Engine, dataset: Dataset, state: Published): Promise<PeriodDays> {
  const { table, date, period } = dataset.fact.calendar;
  const newest = await engine.value(`SELECT MAX(${period}) FROM fact`);
  const dates = Object.keys(state.dates).map((day) => `DATE ${quoted(day)}`);
  const [row] = await engine.rows(
    `SELECT MIN(${date}) AS first, MAX(${date}) AS last, COUNT(*) AS days, COUNT(*) FILTER (${date} IN (${dates.join(", ")})) AS published
     FROM ${table} WHERE ${period} = ${newest}`,
  );
  return {
    period: Number(newest),
    first: String(row?.first),
    last: String(row?.last),
    days: Number(row?.days),
    published: Number(row?.published),
  };
}

async function keyTables(engine: Engine, dataset: Dataset, period: number): Promise<KeyTable[]> {
  const { fact, tables } = dataset;
  const best = fact.measures.find(({ kind }) => kind === "sum")?.name ?? fact.calendar.period;
  await view(engine, "fact_of_period", `SELECT * FROM fact WHERE ${fact.calendar.period} = ${period}`);
  const result: KeyTable[] = [];
  for (const key of fact.keys) {
    const described = tables.find(
      (table) => table.load === "snapshot" && table.key?.length === 1 && table.key[0] === key,
    );
    const label =
      described?.label == null
        ? `CAST(f.${key} AS VARCHAR)`
        : `COALESCE(d.${described.label}, CAST(f.${key} AS VARCHAR))`;
    const join = described === undefined ? "" : `LEFT JOIN ${described.name} d ON d.${key} = f.${key}`;
    const rows = await engine.rows(
      `SELECT ${label} AS label, f.* FROM (${aggregateSql(fact, "fact_of_period", [key], { onePeriod: true })}) f ${join} ORDER BY f.${best} DESC, f.${key}`,
    );
    result.push({ key, title: described?.title ?? key, rows: rows.slice(0, ROWS_SHOWN), total: rows.length });
  }
  return result;
}

async function refusedDates(warehouse: string, state: Published): Promise<DateReport[]> {
  // The newest report of an accepted date is the one it was accepted with.
  const refused = Object.entries(state.reports).filter(([date, file]) => state.dates[date]?.report !== file);
  const reports = await Promise.all(
    refused.map(
      async ([, file]) => JSON.parse(await readFile(path.join(warehouse, ...file.split("/")), "utf8")) as DateReport,
    ),
  );
  return reports.sort((a, b) => (a.businessDate < b.businessDate ? -1 : 1));
}

type Periods = Pick<ReportData, "shown" | "before" | "totals" | "tables">;

const nothing: Periods = { shown: null, before: null, totals: [], tables: [] };

/** @param read the SELECT of all published rows of the fact */
async function readPeriods(engine: Engine, dataset: Dataset, state: Published, read: string): Promise<Periods> {
  const { period } = dataset.fact.calendar;
  await view(engine, "fact", read);
  const shown = await shownPeriod(engine, dataset, state);
  const totals = await engine.rows(`SELECT * FROM (${aggregateSql(dataset.fact, "fact", [period])}) ORDER BY 1`);
  const at = totals.findIndex((row) => Number(row[period]) === shown.period);
  return {
    shown,
    before: totals[at - 1] ?? null,
    totals: totals.slice(0, at + 1),
    tables: await keyTables(engine, dataset, shown.period),
  };
}

/** @throws {SalesEtlError} NOTHING_PUBLISHED */
export async function readReportData(dataset: Dataset, warehouse: string): Promise<ReportData> {
  const state = await requirePublished(dataset, warehouse);
  const { fact } = dataset;
  const engine = await openEngine(":memory:");
  try {
    const facts = Object.values(state.fact);
    const read = facts.length === 0 ? null : overParquet(warehouse, facts);
    const hasRows = read !== null && (await engine.value(`SELECT COUNT(*) FROM (${read})`)) !== "0";
    await snapshotViews(engine, dataset, warehouse, state.dates);
    const periods = hasRows ? await readPeriods(engine, dataset, state, read) : nothing;
    const rejects = Object.values(state.dates).flatMap(({ quarantine }) => quarantine ?? []);
    const quarantine =
      rejects.length === 0
        ? []
        : await engine.rows(
            `SELECT * FROM (${overParquet(warehouse, rejects)}) ORDER BY business_date DESC, file, line LIMIT ${REJECTS_SHOWN}`,
          );
    return {
      state,
      measures: aggregateMeasures(fact, true),
      ...periods,
      quarantine,
      quarantined: Object.values(state.dates).reduce((sum, { rowsRejected }) => sum + rowsRejected, 0),
      refused: await refusedDates(warehouse, state),
      lastDate: Object.keys(state.dates).sort().at(-1) ?? "",
    };
  } finally {
    engine.close();
  }
}
