import { createHash } from "node:crypto";
import type { BigIntStats } from "node:fs";
import { open } from "node:fs/promises";
import path from "node:path";
import { type Dataset, type Table, tableOf } from "@sales-etl/etl-core/contract";
import { type BusinessDate, type Landing, manifestKey, tablePrefix } from "@sales-etl/etl-core/landing";
import { type ScannedFile, scanFile } from "@sales-etl/etl-core/validate";

export interface ScannedInPlace extends ScannedFile {
  /** Another one: the file was written again since. */
  readonly stamp: string;
}

/** What a date delivered, byte by byte: every file under its key, those that nothing names among them. */
export type ScannedDate = ReadonlyMap<string, ScannedInPlace>;

/** What the file system says of a file that is not written to. */
export const stampOf = ({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string =>
  [dev, ino, size, mtimeNs, ctimeNs].join(" ");

/** Larger than what a stream reads at once: fewer and cheaper pieces. */
const PIECE = 1024 * 1024;

async function scan(landing: Landing, key: string, table: Table | null): Promise<ScannedInPlace> {
  const handle = await open(path.join(landing.uri, ...key.split("/")));
  async function* pieces(): AsyncGenerator<Buffer> {
    const piece = Buffer.allocUnsafeSlow(PIECE);
    for (;;) {
      const { bytesRead } = await handle.read(piece, 0, PIECE);
      if (bytesRead === 0) return;
      yield piece.subarray(0, bytesRead);
    }
  }
  try {
    const stamp = stampOf(await handle.stat({ bigint: true }));
    return { ...(await scanFile(pieces(), table)), stamp };
  } finally {
    await handle.close();
  }
}

/**
 * Reads every file of a date once.
 * @param landing a folder
 * @param mayLoad whether to see which files are plain; the hash alone is quicker
 */
export async function scanDate(
  dataset: Dataset,
  landing: Landing,
  date: BusinessDate,
  mayLoad: boolean,
): Promise<ScannedDate> {
  const files = new Map<string, ScannedInPlace>();
  for (const { name } of dataset.tables) {
    for (const { key } of await landing.list(tablePrefix(name, date))) {
      files.set(key, await scan(landing, key, mayLoad ? tableOf(dataset, name) : null));
    }
  }
  for (const { key } of await landing.list(manifestKey(date))) files.set(key, await scan(landing, key, null));
  return files;
}

/** Of every byte that a date delivered and of the contract it is read with. */
export function fingerprintOf(contractVersion: string, files: ScannedDate): string {
  const hash = createHash("sha256").update(contractVersion);
  for (const [key, { bytes, sha256 }] of files) hash.update(`${key}\0${bytes}\0${sha256}\0`);
  return hash.digest("hex");
}
