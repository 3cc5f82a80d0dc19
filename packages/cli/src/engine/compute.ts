/** Computes the touched periods of the fact, checks them, and writes one immutable file a period. */
import type { Json } from "@duckdb/node-api";
import { type Dataset, tableOf } from "@sales-etl/etl-core/contract";
import { datedTables } from "@sales-etl/etl-core/measures";
import { CANDIDATE, factSql, qualityChecks, TOUCHED } from "@sales-etl/etl-core/sql";
import { type Engine, quoted } from "./duckdb.ts";
import { type Part, type PeriodDays, partsOf } from "./parts.ts";
import { type Quality, quality } from "./quality.ts";
import { deltaViews, overParquet, snapshotViews, view } from "./relations.ts";
import { fileIn, type LoadedDate, type QualityWarning } from "./state.ts";

/** So many parts are computed at once, each on a connection of its own: much of a statement runs on one core alone. */
const LANES = 2;

export interface ComputeArgs {
  readonly engine: Engine;
  readonly dataset: Dataset;
  readonly warehouse: string;
  readonly runId: string;
  /** All accepted dates, the new ones among them. */
  readonly dates: Readonly<Record<string, LoadedDate>>;
  /** The dates that this run loaded: their rows are checked whether or not they fall in a period. */
  readonly loaded: readonly string[];
  readonly periods: readonly number[];
  /** A part has so many rows at least. */
  readonly partRows: number;
  /** Days have another period than before, or none: every row's day is looked up again, not only those near by. */
  readonly calendarMoved: boolean;
}

export interface ComputedFact {
  readonly files: Readonly<Record<string, string>>;
  readonly warnings: readonly QualityWarning[];
}

/** The rows of all days that are looked at. */
const whole = (table: string) => `whole_${table}`;
/** The rows of one part and of the day before it, read once. */
const part = (table: string) => `part_${table}`;

async function touch(engine: Engine, { calendar }: Dataset["fact"], periods: readonly number[]): Promise<void> {
  const values = periods.map((period) => `(${period})`).join(", ");
  await engine.run(
    `CREATE OR REPLACE TEMP TABLE ${TOUCHED} AS SELECT CAST(period AS INT) AS ${calendar.period} FROM (VALUES ${values || "(NULL)"}) t(period) WHERE period IS NOT NULL`,
  );
}

async function daysOf({ engine, dataset }: ComputeArgs): Promise<PeriodDays[]> {
  const { calendar } = dataset.fact;
  const rows = await engine.rows(
    `SELECT t.${calendar.period} AS period, CAST(MIN(c.${calendar.date}) AS VARCHAR) AS first, CAST(MAX(c.${calendar.date}) AS VARCHAR) AS last
     FROM ${TOUCHED} t LEFT JOIN ${calendar.table} c ON t.${calendar.period} = c.${calendar.period} GROUP BY ALL`,
  );
  const day = (value: Json | undefined) => (typeof value === "string" ? value : null);
  return rows.map(({ period, first, last }) => ({ period: Number(period), first: day(first), last: day(last) }));
}

/** The tables that the checks and the fact read, over the rows of one part. */
async function partViews(engine: Engine, dataset: Dataset, withDayBefore: boolean, { after }: Part): Promise<void> {
  for (const { table, date } of datedTables(dataset.fact)) {
    const own = after === null || withDayBefore ? "" : ` WHERE ${date} > DATE ${quoted(after)}`;
    await view(engine, table, `SELECT * FROM ${part(table)}${own}`);
  }
}

/** The columns that the fact or a check names: no other is read. */
function columnsRead(dataset: Dataset, table: string): string[] {
  const sql = [factSql(dataset), ...qualityChecks(dataset, CANDIDATE).map((check) => check.sql)].join("\n");
  return tableOf(dataset, table).columnNames.filter((name) => new RegExp(`\\b${name}\\b`).test(sql));
}

async function readPart(engine: Engine, { dataset }: ComputeArgs, { after, until }: Part): Promise<void> {
  for (const { table, date } of datedTables(dataset.fact)) {
    const bounds = [
      ...(after === null ? [] : [`${date} >= DATE ${quoted(after)}`]),
      ...(until === null ? [] : [`${date} <= DATE ${quoted(until)}`]),
    ];
    const columns = columnsRead(dataset, table).join(", ");
    await engine.run(
      `CREATE OR REPLACE TEMP TABLE ${part(table)} AS SELECT ${columns} FROM ${whole(table)}${bounds.length === 0 ? "" : ` WHERE ${bounds.join(" AND ")}`}`,
    );
  }
}

