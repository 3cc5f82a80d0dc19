/** Writes the manifest of a date: last, and whole or not at all. */
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { type Dataset, tableOf } from "@sales-etl/etl-core/contract";
import { SalesEtlError } from "@sales-etl/etl-core/errors";
import {
  type BusinessDate,
  isFileOf,
  type Manifest,
  type ManifestFile,
  manifestKey,
  tablePrefix,
} from "@sales-etl/etl-core/landing";
import { folderLanding } from "@sales-etl/etl-core/landing/folder";
import { type CheckedFile, checkFile, totalsOver } from "@sales-etl/etl-core/validate";
import { makeFolder } from "../folder.ts";

const WRITER = "sales-etl manifest";

const manifestFile = (landing: string, date: BusinessDate) => path.join(landing, ...manifestKey(date).split("/"));

/** Without its manifest a date is incomplete: to be called before its files are replaced. */
export const removeManifest = (landing: string, date: BusinessDate): Promise<void> =>
  rm(manifestFile(landing, date), { force: true });

/** Files of two exports, or one file twice, would count twice: which of them is right only a person can say. */
function requireOneExport(table: string, keys: readonly string[]): void {
  const stems = keys.map((key) => key.replace(/[.]gz$/, ""));
  const twice = stems.find((stem, index) => stems.indexOf(stem) !== index);
  const folders = [...new Set(keys.map((key) => path.posix.dirname(key)))];
  if (twice === undefined && folders.length === 1) return;
  const why = twice === undefined ? `files in ${folders.join(" and ")}` : `${twice} with and without .gz`;
  throw new SalesEtlError(`there are several exports of ${table}: ${why}; leave the one that counts`, {
    code: "EXPORT_AMBIGUOUS",
    path: table,
  });
}

/** The source's own manifest says what it exported: it is not replaced by what happens to lie there. */
async function requireOwnManifest(file: string): Promise<void> {
  const text = await readFile(file, "utf8").catch(() => null);
  if (text === null || text.includes(`"writtenBy": "${WRITER}"`)) return;
  throw new SalesEtlError(`${file} was written by the source; remove it first if it is wrong`, {
    code: "MANIFEST_EXISTS",
    path: file,
  });
}

/** @throws {SalesEtlError} MANIFEST_EXISTS where the date's manifest was written by its source */
export const requireOwn = (landing: string, date: BusinessDate): Promise<void> =>
  requireOwnManifest(manifestFile(landing, date));

/** Counts and hashes what lies there for a date. */
export async function describeFiles(
  dataset: Dataset,
  landing: string,
  date: BusinessDate,
  without: readonly string[] = [],
): Promise<Pick<Manifest, "files" | "totals">> {
  const source = folderLanding(landing);
  const files: ManifestFile[] = [];
  const totals: Record<string, Record<string, string>> = {};
  for (const { name } of dataset.tables.filter((table) => !without.includes(table.name))) {
    const ofTable: CheckedFile[] = [];
    const objects = await source.list(tablePrefix(name, date));
    const named = objects.filter(({ key }) => isFileOf(name, date, path.posix.basename(key)));
    if (named.length === 0) {
      throw new SalesEtlError(
        `${source.uri} has no file of ${name} for ${date}: expected ${tablePrefix(name, date)}${name}_${date}.csv`,
        {
          code: "TABLE_MISSING",
          path: tablePrefix(name, date),
        },
      );
    }
    requireOneExport(
      name,
      named.map(({ key }) => key),
    );
    for (const { key } of named) {
      const checked = await checkFile({
        table: tableOf(dataset, name),
        businessDate: date,
        file: key,
        stream: await source.open(key),
      });
      const broken = checked.readToEnd ? undefined : checked.problems.find(({ column }) => column === null);
      if (broken !== undefined) {
        const where = broken.line === null ? key : `${key}:${broken.line}`;
        throw new SalesEtlError(`${where} cannot be read to its end: ${broken.message}`, {
          code: broken.code,
          path: where,
        });
      }
      files.push({ table: name, file: key, rows: checked.rowsRead, bytes: checked.bytes, sha256: checked.sha256 });
      ofTable.push(checked);
    }
    const sums = totalsOver(tableOf(dataset, name), ofTable);
    if (Object.keys(sums).length > 0) totals[name] = sums;
  }
  return { files, totals };
}

/**
 * @param without tables that are left out: snapshots that an older one stands in for, or gaps that somebody accepts
 * @returns the manifest as written
 */
export async function writeManifest(
  dataset: Dataset,
  landing: string,
  date: BusinessDate,
  without: readonly string[] = [],
): Promise<Manifest> {
  for (const name of without) tableOf(dataset, name);
  const file = manifestFile(landing, date);
  await requireOwnManifest(file);
  const described = await describeFiles(dataset, landing, date, without);
  const manifest: Manifest = { version: 1, businessDate: date, writtenBy: WRITER, ...described };
  await makeFolder(path.dirname(file));
  const next = `${file}.${process.pid}.tmp`;
  await writeFile(next, `${JSON.stringify(manifest, null, 2)}\n`);
  await rename(next, file);
  return manifest;
}
