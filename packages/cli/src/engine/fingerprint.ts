import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import path from "node:path";
import { type Dataset, tableOf } from "@sales-etl/etl-core/contract";
import { type BusinessDate, type Landing, manifestKey, tablePrefix } from "@sales-etl/etl-core/landing";
import { type ScannedFile, scanFile } from "@sales-etl/etl-core/validate";

/** What a date delivered, byte by byte: every file under its key, those that nothing names among them. */
export type ScannedDate = ReadonlyMap<string, ScannedFile>;

/** Larger than what a stream reads at once: fewer and cheaper pieces. */
const PIECE = 1024 * 1024;

async function* pieces(landing: Landing, key: string): AsyncGenerator<Buffer> {
  const handle = await open(path.join(landing.uri, ...key.split("/")));
  try {
    const piece = Buffer.allocUnsafeSlow(PIECE);
    for (;;) {
      const { bytesRead } = await handle.read(piece, 0, PIECE);
      if (bytesRead === 0) return;
      yield piece.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

/**
 * Reads every file of a date once.
 * @param landing a folder
 */
export async function scanDate(dataset: Dataset, landing: Landing, date: BusinessDate): Promise<ScannedDate> {
  const files = new Map<string, ScannedFile>();
  for (const { name } of dataset.tables) {
    for (const { key } of await landing.list(tablePrefix(name, date))) {
      files.set(key, await scanFile(pieces(landing, key), tableOf(dataset, name)));
    }
  }
  for (const { key } of await landing.list(manifestKey(date))) {
    files.set(key, await scanFile(pieces(landing, key), null));
  }
  return files;
}

/** Of every byte that a date delivered and of the contract it is read with. */
export function fingerprintOf(contractVersion: string, files: ScannedDate): string {
  const hash = createHash("sha256").update(contractVersion);
  for (const [key, { bytes, sha256 }] of files) hash.update(`${key}\0${bytes}\0${sha256}\0`);
  return hash.digest("hex");
}
