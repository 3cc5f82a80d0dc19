/** All that is looked at, for one way of use or for each. */
import { stat } from "node:fs/promises";
import path from "node:path";
import type { Dataset } from "@sales-etl/etl-core/contract";
import { SalesEtlError } from "@sales-etl/etl-core/errors";
import { noSettings, readSettings, type Settings, settingsFileIn } from "../settings/settings.ts";
import { type Check, missing, ok, type Use } from "./check.ts";
import { machineChecks } from "./machine.ts";
import { warehouseChecks } from "./warehouse.ts";

export interface Diagnosis {
  /** null: each way of use was looked at. */
  readonly for: Use | null;
  /** Nothing that the asked use needs is missing; where none was asked, what `run` needs. */
  readonly ok: boolean;
  readonly checks: readonly Check[];
}

export interface DoctorArgs {
  readonly dataset: Dataset;
  readonly use: Use | null;
  /** A settings file; null: that of this folder, where there is one. */
  readonly config: string | null;
  readonly warehouse?: string;
  readonly landing?: string;
}

async function settingsCheck(dataset: Dataset, config: string | null): Promise<[Settings, readonly Check[]]> {
  const file = config ?? (await settingsFileIn(process.cwd()));
  if (file === null) return [noSettings(dataset), []];
  try {
    const settings = await readSettings(file, dataset);
    return [settings, [ok("settings", ["run"], `${file}, contract ${settings.dataset.name}`)]];
  } catch (error) {
    if (!(error instanceof SalesEtlError)) throw error;
    return [noSettings(dataset), [missing("settings", ["run"], error.code, error.message)]];
  }
}

async function landingCheck(landing: string): Promise<Check> {
  const facts = await stat(landing).catch(() => null);
  if (facts?.isDirectory() === true) return ok("landing", ["run"], landing);
  const advice = "name the folder where exports arrive, or make it (`sales-etl export`, `sales-etl land`)";
  return missing("landing", ["run"], `there is no folder ${landing}`, advice);
}

export async function diagnose(args: DoctorArgs): Promise<Diagnosis> {
  const [settings, own] = await settingsCheck(args.dataset, args.config);
  const checks: Check[] = [...(await machineChecks()), ...own];
  const landing = args.landing ?? settings.landing;
  if (landing !== null) checks.push(await landingCheck(path.resolve(landing)));
  const warehouse = args.warehouse ?? settings.warehouse;
  if (warehouse !== null) checks.push(...(await warehouseChecks(settings.dataset, path.resolve(warehouse))));
  const { use } = args;
  const shown = use === null ? checks : checks.filter(({ uses }) => uses.includes(use));
  const needed = checks.filter(({ uses }) => uses.includes(use ?? "run"));
  return { for: use, ok: needed.every(({ state }) => state !== "missing"), checks: shown };
}
