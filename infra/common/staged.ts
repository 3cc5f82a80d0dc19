import { createHash, randomUUID } from "node:crypto";
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";

const folder = path.resolve(import.meta.dirname, "../../.cache/artifacts");

/**
 * Writes what a program has made where Pulumi's providers, which run in processes of their own, can read it: under a name that
 * is its content's, so that programs that run at once do no harm to each other.
 *
 * @returns the file
 */
export function staged(content: Uint8Array | string): string {
  const file = path.join(folder, createHash("sha256").update(content).digest("hex"));
  const written = `${file}.${randomUUID()}`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(written, content);
  renameSync(written, file);
  return file;
}
