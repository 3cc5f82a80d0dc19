import { createHash } from "node:crypto";
import type { Dataset } from "@sales-etl/etl-core/contract";
import { type BusinessDate, type Landing, manifestKey, tablePrefix } from "@sales-etl/etl-core/landing";

/** Of every byte that a date delivered and of the contract it is read with. */
export async function fingerprintOf(
  dataset: Dataset,
  contractVersion: string,
  landing: Landing,
  date: BusinessDate,
): Promise<string> {
  const prefixes = [...dataset.tables.map(({ name }) => tablePrefix(name, date)), manifestKey(date)];
  const hash = createHash("sha256").update(contractVersion);
  for (const prefix of prefixes) {
    for (const { key, bytes } of await landing.list(prefix)) {
      // The length in front keeps the border between two files from moving unseen.
      hash.update(`${key}\0${bytes}\0`);
      for await (const chunk of await landing.open(key)) hash.update(chunk as Buffer);
    }
  }
  return hash.digest("hex");
}
