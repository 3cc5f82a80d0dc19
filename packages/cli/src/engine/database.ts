/**
 * The versioned DuckDB file of a state: fact, dimensions and operations as tables, the base rows as views over their
 * Parquet. It is carried on from the file before by what differs between the two states, so a night costs the same
 * after a year; all of it can be made again from the Parquet.
 */
import { createHash } from "node:crypto";
import { constants, copyFile, stat } from "node:fs/promises";
import path from "node:path";
import type { Dataset } from "@sales-etl/etl-core/contract";
import { publishedRelations, type Relation, viewsOf } from "@sales-etl/etl-core/exporters";
import { dimensionName, duckdb, sqlType } from "@sales-etl/etl-core/sql";
import { type Engine, quoted } from "./duckdb.ts";
import { operationsRows } from "./operations.ts";
import { baseFiles, overFiles, overParquet, relativeParquet } from "./relations.ts";
import type { DatabaseFile, Published } from "./state.ts";

/** The name that the file is attached under while it is written. */
const NEXT = "next_state";

/** In milliseconds: a copy that keeps the time of a file keeps it to about that. */
const TICK = 2;

const identifier = (name: string) => `"${name.replaceAll('"', '""')}"`;

function tableSql(relation: Relation): string[] {
  const name = `${NEXT}.${relation.name}`;
  const columns = relation.fields.map(
    ({ name: column, type, nullable }) =>
      `${identifier(column)} ${sqlType(type, duckdb)}${nullable ? "" : " NOT NULL"}`,
  );
  return [
    `CREATE TABLE ${name} (${columns.join(", ")})`,
    `COMMENT ON TABLE ${name} IS ${quoted(`${relation.title}: ${relation.grain}`)}`,
    ...relation.fields.map(
      (field) => `COMMENT ON COLUMN ${name}.${identifier(field.name)} IS ${quoted(field.description)}`,
    ),
  ];
}

const layoutOf = (relations: readonly Relation[]): string =>
  createHash("sha256").update(relations.flatMap(tableSql).join("\n")).digest("hex").slice(0, 12);

/** The keys of two records whose values differ. */
const changed = (before: Readonly<Record<string, string | null>>, now: Readonly<Record<string, string | null>>) =>
  [...new Set([...Object.keys(before), ...Object.keys(now)])].filter(
    (key) => (before[key] ?? null) !== (now[key] ?? null),
  );

const files = (record: Readonly<Record<string, string | null>>, keys: readonly string[]): string[] =>
  keys.flatMap((key) => record[key] ?? []);

export interface DatabaseArgs {
  readonly engine: Engine;
  readonly dataset: Dataset;
  readonly warehouse: string;
  readonly before: Published | null;
  /** The state to come. */
  readonly state: Omit<Published, "database">;
}

/** Whether the file before is as it was left: then it can be carried on. */
async function carriedOn({ warehouse, before }: DatabaseArgs, layout: string): Promise<Published | null> {
  if (before === null || before.database.layout !== layout) return null;
  const facts = await stat(path.join(warehouse, before.database.file)).catch(() => null);
  const same = facts?.size === before.database.bytes && Math.abs(facts.mtimeMs - before.database.modified) < TICK;
  return same ? before : null;
}

async function writeFact({ engine, dataset, warehouse, state }: DatabaseArgs, base: Published | null): Promise<void> {
  const { name, calendar } = dataset.fact;
  const periods = changed(base?.fact ?? {}, state.fact);
  if (periods.length === 0) return;
  if (base !== null)
    await engine.run(`DELETE FROM ${NEXT}.${name} WHERE ${calendar.period} IN (${periods.join(", ")})`);
  const added = files(state.fact, periods);
  if (added.length > 0) await engine.run(`INSERT INTO ${NEXT}.${name} BY NAME ${overParquet(warehouse, added)}`);
}

async function writeDimensions(
  { engine, dataset, warehouse, state }: DatabaseArgs,
  base: Published | null,
): Promise<void> {
  for (const name of changed(base?.dimensions ?? {}, state.dimensions)) {
    const table = dataset.tables.find((one) => one.name === name);
    const file = state.dimensions[name];
    if (table === undefined) continue;
    const target = `${NEXT}.${dimensionName(table)}`;
    await engine.run(`TRUNCATE ${target}`);
    if (file === undefined) continue;
    const relation = publishedRelations(dataset).find((one) => one.name === dimensionName(table));
    const columns = relation?.fields.map((field) => field.name).join(", ");
    await engine.run(`INSERT INTO ${target} SELECT ${columns} FROM (${overParquet(warehouse, [file])})`);
  }
}

