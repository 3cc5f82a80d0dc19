/** The fingerprint by which the job sees that nothing of a date has changed: the same as `landing.py` computes. */
import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { type BusinessDate, manifestKey, parseManifest } from "@sales-etl/etl-core/landing";

/** As Python's `json.dumps` writes it: ASCII alone. */
const text = (value: string): string =>
  JSON.stringify(value).replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);

type Facts = { readonly bytes: number; readonly modified: bigint } | string;

const factsText = (facts: Facts): string =>
  typeof facts === "string" ? text(facts) : `{"bytes": ${facts.bytes}, "modified": ${facts.modified}}`;

async function factsOf(file: string, bytes: number): Promise<Facts> {
  const found = await stat(file, { bigint: true }).catch(() => null);
  // Only of a table that a person does not expect any more: else the date would not have been accepted.
  if (found === null) return "FILE_MISSING";
  if (Number(found.size) !== bytes) return "BYTES_DIFFER";
  return { bytes, modified: found.mtimeMs };
}

/** @param landing a folder, with a date that the gate has accepted */
export async function jobFingerprint(landing: string, businessDate: BusinessDate): Promise<string> {
  const manifest = await readFile(path.join(landing, ...manifestKey(businessDate).split("/")), "utf8");
  const facts = new Map<string, string>();
  for (const { file, bytes } of parseManifest(manifest, businessDate).files) {
    facts.set(file, factsText(await factsOf(path.join(landing, ...file.split("/")), bytes)));
  }
  const sorted = [...facts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, own]) => `${text(key)}: ${own}`);
  return createHash("sha256")
    .update(`[${text(manifest)}, {${sorted.join(", ")}}]`)
    .digest("hex");
}
