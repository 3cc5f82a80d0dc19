/**
 * Tables whose exports hold all days up to their date: of each date only what is new or changed is kept, and what is gone.
 * Every date has its additions and, where rows are gone, those rows with the date that they had come with. What is published
 * of a date is its additions without what later ones say is gone, so readers add files up as for any other table.
 *
 * A date that comes late, again or corrected changes what the dumps after it add; what they hold stays the same and follows
 * from what is kept, so no dump is kept whole or read again.
 */
import { rm } from "node:fs/promises";
import path from "node:path";
import { storedTable, type Table } from "@sales-etl/etl-core/contract";
import type { BusinessDate } from "@sales-etl/etl-core/landing";
import {
  cumulativeSources,
  cumulativeSql,
  duckdb,
  LOAD_DATE,
  ROW_ADDED,
  ROW_CHANGE,
  ROW_GONE,
  sqlType,
} from "@sales-etl/etl-core/sql";
import { type Engine, quoted } from "./duckdb.ts";
import { overFiles, view } from "./relations.ts";
import { type Dump, fileIn, filesOfDates, type LoadedDate } from "./state.ts";

type Dates = Readonly<Record<BusinessDate, LoadedDate>>;

/** What each date says of one table, by date. */
type Log = ReadonlyMap<BusinessDate, Dump>;

export interface CumulativeArgs {
  readonly engine: Engine;
  readonly warehouse: string;
  readonly runId: string;
}

const logOf = (dates: Dates, table: string): Log =>
  new Map(
    Object.keys(dates)
      .sort()
      .flatMap((date) => {
        const loaded = dates[date];
        const file = loaded?.tables[table];
        if (loaded === undefined || file === undefined) return [];
        // Rows of a day alone are all new.
        return [[date, loaded.dumps?.[table] ?? { load: "delta", first: null, since: null, added: file, gone: null }]];
      }),
  );

const before = (log: Log, date: BusinessDate): Log => new Map([...log].filter(([one]) => one < date));

/** The names that a run gives to its files, in any number. */
function namesOf(runId: string) {
  let count = 0;
  return (table: string, date: BusinessDate, what: string) => {
    count += 1;
    return `base/${table}/load_dt=${date}/${runId}-${what}${count}.parquet`;
  };
}

