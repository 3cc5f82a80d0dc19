/** Brings somebody's files into a landing: the contract's names, days and decimals, one folder a table and day, manifests. */
import { copyFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { type Dataset, type Table, tableOf } from "@sales-etl/etl-core/contract";
import { InvalidPropertiesError, SalesEtlError } from "@sales-etl/etl-core/errors";
import { type BusinessDate, businessDates, tablePrefix } from "@sales-etl/etl-core/landing";
import { type Engine, openEngine, quoted } from "../engine/duckdb.ts";
import { makeFolder } from "../folder.ts";
import type { Source } from "../settings/schema.ts";
import { removeManifest, requireOwn, writeManifest } from "../source/write-manifest.ts";
import { withTemporary } from "../temporary.ts";
import { calendarCsv } from "./calendar.ts";
import { convertedSql } from "./convert.ts";
import { asUtf8, engineFault, matching, textRows } from "./csv-source.ts";

export interface LandArgs {
  readonly dataset: Dataset;
  readonly landing: string;
  /** What the files of `sources` are relative to. */
  readonly folder: string;
  readonly sources: Readonly<Record<string, Source>>;
  readonly from?: BusinessDate;
  readonly to?: BusinessDate;
  /** Land the days in between without any row, too: as days on which nothing happened. */
  readonly emptyDays?: boolean;
  readonly onDate?: (date: BusinessDate, rows: number) => void;
}

export interface LandResult {
  readonly landing: string;
  readonly dates: readonly { readonly businessDate: BusinessDate; readonly rows: number }[];
  readonly tables: readonly { readonly table: string; readonly files: readonly string[]; readonly rows: number }[];
  /** Rows whose day cannot be read: they lie in the newest date's file, where the checks reject them. */
  readonly withoutDay: number;
  /** Days between the first and the last on which no daily table has a row. */
  readonly daysWithoutRows: number;
}

const staged = (table: string) => `staged_${table}`;

type CsvSource = Extract<Source, { files: unknown }>;

async function stage(
  engine: Engine,
  temporary: string,
  folder: string,
  table: Table,
  source: CsvSource,
): Promise<readonly string[]> {
  let files = await matching(folder, source.files);
  if (files.length === 0) {
    throw new SalesEtlError(`${table.name}: there is no file ${source.files.join(", ")} in ${folder}`, {
      code: "SOURCE_NOT_FOUND",
      path: `sources.${table.name}.files`,
    });
  }
  // Each is the whole table: the newest counts.
  if (table.load === "snapshot") files = files.slice(-1);
  const columns = table.columnNames.map((name) => {
    const column = source.columns[name];
    return `${column === undefined ? "CAST(NULL AS VARCHAR)" : convertedSql(column)} AS ${name}`;
  });
  for (const [index, file] of files.entries()) {
    const text = await asUtf8(file, source.encoding ?? "utf-8", path.join(temporary, `${table.name}-${index}.csv`));
    const rows = textRows(text, source.delimiter ?? ",");
    try {
      await requireColumns(engine, rows, table, source, file);
      const into = index === 0 ? `CREATE TEMP TABLE ${staged(table.name)} AS` : `INSERT INTO ${staged(table.name)}`;
      await engine.run(`${into} SELECT ${columns.join(", ")} FROM (${rows})`);
    } catch (cause) {
      throw cause instanceof SalesEtlError ? cause : engineFault(file, cause);
    }
    await rm(text);
  }
  return files;
}

async function requireColumns(engine: Engine, rows: string, table: Table, { columns }: CsvSource, file: string) {
  const there = (await engine.rows(`DESCRIBE ${rows}`)).map(({ column_name }) => String(column_name));
  const missing = Object.entries(columns).flatMap(([name, column]) => {
    const from = typeof column === "string" ? column : column.from;
    return there.includes(from)
      ? []
      : [{ path: `sources.${table.name}.columns.${name}`, message: `has no column "${from}": ${there.join(", ")}` }];
  });
  if (missing.length > 0) throw new InvalidPropertiesError(file, missing, "SOURCE_COLUMN_MISSING");
}

const dayOf = (table: Table) => `TRY_CAST(${table.dated?.column} AS DATE)`;

/** Days of the daily tables, in order. */
async function daysOf(engine: Engine, tables: readonly Table[]): Promise<BusinessDate[]> {
  const days = tables.map((table) => `SELECT ${dayOf(table)} AS day FROM ${staged(table.name)}`);
  const rows = await engine.rows(
    `SELECT DISTINCT CAST(day AS VARCHAR) AS day FROM (${days.join(" UNION ALL ")}) WHERE day IS NOT NULL ORDER BY 1`,
  );
  return rows.map(({ day }) => String(day));
}

async function fileFor(landing: string, table: string, date: BusinessDate): Promise<string> {
  const folder = path.join(landing, ...tablePrefix(table, date).split("/"));
  await makeFolder(folder);
  return path.join(folder, `${table}_${date}.csv`);
}

const copyTo = (select: string, file: string) => `COPY (${select}) TO ${quoted(file)} (FORMAT csv, HEADER true)`;

/** @throws {SalesEtlError} SOURCE_NOT_FOUND, SOURCE_UNREADABLE, SOURCE_COLUMN_MISSING, MANIFEST_EXISTS */
export async function landFiles(args: LandArgs): Promise<LandResult> {
  const { dataset, sources } = args;
  const missing = dataset.tables.filter(({ name }) => sources[name] === undefined);
  if (missing.length > 0) {
    throw new InvalidPropertiesError(
      "the settings",
      missing.map(({ name }) => ({ path: `sources.${name}`, message: "says where the files of this table are" })),
      "SETTINGS_INVALID",
    );
  }
  const dumps = dataset.tables.filter(({ load, name }) => load === "cumulative" && sources[name] !== undefined);
  if (dumps.length > 0) {
    const message = "land writes the rows of each day into a file of its own: this must be delta";
    throw new InvalidPropertiesError(
      "the settings",
      dumps.map(({ name }) => ({ path: `loads.${name}`, message })),
      "SETTINGS_INVALID",
    );
  }
  return withTemporary("land", async (temporary) => {
    const engine = await openEngine(":memory:", { temp_directory: path.join(temporary, "engine") });
    try {
      return await landAll(engine, temporary, args);
    } finally {
      engine.close();
    }
  });
}

async function landAll(engine: Engine, temporary: string, args: LandArgs): Promise<LandResult> {
  const { dataset, landing, folder, sources } = args;
  const files = new Map<string, readonly string[]>();
  for (const [name, source] of Object.entries(sources)) {
    if ("files" in source) files.set(name, await stage(engine, temporary, folder, tableOf(dataset, name), source));
  }
  const daily = dataset.tables.filter(({ dated, name }) => dated !== null && files.has(name));
  const days = await daysOf(engine, daily);
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) {
    throw new SalesEtlError("no row of the daily tables has a day that can be read: look at sources.*.columns", {
      code: "SOURCE_WITHOUT_DAYS",
      path: "sources",
    });
  }
  const snapshots = new Map<string, string>();
  for (const table of dataset.tables.filter(({ dated }) => dated === null)) {
    const file = path.join(temporary, `${table.name}.csv`);
    if (files.has(table.name)) await engine.run(copyTo(`SELECT * FROM ${staged(table.name)}`, file));
    else await writeFile(file, calendarCsv(table, first, last));
    snapshots.set(table.name, file);
  }
  const all = args.emptyDays === true ? businessDates(first, last) : days;
  const wanted = all.filter((day) => day >= (args.from ?? first) && day <= (args.to ?? last));
  for (const date of wanted) await requireOwn(landing, date);
  const dates: { businessDate: BusinessDate; rows: number }[] = [];
  for (const date of wanted) {
    await removeManifest(landing, date);
    for (const table of daily) {
      const own = `${dayOf(table)} = DATE ${quoted(date)}${date === last ? ` OR ${dayOf(table)} IS NULL` : ""}`;
      await engine.run(
        copyTo(`SELECT * FROM ${staged(table.name)} WHERE ${own}`, await fileFor(landing, table.name, date)),
      );
    }
    for (const [name, file] of snapshots) await copyFile(file, await fileFor(landing, name, date));
    const manifest = await writeManifest(dataset, landing, date);
    const ofDay = manifest.files.filter(({ table }) => daily.some(({ name }) => name === table));
    const rows = ofDay.reduce((sum, file) => sum + file.rows, 0);
    dates.push({ businessDate: date, rows });
    args.onDate?.(date, rows);
  }
  const count = async (sql: string) => Number(await engine.value(sql));
  let withoutDay = 0;
  for (const table of daily)
    withoutDay += await count(`SELECT COUNT(*) FROM ${staged(table.name)} WHERE ${dayOf(table)} IS NULL`);
  const tables = [];
  for (const [table, own] of files)
    tables.push({ table, files: own, rows: await count(`SELECT COUNT(*) FROM ${staged(table)}`) });
  return {
    landing: path.resolve(landing),
    dates,
    tables,
    withoutDay,
    daysWithoutRows: businessDates(first, last).length - days.length,
  };
}
