/**
 * An export as Snowflake's procedure makes it: a folder of its own for each (`export=<time>`), large tables in parts, and the
 * manifest last, with control totals as the database counts them. What an earlier export left stays where it is.
 */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { type Dataset, decimalOf, type Table } from "@sales-etl/etl-core/contract";
import { SalesEtlError } from "@sales-etl/etl-core/errors";
import { type BusinessDate, type Manifest, manifestKey, parseManifest, tablePrefix } from "@sales-etl/etl-core/landing";
import { type Engine, quoted } from "../engine/duckdb.ts";
import { makeFolder } from "../folder.ts";
import { rowsOf } from "./export.ts";

export interface ExportArgs {
  readonly database: Engine;
  readonly dataset: Dataset;
  readonly landing: string;
  readonly date: BusinessDate;
  /** A larger table is written in parts. @default one part */
  readonly partRows?: number;
  readonly now?: Date;
}

export interface Exported {
  readonly manifest: Manifest;
  /** The date's newest export has the same files, byte by byte: there is no second one. */
  readonly unchanged: boolean;
}

/** As the procedure names it: the time, of digits. */
const idOf = (now: Date) => now.toISOString().replaceAll(/[^0-9TZ]/g, "");

async function describeFile(file: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return { bytes: (await stat(file)).size, sha256: hash.digest("hex") };
}

async function counted(database: Engine, table: Table, select: string) {
  const columns = table.columnNames.filter((name) => decimalOf(table.columns[name]?.type ?? "") !== null);
  const sums = columns.map((name) => {
    const scale = decimalOf(table.columns[name]?.type ?? "")?.scale ?? 0;
    return `, CAST(CAST(COALESCE(SUM(TRY_CAST(${name} AS DECIMAL(38,${scale}))), 0) AS DECIMAL(38,${scale})) AS VARCHAR) AS ${name}`;
  });
  const [{ counted_rows, ...totals } = {}] = await database.rows(
    `SELECT COUNT(*) AS counted_rows${sums.join("")} FROM (${select})`,
  );
  return { rows: Number(counted_rows), totals: totals as Record<string, string> };
}

/** The manifest of the date as it is; null where there is none, or none that can be read. */
async function manifestNow(landing: string, date: BusinessDate): Promise<Manifest | null> {
  const text = await readFile(path.join(landing, ...manifestKey(date).split("/")), "utf8").catch(() => null);
  try {
    return text === null ? null : parseManifest(text, date);
  } catch (error) {
    if (error instanceof SalesEtlError) return null;
    throw error;
  }
}

const contentOf = ({ files, totals }: Manifest) =>
  JSON.stringify([files.map(({ table, rows, sha256, bytes }) => [table, rows, sha256, bytes]), totals]);

/** Every table reads the same moment of the database. A second export of the same rows changes nothing. */
export async function exportAs(args: ExportArgs): Promise<Exported> {
  const { database, dataset, landing, date, partRows } = args;
  const exportId = idOf(args.now ?? new Date());
  const folders = dataset.tables.map(({ name }) => `${tablePrefix(name, date)}export=${exportId}/`);
  const inLanding = (key: string) => path.join(landing, ...key.split("/"));
  const files: Manifest["files"] = [];
  const totals: Record<string, Record<string, string>> = {};
  let isKept = false;
  await database.run("BEGIN TRANSACTION");
  try {
    for (const [index, table] of dataset.tables.entries()) {
      const folder = folders[index] ?? "";
      await makeFolder(inLanding(folder));
      const select = rowsOf(table, date);
      const all = await counted(database, table, select);
      const size = partRows ?? Math.max(1, all.rows);
      // A day without rows gets a file with the header alone.
      for (let part = 0; part === 0 || part * size < all.rows; part += 1) {
        const file = `${folder}${table.name}_${date}_0_${part}_0.csv`;
        const rows = `SELECT * FROM (${select}) LIMIT ${size} OFFSET ${part * size}`;
        await database.run(`COPY (${rows}) TO ${quoted(inLanding(file))} (FORMAT csv, HEADER true)`);
        const own = Math.min(size, all.rows - part * size);
        files.push({ table: table.name, file, rows: own, ...(await describeFile(inLanding(file))) });
      }
      if (Object.keys(all.totals).length > 0) totals[table.name] = all.totals;
    }
    const manifest: Manifest = { version: 1, businessDate: date, exportId, files, totals };
    const before = await manifestNow(landing, date);
    if (before !== null && contentOf(before) === contentOf(manifest)) return { manifest: before, unchanged: true };
    const target = inLanding(manifestKey(date));
    await makeFolder(path.dirname(target));
    await writeFile(`${target}.${process.pid}.tmp`, `${JSON.stringify(manifest, null, 2)}\n`);
    await rename(`${target}.${process.pid}.tmp`, target);
    isKept = true;
    return { manifest, unchanged: false };
  } finally {
    await database.run("ROLLBACK").catch(() => {});
    // Half an export, or one more of the same.
    if (!isKept) for (const folder of folders) await rm(inLanding(folder), { recursive: true, force: true });
  }
}
