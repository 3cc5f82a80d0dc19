/** Whether a warehouse is whole: every file that its state names, with as many rows as the state says. */
import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import type { Dataset } from "@sales-etl/etl-core/contract";
import { SalesEtlError } from "@sales-etl/etl-core/errors";
import { type Engine, literalPath, openEngine } from "../engine/duckdb.ts";
import { overParquet } from "../engine/relations.ts";
import { filesOf, type Published, readPublished } from "../engine/state.ts";
import { type Check, missing, ok, type Use, warning } from "./check.ts";
import { writableCheck } from "./machine.ts";

const uses: readonly Use[] = ["run"];
const SHOWN = 3;

const listed = (names: readonly string[]) =>
  `${names.slice(0, SHOWN).join(", ")}${names.length > SHOWN ? ` and ${names.length - SHOWN} more` : ""}`;

async function filesCheck(warehouse: string, state: Published): Promise<Check> {
  const name = "files of the warehouse";
  const files = [...filesOf(state)];
  const gone: string[] = [];
  for (const file of files) {
    const facts = await stat(path.join(warehouse, ...file.split("/"))).catch(() => null);
    if (facts === null || facts.size === 0) gone.push(file);
  }
  if (gone.length === 0) return ok(name, uses, `all ${files.length} that current.json names are there`);
  const rest = gone.filter((file) => file !== state.database.file);
  if (rest.length === 0)
    return missing(
      name,
      uses,
      `${listed(gone)} is gone`,
      "run a date again: the database is made again from the Parquet",
    );
  return missing(
    name,
    uses,
    `${rest.length} of ${files.length} are gone or empty: ${listed(rest)}`,
    "bring them back from a copy; else `sales-etl rollback` to a whole run, or run all dates again into an empty folder",
  );
}

async function rowsOfFile(engine: Engine, file: string): Promise<number> {
  return Number(await engine.value(`SELECT SUM(num_rows) FROM parquet_file_metadata(${literalPath(file)})`));
}

/** The footers of all Parquet files are read; rows are those that were accepted. */
async function rowsCheck(warehouse: string, dataset: Dataset, state: Published): Promise<Check> {
  const name = "rows of the warehouse";
  const wrong: string[] = [];
  const engine = await openEngine(":memory:");
  try {
    const counted = new Map<string, number>();
    for (const file of filesOf(state)) {
      if (!file.endsWith(".parquet")) continue;
      const rows = await rowsOfFile(engine, path.join(warehouse, ...file.split("/"))).catch(() => null);
      if (rows === null) wrong.push(`${file} cannot be read`);
      else counted.set(file, rows);
    }
    for (const [date, loaded] of Object.entries(state.dates)) {
      // Of a dump only what is new is kept.
      if (loaded.dumps !== undefined) continue;
      const files = [...Object.values(loaded.tables), ...Object.values(loaded.snapshots).map(({ file }) => file)];
      if (files.some((file) => !counted.has(file))) continue;
      const rows = files.reduce((sum, file) => sum + (counted.get(file) ?? 0), 0);
      if (rows !== loaded.rowsAccepted) wrong.push(`${date} has ${rows} rows, accepted were ${loaded.rowsAccepted}`);
    }
    const fact = Object.values(state.fact);
    if (wrong.length === 0 && fact.length > 0) {
      await engine.run(
        `ATTACH '${path.join(path.resolve(warehouse), state.database.file).replaceAll("'", "''")}' AS published (READ_ONLY)`,
      );
      const [inFiles, inDatabase] = [
        Number(await engine.value(`SELECT COUNT(*) FROM (${overParquet(warehouse, fact)})`)),
        Number(await engine.value(`SELECT COUNT(*) FROM published.${dataset.fact.name}`)),
      ];
      if (inFiles !== inDatabase)
        wrong.push(`the fact has ${inFiles} rows in its files and ${inDatabase} in the database`);
    }
  } catch (error) {
    wrong.push((error as Error).message.split("\n")[0] ?? "");
  } finally {
    engine.close();
  }
  if (wrong.length === 0) return ok(name, uses, `as accepted, on ${Object.keys(state.dates).length} dates`);
  return missing(name, uses, listed(wrong), "bring the files back from a copy, or run those dates again");
}

async function lockCheck(warehouse: string): Promise<Check> {
  const name = "runs";
  const writer = path.join(warehouse, "writer.duckdb");
  const started = await readFile(path.join(warehouse, "run.started"), "utf8").catch(() => null);
  if ((await stat(writer).catch(() => null)) !== null) {
    try {
      (await openEngine(writer, { access_mode: "READ_ONLY" })).close();
    } catch (error) {
      if (/could not set lock/i.test((error as Error).message))
        return ok(name, uses, `a run writes at this moment${started === null ? "" : ` (${started})`}`);
    }
  }
  if (started === null) return ok(name, uses, "none is under way, none was interrupted");
  return warning(name, uses, `${started} was interrupted`, "nothing to do: the next run removes what it left");
}

/** @param warehouse null: none is asked for */
export async function warehouseChecks(dataset: Dataset, warehouse: string): Promise<readonly Check[]> {
  const writable = await writableCheck("warehouse", uses, warehouse);
  if ((await stat(warehouse).catch(() => null)) === null) return [writable];
  try {
    const state = await readPublished(warehouse, dataset.name);
    if (state === null)
      return [writable, ok("published state", uses, "nothing is published yet"), await lockCheck(warehouse)];
    const published = ok("published state", uses, `run ${state.runId}, ${Object.keys(state.dates).length} dates`);
    const files = await filesCheck(warehouse, state);
    const rows = files.state === "ok" ? [await rowsCheck(warehouse, dataset, state)] : [];
    return [writable, published, files, ...rows, await lockCheck(warehouse)];
  } catch (error) {
    if (!(error instanceof SalesEtlError)) throw error;
    return [writable, missing("published state", uses, error.code, error.message)];
  }
}