async function writeQuarantine({ engine, warehouse, state }: DatabaseArgs, base: Published | null): Promise<void> {
  const quarantines = (one: Published | Omit<Published, "database"> | null) =>
    Object.fromEntries(Object.entries(one?.dates ?? {}).map(([date, { quarantine }]) => [date, quarantine]));
  const now = quarantines(state);
  const dates = changed(quarantines(base), now);
  if (dates.length === 0) return;
  const list = dates.map((date) => `DATE ${quoted(date)}`).join(", ");
  await engine.run(`DELETE FROM ${NEXT}.quarantine WHERE business_date IN (${list})`);
  const added = files(now, dates);
  if (added.length === 0) return;
  await engine.run(
    `INSERT INTO ${NEXT}.quarantine SELECT business_date, run_id, "table", file, line, "column", code, value, message
     FROM (${overParquet(warehouse, added)}) ORDER BY ALL`,
  );
}

async function writeOperations({ engine, state }: DatabaseArgs, base: Published | null): Promise<void> {
  const known = new Set(base?.runs.map(({ runId }) => runId));
  const added = state.runs.filter(({ runId }) => !known.has(runId));
  for (const [name, rows] of Object.entries(operationsRows(added))) {
    if (rows.length === 0) continue;
    const values = rows.map((row) => `(${row.map(literal).join(", ")})`);
    await engine.run(`INSERT INTO ${NEXT}.${name} VALUES ${values.join(", ")}`);
  }
}

const literal = (value: string | number | null): string =>
  value === null ? "NULL" : typeof value === "number" ? String(value) : quoted(value);

/** The base rows stay in their Parquet: paths are relative to the warehouse, which may be moved as a whole. */
async function writeViews({ engine, dataset, warehouse, state }: DatabaseArgs): Promise<void> {
  const folder = path.resolve(warehouse);
  // The setting is a list with commas: a folder with one in its name cannot be moved.
  const movable = !folder.includes(",");
  if (movable) await engine.run(`SET file_search_path = ${quoted(folder)}`);
  const over = (names: readonly string[], byName: boolean) =>
    movable ? relativeParquet(names, byName) : overParquet(folder, names);
  const versions = new Set(Object.values(state.dates).map(({ contractVersion }) => contractVersion));
  for (const table of dataset.tables.filter(({ load }) => load !== "snapshot")) {
    const names = baseFiles(state.dates, table.name);
    const rows = names.length === 0 ? overFiles("", table, []) : over(names, versions.size > 1);
    await engine.run(`CREATE OR REPLACE VIEW ${NEXT}.${table.name} AS ${rows}`);
  }
  // Their names are looked up in the file that the views lie in, whatever that is attached as.
  await engine.run(`USE ${NEXT}`);
  for (const { relation, sql } of viewsOf(dataset)) {
    await engine.run(`CREATE OR REPLACE VIEW ${relation.name} AS ${sql}`);
  }
}

/** Writes `sales-<run>.duckdb`; nothing names it before it is published. */
export async function writeDatabase(args: DatabaseArgs): Promise<DatabaseFile> {
  const { engine, dataset, warehouse, state } = args;
  const relations = publishedRelations(dataset);
  const layout = layoutOf(relations);
  const base = await carriedOn(args, layout);
  const file = `sales-${state.runId}.duckdb`;
  const target = path.join(warehouse, file);
  if (base !== null) await copyFile(path.join(warehouse, base.database.file), target, constants.COPYFILE_FICLONE);
  const own = await engine.value("SELECT current_database()");
  await engine.run(`ATTACH ${quoted(target)} AS ${NEXT}`);
  try {
    await engine.run("BEGIN");
    if (base === null) for (const sql of relations.flatMap(tableSql)) await engine.run(sql);
    await writeFact(args, base);
    await writeDimensions(args, base);
    await writeQuarantine(args, base);
    await writeOperations(args, base);
    await writeViews(args);
    await engine.run("COMMIT");
  } finally {
    await engine.run(`USE ${own}`);
    await engine.run(`DETACH ${NEXT}`).catch(() => {});
  }
  const { size, mtimeMs } = await stat(target);
  return { file, bytes: size, modified: mtimeMs, layout };
}