/** @returns the file of each period of the part */
async function computePart(
  engine: Engine,
  args: ComputeArgs,
  one: Part,
  checks: Quality,
): Promise<Record<string, string>> {
  const { dataset, warehouse, runId } = args;
  const { calendar, keys } = dataset.fact;
  await readPart(engine, args, one);
  await touch(engine, dataset.fact, one.periods);
  await partViews(engine, dataset, true, one);
  await checks.look(engine, ({ reads, by }) => reads === "sources" && by === "period-and-day-before");
  await partViews(engine, dataset, false, one);
  await checks.look(engine, ({ reads, by }) => reads === "sources" && by === "period");
  if (checks.isBroken()) return {};
  await engine.run(`CREATE OR REPLACE TEMP TABLE ${CANDIDATE} AS ${factSql(dataset)}`);
  await checks.look(engine, ({ reads, by }) => reads === "fact" && by === "period");
  const files: Record<string, string> = {};
  for (const period of one.periods) {
    const file = `fact/${calendar.period}=${period}/${runId}.parquet`;
    await engine.run(
      `COPY (SELECT * FROM ${CANDIDATE} WHERE ${calendar.period} = ${period} ORDER BY ${keys.join(", ")})
       TO ${quoted(await fileIn(warehouse, file))} (FORMAT parquet, COMPRESSION zstd)`,
    );
    files[period] = file;
  }
  await engine.run(`DROP TABLE ${CANDIDATE}`);
  return files;
}

/** Computes the parts one after the other, so many at once as there are lanes. */
async function computeParts(
  args: ComputeArgs,
  parts: readonly Part[],
  lanes: readonly Engine[],
  checks: Quality,
): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  const queue = parts.values();
  let failed = false;
  const work = async (lane: Engine) => {
    for (const one of queue) {
      if (failed) return;
      Object.assign(files, await computePart(lane, args, one, checks));
    }
  };
  const works = lanes.map((lane) =>
    work(lane).catch((error: unknown) => {
      failed = true;
      throw error;
    }),
  );
  // A connection must not be closed while it works.
  const ends = await Promise.allSettled(works);
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  return files;
}

/** @returns the file of each period, and what is unlikely in its rows. The views of the snapshots must be there. */
export async function computeFact(args: ComputeArgs): Promise<ComputedFact> {
  const { engine, dataset, warehouse, periods, dates } = args;
  await touch(engine, dataset.fact, periods);
  const touched = await daysOf(args);
  const days = [...touched.flatMap(({ first, last }) => [first ?? [], last ?? []].flat()), ...args.loaded].sort();
  const [first, last] = [days[0], days.at(-1)];
  const span = args.calendarMoved || first === undefined || last === undefined ? null : { first, last };
  await deltaViews(engine, dataset, warehouse, dates, span, whole);
  const checks = await quality(engine, dataset, CANDIDATE);
  const rows = Object.fromEntries(Object.entries(dates).map(([date, { rowsAccepted }]) => [date, rowsAccepted]));

  for (const { table } of datedTables(dataset.fact)) await view(engine, table, `SELECT * FROM ${whole(table)}`);
  await checks.look(engine, ({ reads, by }) => reads === "sources" && by === null);
  const parts = partsOf(touched, rows, args.partRows);
  const more = await Promise.all(
    Array.from({ length: Math.min(LANES, parts.length) - 1 }, async () => {
      const lane = await engine.connect();
      await snapshotViews(lane, dataset, warehouse, dates);
      await deltaViews(lane, dataset, warehouse, dates, span, whole);
      return lane;
    }),
  );
  let files: Record<string, string> = {};
  try {
    files = await computeParts(args, parts, [engine, ...more], checks);
  } finally {
    for (const lane of more) lane.close();
  }
  if (!checks.isBroken()) {
    const written = Object.values(files);
    const none = `SELECT * FROM (${factSql(dataset)}) WHERE false`;
    await view(engine, CANDIDATE, written.length === 0 ? none : overParquet(warehouse, written));
    await checks.look(engine, ({ reads, by }) => reads === "fact" && by === null);
  }
  return { files, warnings: await checks.end() };
}
