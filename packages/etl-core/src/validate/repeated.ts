/** Whether the rows of a day came before as those of an earlier day: an export of the wrong date. */
import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { latenessOf, type Table } from "../contract/table.ts";
import { addDays, type BusinessDate, type Landing } from "../landing/index.ts";
import { manifestOf } from "./earlier.ts";
import { type CheckedFile, checkFile } from "./file.ts";

/** Of the unzipped bytes; null where they are no gzip. */
async function contentOf(stream: Readable, isGzip: boolean): Promise<string | null> {
  const hash = createHash("sha256");
  try {
    const bytes = isGzip ? stream.compose(createGunzip()) : stream;
    for await (const chunk of bytes) hash.update(chunk as Buffer);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code?.startsWith("Z_") === true) return null;
    throw error;
  }
  return hash.digest("hex");
}

const isGzip = (file: string) => file.endsWith(".gz");

/**
 * Looked for in the manifests of the days that rows of this date may be late: on any other day every row would be rejected
 * for its date. Of those files only such are read as have as many rows and can have the same bytes.
 * @returns the earlier file with the same rows, if that one was accepted; null where there is none
 */
export async function repeatedInLanding(
  landing: Landing,
  table: Table,
  date: BusinessDate,
  checked: CheckedFile,
): Promise<string | null> {
  for (let age = 1; age <= (latenessOf(table) ?? 0); age += 1) {
    const earlier = addDays(date, -age);
    const manifest = await manifestOf(landing, earlier);
    for (const { table: of, file, rows, bytes, sha256 } of manifest?.files ?? []) {
      if (of !== table.name || rows !== checked.rowsRead) continue;
      const sameForm = isGzip(file) === isGzip(checked.file);
      if (sameForm && sha256 !== undefined && sha256 !== checked.sha256 && !isGzip(file)) continue;
      if (sameForm && bytes !== checked.bytes && !isGzip(file)) continue;
      const [found] = await landing.list(file);
      if (found?.key !== file) continue;
      if ((await contentOf(await landing.open(file), isGzip(file))) !== checked.contentSha256) continue;
      const expected = { rows, bytes, sha256 };
      const before = await checkFile({
        table,
        businessDate: earlier,
        file,
        stream: await landing.open(file),
        expected,
      });
      if (before.verdict === "accepted") return file;
    }
  }
  return null;
}
