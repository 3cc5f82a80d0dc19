/** The same landing through the Spark job and the embedded engine, and what both made of it. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Dataset } from "@sales-etl/etl-core/contract";
import { sparkContract } from "@sales-etl/etl-core/generate";
import { expect } from "chai";
import { openEngine, quoted, type Row } from "../../packages/cli/src/engine/duckdb.ts";
import { openReader } from "../../packages/cli/src/engine/reader.ts";
import { runDates } from "../../packages/cli/src/engine/run.ts";
import type { LogLine } from "../../packages/cli/src/spark/submit.ts";
import { query, stateOf } from "../../packages/cli/test/support/warehouse.ts";
import { dimensionRelation } from "../../packages/etl-core/src/exporters/published.ts";
import { pythonEnvironment } from "../../scripts/python/environment.ts";
import { type JobRun, newCatalog, runJobs } from "./spark-session.ts";

export interface Warehouses {
  readonly embedded: string;
  /** Spark's tables as Parquet, a folder each. */
  readonly spark: string;
  /** The warehouse itself. */
  readonly iceberg: string;
}

/** Dates that are run at once. */
export interface Part {
  readonly landing: string;
  readonly dates: readonly string[];
}

/** The periods that were computed again because of a date. */
export type Restated = readonly [businessDate: string, periods: readonly number[]];

export interface MadeTwice {
  readonly warehouses: Warehouses;
  /** Of every date that was loaded, in the order of runs. */
  readonly restated: { readonly embedded: readonly Restated[]; readonly spark: readonly Restated[] };
}

const dimensionsOf = (dataset: Dataset) =>
  dataset.tables.filter(({ load }) => load === "snapshot").map((table) => dimensionRelation(table).name);

/** The rows of a dimension on both engines, each column as text under its name. */
export async function sameDimensions(warehouses: Warehouses, dataset: Dataset): Promise<number> {
  let rows = 0;
  const engine = await openEngine(":memory:");
  const reader = await openReader(dataset, warehouses.embedded);
  try {
    for (const name of dimensionsOf(dataset)) {
      const embedded = await reader.rows(`SELECT * FROM ${name} ORDER BY ALL`);
      const columns = Object.keys(embedded[0] ?? {}).join(", ");
      const files = quoted(path.join(warehouses.spark, name, "*.parquet"));
      expect(await engine.rows(`SELECT ${columns} FROM read_parquet(${files}) ORDER BY ALL`), name).to.deep.equal(
        embedded,
      );
      rows += embedded.length;
    }
  } finally {
    reader.close();
    engine.close();
  }
  return rows;
}

/** Spark's fact, sorted as {@link factLines} sorts; its period is in the folders' names. */
export async function sparkFact(warehouse: string, dataset: Dataset): Promise<string[]> {
  const { name, calendar, keys, measures } = dataset.fact;
  const columns = [calendar.period, ...keys, ...measures.map((measure) => measure.name)];
  const engine = await openEngine(":memory:");
  try {
    const files = quoted(path.join(warehouse, name, "*.parquet"));
    const rows = await engine.rows(`SELECT ${columns.join(", ")} FROM read_parquet(${files}) ORDER BY 1, 2, 3`);
    return [columns.join(","), ...rows.map((row) => Object.values(row).join(","))];
  } finally {
    engine.close();
  }
}

/** What a query over a table says on both engines; Spark's rows go under the name of the table. */
export async function sameRows(
  dataset: Dataset,
  warehouses: Warehouses,
  table: string,
  sql: (table: string) => string,
): Promise<readonly Row[]> {
  const engine = await openEngine(":memory:");
  const reader = await openReader(dataset, warehouses.embedded);
  try {
    const embedded = await reader.rows(sql(table));
    const files = quoted(path.join(warehouses.spark, table, "*.parquet"));
    expect(await engine.rows(sql(`read_parquet(${files})`)), table).to.deep.equal(embedded);
    return embedded;
  } finally {
    reader.close();
    engine.close();
  }
}

/** What both engines refused of some dates: a line a fault, sorted. */
export async function sameQuarantine(warehouses: Warehouses, dates: readonly string[]): Promise<readonly string[]> {
  const state = stateOf(warehouses.embedded);
  const kept = dates.flatMap((date) => state.dates[date]?.quarantine ?? []);
  const line = (names: readonly string[]) => `${names.join(" || ' ' || ")} AS problem`;
  const embedded = await query(
    warehouses.embedded,
    kept,
    `SELECT ${line(['"table"', "file", "line", '"column"', "code", "value", "message"])} FROM rows ORDER BY 1`,
  );
  const engine = await openEngine(":memory:");
  try {
    const names = ["table_name", "file_name", "line_num", "column_name", "problem_code", "field_value", "message"];
    const files = quoted(path.join(warehouses.spark, "quarantine", "*.parquet"));
    const rows = await engine.rows(`SELECT ${line(names)} FROM read_parquet(${files}) ORDER BY 1`);
    expect(rows).to.deep.equal(embedded);
    return rows.map(({ problem }) => String(problem));
  } finally {
    engine.close();
  }
}