/** Takes dates into the tables that have dumps; made once a run. */
export function cumulativeTables({ engine, warehouse, runId }: CumulativeArgs) {
  const name = namesOf(runId);
  const written = new Set<string>();

  /** Rows of the table in some files, with the contract's types. */
  const rowsIn = (table: Table, files: readonly string[]): string => {
    const columns = Object.entries(table.columns).map(
      ([column, { type }]) => `CAST(${column} AS ${sqlType(type, duckdb)}) AS ${column}`,
    );
    return `SELECT ${[...columns, LOAD_DATE].join(", ")} FROM (${overFiles(warehouse, table, files)})`;
  };

  /** The rows that some dates have left, each with the date that it came with. */
  const left = (table: Table, log: Log): string => {
    const dumps = [...log];
    const taken = new Set(dumps.flatMap(([, { gone }]) => gone?.dates ?? []));
    const whole = dumps.flatMap(([date, { added }]) => (taken.has(date) ? [] : [added]));
    const parts = dumps.flatMap(([date, { added }]) => (taken.has(date) ? [added] : []));
    const gone = dumps.flatMap(([, dump]) => dump.gone?.file ?? []);
    const rest = parts.length === 0 ? "" : ` UNION ALL ((${rowsIn(table, parts)}) EXCEPT ALL (${rowsIn(table, gone)}))`;
    return `(${rowsIn(table, whole)})${rest}`;
  };

  const copy = async (select: string, file: string) => {
    written.add(file);
    await engine.run(`COPY (${select}) TO ${quoted(await fileIn(warehouse, file))} (FORMAT parquet, COMPRESSION zstd)`);
    return file;
  };

  /** What a dump says after the dates before it; `dump` is a SELECT of its rows. */
  const compare = async (table: Table, earlier: Log, date: BusinessDate, dump: string): Promise<Dump> => {
    const { known, dump: rows } = cumulativeSources(table);
    const day = table.dated?.column ?? "";
    const columns = table.columnNames.join(", ");
    await view(engine, known, left(table, earlier));
    await view(engine, rows, dump);
    await engine.run(`CREATE OR REPLACE TEMP TABLE row_changes AS ${cumulativeSql(table)}`);
    const first = await engine.value(`SELECT MIN(${day}) FROM ${rows}`);
    const since = await engine.value(`SELECT MIN(${day}) FROM row_changes WHERE ${ROW_CHANGE} = '${ROW_ADDED}'`);
    const order = ` ORDER BY ${(table.key ?? [day]).join(", ")}`;
    const added = await copy(
      `SELECT ${columns}, CAST(${quoted(date)} AS DATE) AS ${LOAD_DATE} FROM row_changes WHERE ${ROW_CHANGE} = '${ROW_ADDED}'${order}`,
      name(table.name, date, "added"),
    );
    const dates = await engine.rows(
      `SELECT DISTINCT ${LOAD_DATE} AS date FROM row_changes WHERE ${ROW_CHANGE} = '${ROW_GONE}' ORDER BY 1`,
    );
    const gone = async () => ({
      file: await copy(
        `SELECT ${columns}, ${LOAD_DATE} FROM row_changes WHERE ${ROW_CHANGE} = '${ROW_GONE}'`,
        name(table.name, date, "gone"),
      ),
      dates: dates.map((row) => String(row.date)),
    });
    return {
      load: "cumulative",
      first: first === null ? null : String(first),
      since: since === null ? null : String(since),
      added,
      gone: dates.length === 0 ? null : await gone(),
    };
  };

  /** Whether two dates' rows are the same, whenever each came. */
  const sameContent = async (table: Table, a: Log, b: Log): Promise<boolean> => {
    const content = (log: Log) => `(SELECT ${table.columnNames.join(", ")} FROM (${left(table, log)}))`;
    const differs = (one: Log, other: Log) => `EXISTS (${content(one)} EXCEPT ALL ${content(other)})`;
    return (await engine.value(`SELECT NOT ${differs(a, b)} AND NOT ${differs(b, a)}`)) === true;
  };

  /** What the dumps after a date say when that date says something else than before. */
  const repeatLater = async (table: Table, old: Log, log: Map<BusinessDate, Dump>, changed: BusinessDate) => {
    const upTo = (one: Log, date: BusinessDate): Log => new Map([...one].filter(([other]) => other <= date));
    let same: boolean | null = null;
    for (const [date, dump] of old) {
      if (date <= changed || dump.load !== "cumulative" || dump.first === null) continue;
      same ??= await sameContent(table, upTo(old, changed), upTo(log, changed));
      // With the same rows before it a dump adds what it added; what it takes away may have come with another date.
      if (same && dump.gone === null) continue;
      const held = `SELECT * FROM (${left(table, upTo(old, date))}) WHERE ${table.dated?.column} >= DATE ${quoted(dump.first)}`;
      log.set(date, await compare(table, before(log, date), date, held));
      same ||= await sameContent(table, upTo(old, date), upTo(log, date));
    }
  };

  /** What is published of each date: its additions without what is gone since. */
  const published = async (table: Table, old: Log, log: Log, dates: Record<BusinessDate, LoadedDate>) => {
    const goneOf = (one: Log, date: BusinessDate) =>
      [...one.values()].flatMap(({ gone }) => (gone?.dates.includes(date) === true ? [gone.file] : []));
    for (const [date, dump] of log) {
      const loaded = dates[date];
      if (loaded === undefined) continue;
      const gone = goneOf(log, date);
      const was = old.get(date);
      const isSame =
        was?.added === dump.added && JSON.stringify(goneOf(old, date)) === JSON.stringify(gone) && was !== undefined;
      const rest = async () =>
        copy(
          `(${rowsIn(table, [dump.added])}) EXCEPT ALL (SELECT * FROM (${rowsIn(table, gone)}) WHERE ${LOAD_DATE} = DATE ${quoted(date)})`,
          name(table.name, date, "rest"),
        );
      const file = isSame ? loaded.tables[table.name] : gone.length === 0 ? dump.added : await rest();
      dates[date] = {
        ...loaded,
        tables: { ...loaded.tables, ...(file === undefined ? {} : { [table.name]: file }) },
        dumps: { ...loaded.dumps, [table.name]: dump },
      };
    }
  };

  return {
    /**
     * @param dates before the date was loaded
     * @param loaded the date as it is loaded now, with the rows of its files as they are
     * @returns the dates as they are to be published: this one, and those after it that say something else now
     */
    async take(tables: readonly Table[], dates: Dates, date: BusinessDate, loaded: LoadedDate): Promise<Dates> {
      const next: Record<BusinessDate, LoadedDate> = { ...dates, [date]: loaded };
      for (const table of tables.filter(({ load }) => load !== "snapshot").map(storedTable)) {
        const old = logOf(dates, table.name);
        const hasDumps = table.load === "cumulative" || [...old.values()].some(({ load }) => load === "cumulative");
        if (!hasDumps) continue;
        const log = new Map(old);
        const file = loaded.tables[table.name];
        log.delete(date);
        if (file !== undefined) {
          written.add(file);
          const whole = { load: "delta", first: null, since: null, added: file, gone: null } as const;
          log.set(
            date,
            table.load === "cumulative" ? await compare(table, before(log, date), date, rowsIn(table, [file])) : whole,
          );
        }
        await repeatLater(table, old, log, date);
        const sorted = new Map([...log].sort(([a], [b]) => (a < b ? -1 : 1)));
        await published(table, old, sorted, next);
      }
      return next;
    },

    /** Removes what was written on the way and is no part of the dates at the end. */
    async tidy(dates: Dates): Promise<void> {
      const used = filesOfDates(dates);
      for (const file of written) {
        if (!used.has(file)) await rm(path.join(warehouse, ...file.split("/")), { force: true });
      }
    },
  };
}

/** The days on which a table has other rows than before; dates whose rows lie in the same files are not looked at. */
export async function changedDays(
  engine: Engine,
  warehouse: string,
  given: Table,
  old: Dates,
  now: Dates,
): Promise<string[]> {
  const table = storedTable(given);
  const files = (dates: Dates) => new Set(Object.values(dates).flatMap(({ tables }) => tables[table.name] ?? []));
  const [was, is] = [files(old), files(now)];
  const only = (one: ReadonlySet<string>, other: ReadonlySet<string>) => [...one].filter((file) => !other.has(file));
  const [gone, come] = [only(was, is), only(is, was)];
  if (gone.length + come.length === 0) return [];
  const day = table.dated?.column ?? "";
  const rows = (list: readonly string[], sign: number) =>
    `SELECT ${table.columnNames.join(", ")}, ${sign} AS row_sign FROM (${overFiles(warehouse, table, list)})`;
  const found = await engine.rows(
    `SELECT DISTINCT ${day} AS day FROM (
      SELECT ${table.columnNames.join(", ")} FROM (${rows(gone, -1)} UNION ALL BY NAME ${rows(come, 1)})
      GROUP BY ALL HAVING SUM(row_sign) <> 0) ORDER BY 1`,
  );
  return found.map((row) => String(row.day));
}
