/** The dimensions of a state: history (type 2) where the contract keeps it, else the newest snapshot. */
import { type Dataset, storedTable, type Table } from "@sales-etl/etl-core/contract";
import { historySources, historySql, IS_CURRENT, SNAPSHOT_DAY, VALID_FROM, VALID_TO } from "@sales-etl/etl-core/sql";
import { type Engine, quoted } from "./duckdb.ts";
import { newestSnapshot, noValues, overFiles, overParquet, view } from "./relations.ts";
import { fileIn, type LoadedDate, type Published } from "./state.ts";

type Dates = Readonly<Record<string, LoadedDate>>;

interface Change {
  readonly date: string;
  readonly file: string;
}

/** The dates on which a snapshot differs from the one before. An equal file is an equal snapshot: loads share it. */
export function changesOf(dates: Dates, table: string): Change[] {
  const changes: Change[] = [];
  for (const date of Object.keys(dates).sort()) {
    const file = dates[date]?.snapshots[table]?.file;
    if (file !== undefined && file !== changes.at(-1)?.file) changes.push({ date, file });
  }
  return changes;
}

/** The index of the first change that is not the same in both; null where nothing differs. */
function firstDifference(before: readonly Change[], now: readonly Change[]): number | null {
  const length = Math.max(before.length, now.length);
  for (let index = 0; index < length; index += 1) {
    const [a, b] = [before[index], now[index]];
    if (a?.date !== b?.date || a?.file !== b?.file) return index;
  }
  return null;
}

/** @param days the snapshots to take in; the versions before them are in `history`, a file, or there are none */
async function historyViews(
  engine: Engine,
  warehouse: string,
  table: Table,
  history: string | null,
  days: readonly Change[],
): Promise<void> {
  const sources = historySources(table);
  const none = [
    noValues(table),
    ...[VALID_FROM, VALID_TO].map((name) => `CAST(NULL AS DATE) AS ${name}`),
    `CAST(NULL AS BOOLEAN) AS ${IS_CURRENT}`,
  ];
  await view(
    engine,
    sources.versions,
    history === null ? `SELECT ${none.join(", ")} WHERE false` : overParquet(warehouse, [history]),
  );
  const day = ({ date }: Change) => `DATE ${quoted(date)}`;
  await view(engine, sources.days, days.map((one) => `SELECT ${day(one)} AS ${SNAPSHOT_DAY}`).join(" UNION ALL "));
  const rows = days.map(
    (one) =>
      `SELECT ${table.columnNames.join(", ")}, ${day(one)} AS ${SNAPSHOT_DAY} FROM (${overFiles(warehouse, table, [one.file])})`,
  );
  await view(engine, sources.snapshots, rows.join("\nUNION ALL\n"));
}

export interface DimensionArgs {
  readonly engine: Engine;
  readonly dataset: Dataset;
  readonly warehouse: string;
  readonly runId: string;
  readonly contractVersion: string;
  readonly before: Published | null;
  readonly dates: Dates;
}

/** @returns the file of each snapshot table's dimension; what did not change keeps its file */
export async function computeDimensions(args: DimensionArgs): Promise<Record<string, string>> {
  const { engine, dataset, warehouse, runId, dates } = args;
  // Versions that were made under another contract may have other columns.
  const before = args.before?.contractVersion === args.contractVersion ? args.before : null;
  const files: Record<string, string> = {};
  for (const table of dataset.tables.filter(({ load }) => load === "snapshot").map(storedTable)) {
    if (table.history === null) {
      const newest = newestSnapshot(dates, table.name);
      if (newest !== null) files[table.name] = newest;
      continue;
    }
    const history = before?.dimensions[table.name] ?? null;
    const [old, now] = [
      history === null ? [] : changesOf(before?.dates ?? {}, table.name),
      changesOf(dates, table.name),
    ];
    const at = firstDifference(old, now);
    if (at === null || now.length === 0) {
      if (history !== null) files[table.name] = history;
      continue;
    }
    // The first date that tells something new; on it the snapshot before may hold on.
    const [first = ""] = [old[at]?.date, now[at]?.date].filter((date) => date !== undefined).sort();
    const holds = now.filter(({ date }) => date <= first).at(-1);
    const days = [
      ...(holds === undefined ? [] : [{ date: first, file: holds.file }]),
      ...now.filter(({ date }) => date > first),
    ];
    await historyViews(engine, warehouse, table, at === 0 ? null : history, days);
    const file = `history/${table.name}/${runId}.parquet`;
    await engine.run(
      `COPY (SELECT * FROM (${historySql(table)}) ORDER BY ${[...(table.key ?? []), VALID_FROM].join(", ")})
       TO ${quoted(await fileIn(warehouse, file))} (FORMAT parquet, COMPRESSION zstd)`,
    );
    files[table.name] = file;
  }
  return files;
}
