/** What the job has published into a folder, from the receipts in its control folder. */
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { SalesEtlError } from "@sales-etl/etl-core/errors";
import { parseWithIds } from "./iceberg.ts";

export interface Publish {
  readonly kind: "publish" | "rollback";
  readonly run_id: string;
  readonly business_dates: readonly string[];
  readonly moves: readonly { readonly table: string; readonly before: string; readonly after: string }[];
  /** By date the periods that were computed again because of it; nothing in receipts of older versions. */
  readonly loads?: Readonly<Record<string, { readonly periodsRestated: readonly number[] }>>;
  readonly outcome: string;
  /** UTC, ISO 8601. */
  readonly when: string;
}

const ENDING = ".done.json";
const BEGUN = ".intent.json";

/** Which engine made the folder; null of one that none has written to. */
export function engineOf(warehouse: string): "duckdb" | "spark" | null {
  if (existsSync(path.join(warehouse, "_control", "lease.json"))) return "spark";
  return existsSync(path.join(warehouse, "current.json")) ? "duckdb" : null;
}

/** @throws {SalesEtlError} WAREHOUSE_OTHER_ENGINE */
export function requireEngine(warehouse: string, engine: "duckdb" | "spark"): void {
  const found = engineOf(warehouse);
  if (found === null || found === engine) return;
  throw new SalesEtlError(`${path.resolve(warehouse)} was made with --engine ${found}: name another folder`, {
    code: "WAREHOUSE_OTHER_ENGINE",
    path: warehouse,
  });
}

/** What a publish has begun and not ended, if any: it is under way, or its run has died. */
export async function readUnfinished(warehouse: string): Promise<readonly Pick<Publish, "run_id" | "moves">[]> {
  const folder = path.join(warehouse, "_control", "publish");
  const names = await readdir(folder).catch(() => [] as string[]);
  const begun = names.filter((name) => name.endsWith(BEGUN) && !names.includes(name.replace(BEGUN, ENDING)));
  return Promise.all(
    begun.map(async (name) => parseWithIds(await readFile(path.join(folder, name), "utf8")) as Publish),
  );
}

/** Those that came to their end, oldest first. The names begin with the token of the lease, which counts up. */
export async function readPublishes(warehouse: string): Promise<readonly Publish[]> {
  const folder = path.join(warehouse, "_control", "publish");
  const names = (await readdir(folder).catch(() => [] as string[])).filter((name) => name.endsWith(ENDING)).sort();
  const all = await Promise.all(
    names.map(async (name) => parseWithIds(await readFile(path.join(folder, name), "utf8")) as Publish),
  );
  return all.filter(({ outcome }) => outcome === "done");
}

/** @throws {SalesEtlError} NOTHING_PUBLISHED */
export async function requirePublishes(warehouse: string): Promise<readonly [Publish, ...Publish[]]> {
  const [first, ...others] = await readPublishes(warehouse);
  if (first !== undefined) return [first, ...others];
  throw new SalesEtlError(`nothing is published in ${warehouse} yet: run \`sales-etl run --engine spark\` first`, {
    code: "NOTHING_PUBLISHED",
    path: warehouse,
  });
}
