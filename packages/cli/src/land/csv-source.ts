/** Somebody's CSV files as a relation of texts, whatever their encoding and delimiter. */
import { createReadStream, createWriteStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { SalesEtlError } from "@sales-etl/etl-core/errors";
import { literalPath, quoted } from "../engine/duckdb.ts";

export const identifier = (name: string) => `"${name.replaceAll('"', '""')}"`;

const unreadable = (file: string, message: string, cause?: unknown) =>
  new SalesEtlError(`${file}: ${message}`, { code: "SOURCE_UNREADABLE", path: file, cause });

/** The chunks of a file as text. @throws {SalesEtlError} SOURCE_UNREADABLE */
async function* decoded(file: string, encoding: string): AsyncGenerator<string> {
  let decoder: InstanceType<typeof TextDecoder>;
  try {
    decoder = new TextDecoder(encoding, { fatal: true });
  } catch (cause) {
    throw unreadable(file, `there is no encoding "${encoding}"`, cause);
  }
  const raw = createReadStream(file);
  const bytes = file.endsWith(".gz") ? raw.pipe(createGunzip()) : raw;
  try {
    for await (const chunk of bytes as AsyncIterable<Buffer>) yield decoder.decode(chunk, { stream: true });
    yield decoder.decode();
  } catch (cause) {
    if (cause instanceof TypeError) throw unreadable(file, `is not written in ${encoding}`, cause);
    throw unreadable(file, (cause as Error).message, cause);
  } finally {
    raw.destroy();
  }
}

/** Writes the file once more as UTF-8 without a byte order mark, which is what the engine reads. */
export async function asUtf8(file: string, encoding: string, target: string): Promise<string> {
  await pipeline(decoded(file, encoding), createWriteStream(target));
  return target;
}

/** Rows of one UTF-8 file, all columns text under the names of its header, in the order of the file. */
export const textRows = (file: string, delimiter: string): string =>
  `SELECT * FROM read_csv(${literalPath(file)}, all_varchar = true, header = true, delim = ${quoted(delimiter)}, quote = '"', escape = '"', strict_mode = true, null_padding = false, ignore_errors = false, max_line_size = 8388608)`;

/** What the engine says of a file that it cannot read, without its advice on its own options. */
export const engineFault = (file: string, cause: unknown): SalesEtlError =>
  unreadable(file, (cause as Error).message.split("\n").slice(0, 3).join(" "), cause);

/** Files that match patterns in which `*` stands for anything but `/`, sorted. */
export async function matching(folder: string, patterns: readonly string[]): Promise<string[]> {
  const found = new Set<string>();
  for (const pattern of patterns) {
    const parts = path.resolve(folder, pattern).split(path.sep);
    const fixed = parts.slice(
      0,
      Math.max(
        1,
        parts.findIndex((part) => part.includes("*")),
      ),
    );
    if (!pattern.includes("*")) {
      const file = parts.join(path.sep);
      if ((await stat(file).catch(() => null))?.isFile() === true) found.add(file);
      continue;
    }
    const base = fixed.join(path.sep) || path.sep;
    const escaped = (text: string) => text.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", "[^/]*");
    const whole = new RegExp(`^${parts.slice(fixed.length).map(escaped).join("/")}$`);
    for (const entry of await readdir(base, { recursive: true, withFileTypes: true }).catch(() => [])) {
      const file = path.join(entry.parentPath, entry.name);
      if (entry.isFile() && whole.test(path.relative(base, file).split(path.sep).join("/"))) found.add(file);
    }
  }
  return [...found].sort();
}
