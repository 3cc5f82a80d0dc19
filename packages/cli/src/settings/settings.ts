/** The settings that a command runs with: found, read, checked, and applied to the data set. */
import { access } from "node:fs/promises";
import path from "node:path";
import type { Dataset } from "@sales-etl/etl-core/contract";
import { type SourceSettings, tableOf, withSourceSettings } from "@sales-etl/etl-core/contract";
import { InvalidPropertiesError, type PropertyProblem, SalesEtlError } from "@sales-etl/etl-core/errors";
import { contractFrom } from "./contract-schema.ts";
import { parsed } from "./problems.ts";
import { readSettingsFile } from "./read-file.ts";
import { type SettingsDocument, type Source, settingsSchema } from "./schema.ts";

export interface Settings {
  /** null where there is none: the product's own data set, and nothing else set. */
  readonly file: string | null;
  readonly dataset: Dataset;
  /** Absolute. */
  readonly landing: string | null;
  readonly warehouse: string | null;
  readonly timeZone: string | null;
  readonly volume: { readonly factor: number; readonly weeks: number } | null;
  readonly keep: number | null;
  readonly sources: Readonly<Record<string, Source>>;
}

export const NAMES = [".ts", ".mjs", ".js", ".jsonc", ".json"].map((end) => `sales-etl.config${end}`);

/** @returns the settings file of a folder; null where there is none */
export async function settingsFileIn(folder: string): Promise<string | null> {
  for (const name of NAMES) {
    const file = path.join(folder, name);
    if (
      await access(file).then(
        () => true,
        () => false,
      )
    )
      return file;
  }
  return null;
}

/** A `defineDataset` of a module, which has functions that no document has. */
const isDataset = (value: object): boolean =>
  "fact" in value && "tables" in value && Array.isArray(value.tables) && "columnNames" in (value.tables[0] ?? {});

async function contractOf(contract: SettingsDocument["contract"], file: string, own: Dataset): Promise<Dataset> {
  if (contract === undefined || contract === own.name) return own;
  if (typeof contract === "string") {
    const named = path.resolve(path.dirname(file), contract);
    const value = await readSettingsFile(named).catch((error: unknown) => {
      if (!(error instanceof SalesEtlError) || error.code !== "SETTINGS_NOT_FOUND") throw error;
      const message = `is neither ${own.name} nor a file: there is no ${named}`;
      throw new InvalidPropertiesError(file, [{ path: "contract", message }], "SETTINGS_INVALID");
    });
    return isDataset(value as object) ? (value as Dataset) : contractFrom(value, named);
  }
  return isDataset(contract) ? (contract as unknown as Dataset) : contractFrom(contract, `${file}, contract`);
}

/** What names tables and columns must name such as there are; the rest is the core's to say. */
function namesOf(dataset: Dataset, { sources }: SettingsDocument): readonly PropertyProblem[] {
  const tables = dataset.tables.map(({ name }) => name);
  const problems: PropertyProblem[] = [];
  for (const name of Object.keys(sources ?? {})) {
    if (!tables.includes(name))
      problems.push({ path: `sources.${name}`, message: `${dataset.name} has no such table: ${tables.join(", ")}` });
  }
  for (const [name, source] of Object.entries(sources ?? {})) {
    if (!tables.includes(name) || !("columns" in source)) continue;
    const { columns } = tableOf(dataset, name);
    for (const column of Object.keys(source.columns)) {
      if (columns[column] === undefined)
        problems.push({
          path: `sources.${name}.columns.${column}`,
          message: `${name} has no such column: ${Object.keys(columns).join(", ")}`,
        });
    }
  }
  return problems;
}

/** Its errors name the file, too. */
function asDelivered(contract: Dataset, settings: SourceSettings, file: string): Dataset {
  try {
    return withSourceSettings(contract, settings);
  } catch (error) {
    if (!(error instanceof InvalidPropertiesError)) throw error;
    throw new InvalidPropertiesError(file, error.problems, "SETTINGS_INVALID");
  }
}

/** @param own the data set without a contract in the settings */
export async function readSettings(file: string, own: Dataset): Promise<Settings> {
  const given = parsed(settingsSchema, await readSettingsFile(file), file);
  const contract = await contractOf(given.contract, file, own);
  const problems = namesOf(contract, given);
  if (problems.length > 0) throw new InvalidPropertiesError(file, problems, "SETTINGS_INVALID");
  const { timeZone, volume, keep, sources } = given;
  const inFolder = (folder: string | undefined) =>
    folder === undefined ? null : path.resolve(path.dirname(file), folder);
  return {
    file,
    dataset: asDelivered(contract, given, file),
    landing: inFolder(given.landing),
    warehouse: inFolder(given.warehouse),
    timeZone: timeZone ?? null,
    volume: volume === undefined ? null : { factor: volume.factor, weeks: volume.weeks ?? 8 },
    keep: keep ?? null,
    sources: sources ?? {},
  };
}

/** Without a settings file. */
export const noSettings = (dataset: Dataset): Settings => ({
  ...{ file: null, dataset, landing: null, warehouse: null, timeZone: null, volume: null, keep: null, sources: {} },
});