/** For a `describe` that compares the engines: skipped where Spark cannot be set up. */
export function bothEngines() {
  let folder: string;
  let python: string;
  before(async function () {
    const found = await pythonEnvironment("spark", "spark/requirements.txt");
    if (typeof found !== "string") this.skip();
    else python = found;
    folder = mkdtempSync(path.join(tmpdir(), "sales-etl-parity-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /**
   * @param cut so many dates are run first, the others afterwards
   * @param quickFrom of the job: 0 lets files go the quick way that are as small as those of tests
   */
  async function both(
    dataset: Dataset,
    landing: string,
    dates: readonly string[],
    cut = dates.length,
    quickFrom = 1024 * 1024,
  ): Promise<Warehouses> {
    const parts = [dates.slice(0, cut), dates.slice(cut)].filter((part) => part.length > 0);
    const [made] = await inTurn(dataset, [parts.map((part) => ({ landing, dates: part }))], quickFrom);
    return (made as MadeTwice).warehouses;
  }

  /** Of each history its runs, one after the other into a warehouse of its own; all in one session of Spark. */
  async function inTurn(
    dataset: Dataset,
    histories: readonly (readonly Part[])[],
    quickFrom = 1024 * 1024,
  ): Promise<readonly MadeTwice[]> {
    const home = mkdtempSync(path.join(folder, `${dataset.name}-`));
    const contract = path.join(home, "contract.json");
    writeFileSync(contract, JSON.stringify(sparkContract(dataset)));
    const dated = dataset.tables.filter(({ load }) => load !== "snapshot").map(({ name }) => name);
    const published = [dataset.fact.name, ...dated, ...dimensionsOf(dataset), "quarantine"];
    const made: { warehouses: Warehouses; restated: { embedded: Restated[]; spark: Restated[] } }[] = [];
    const runs: JobRun[] = [];
    const runOf: number[] = [];
    for (const [number, parts] of histories.entries()) {
      const own = path.join(home, String(number));
      const place = (name: string) => path.join(own, name);
      const warehouses = { embedded: place("embedded"), spark: place("spark"), iceberg: place("iceberg") };
      const embedded: Restated[] = [];
      for (const part of parts) {
        const { dates } = await runDates({ dataset, ...part, warehouse: warehouses.embedded });
        embedded.push(
          ...dates.flatMap(({ businessDate, changed, weeksRestated }): Restated[] =>
            changed ? [[businessDate, weeksRestated]] : [],
          ),
        );
      }
      made.push({ warehouses, restated: { embedded, spark: [] } });
      const catalog = newCatalog();
      const common = [
        ...["--catalog", catalog, "--database", dataset.name, "--contract", contract],
        ...["--warehouse", warehouses.iceberg],
        // Every row is judged by the job; the files as such were looked at by the checks of the embedded engine.
        ...["--left-to-spark=", "--quick-from", String(quickFrom)],
      ];
      const tables = published.map((name) => [name, path.join(warehouses.spark, name)]);
      for (const [index, { landing, dates }] of parts.entries()) {
        runs.push({
          arguments: [
            ...[...common, "--landing", landing],
            ...["--run-id", `parity-${index}`, "--business-dates", dates.join(",")],
          ],
          ...{ code: 0, catalog, database: dataset.name },
          tables: index === parts.length - 1 ? Object.fromEntries(tables) : {},
        });
        runOf.push(number);
      }
    }
    let started = -1;
    for (const { event, businessDate, weeksRestated } of await runJobs(python, runs)) {
      if (event === "run_started") started += 1;
      const restated = made[runOf[started] ?? 0]?.restated.spark;
      if (event === "date_published") restated?.push([String(businessDate), weeksRestated as number[]]);
    }
    return made;
  }

  /** The job alone, over files that nobody has looked at; at least one date must be refused. */
  async function run(
    dataset: Dataset,
    home: string,
    landing: string,
    dates: readonly string[],
    tables: Readonly<Record<string, string>>,
  ): Promise<readonly LogLine[]> {
    const contract = path.join(home, "contract.json");
    writeFileSync(contract, JSON.stringify(sparkContract(dataset)));
    const catalog = newCatalog();
    const folders = ["--contract", contract, "--landing", landing, "--warehouse", path.join(home, "iceberg")];
    const args = ["--catalog", catalog, ...folders, "--run-id", "left", "--business-dates", dates.join(",")];
    return runJobs(python, [{ arguments: args, code: 1, catalog, database: dataset.name, tables }]);
  }

  return {
    run,
    /** For landings. */
    folder: () => folder,
    both,
    inTurn,
  };
}
