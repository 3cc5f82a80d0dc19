/** What lies in somebody's folder: CSV files by their header, with encoding and delimiter, and what is no CSV. */
import { createReadStream } from "node:fs";
import { open, readdir, stat } from "node:fs/promises";
import path from "node:path";
import { createGunzip } from "node:zlib";

export interface FoundFile {
  /** Relative to the folder, with `/`. */
  readonly file: string;
  readonly encoding: string;
  /** How the encoding was told; null where it is certain. */
  readonly doubt: string | null;
  readonly delimiter: string;
  readonly header: readonly string[];
}

export interface FoundFiles {
  readonly files: readonly FoundFile[];
  readonly unsupported: readonly { readonly file: string; readonly why: string }[];
}

const CSV = /[.](?:csv|tsv|txt)(?:[.]gz)?$/i;

const OTHER: Readonly<Record<string, string>> = {
  xlsx: "a spreadsheet: save each sheet as CSV",
  xls: "a spreadsheet: save each sheet as CSV",
  ods: "a spreadsheet: save each sheet as CSV",
  parquet: "Parquet: export it as CSV",
  json: "JSON: export it as CSV",
  xml: "XML: export it as CSV",
  zip: "an archive: unpack it",
  "7z": "an archive: unpack it",
};

const DELIMITERS = [",", ";", "\t", "|"];
const START = 256 * 1024;

async function startOf(file: string): Promise<Buffer> {
  if (file.endsWith(".gz")) {
    const parts: Buffer[] = [];
    let size = 0;
    for await (const chunk of createReadStream(file).pipe(createGunzip()) as AsyncIterable<Buffer>) {
      parts.push(chunk);
      size += chunk.length;
      if (size > START) break;
    }
    return Buffer.concat(parts);
  }
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(START), 0, START, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

async function isUtf8(file: string): Promise<boolean> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const raw = createReadStream(file);
  try {
    const bytes = file.endsWith(".gz") ? raw.pipe(createGunzip()) : raw;
    for await (const chunk of bytes as AsyncIterable<Buffer>) decoder.decode(chunk, { stream: true });
    decoder.decode();
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  } finally {
    raw.destroy();
  }
}

/** From the mark at its start, else from all of its bytes. */
async function encodingOf(file: string, start: Buffer): Promise<{ encoding: string; doubt: string | null }> {
  if (start[0] === 0xff && start[1] === 0xfe) return { encoding: "utf-16le", doubt: null };
  if (start[0] === 0xfe && start[1] === 0xff) return { encoding: "utf-16be", doubt: null };
  if (await isUtf8(file)) return { encoding: "utf-8", doubt: null };
  const doubt =
    "its bytes are no UTF-8, so windows-1252 (Western Europe) is assumed; another one-byte encoding cannot be told from it: look at the letters with accents";
  return { encoding: "windows-1252", doubt };
}

/** The fields of a line; quotes are kept together. */
function fieldsOf(line: string, delimiter: string): string[] {
  const fields: string[] = [];
  let field = "";
  let quotes = false;
  for (let at = 0; at < line.length; at += 1) {
    const sign = line[at];
    if (sign === '"' && quotes && line[at + 1] === '"') {
      field += '"';
      at += 1;
    } else if (sign === '"') quotes = !quotes;
    else if (sign === delimiter && !quotes) {
      fields.push(field);
      field = "";
    } else field += sign;
  }
  return [...fields, field];
}

const SAMPLE = 50;

/** The sign that gives the most fields, as many in every line. */
function delimiterOf(lines: readonly string[]): string | null {
  const counts = DELIMITERS.map((delimiter) => {
    const widths = lines.map((line) => fieldsOf(line, delimiter).length);
    const even = widths.filter((width) => width === widths[0]).length / Math.max(1, widths.length);
    return { delimiter, width: widths[0] ?? 1, even };
  }).filter(({ width, even }) => width > 1 && even > 0.9);
  return counts.sort((a, b) => b.even - a.even || b.width - a.width)[0]?.delimiter ?? null;
}

async function look(folder: string, file: string): Promise<FoundFile | string> {
  const whole = path.join(folder, file);
  const start = await startOf(whole).catch((error: Error) => error);
  if (start instanceof Error) return `cannot be read: ${start.message}`;
  if (start.length === 0) return "empty";
  const { encoding, doubt } = await encodingOf(whole, start);
  if (encoding === "utf-8" && start.includes(0)) return "no text";
  const lines = new TextDecoder(encoding).decode(start).split(/\r\n|\n|\r/);
  if (start.length >= START) lines.pop();
  const sample = lines.filter((line) => line !== "").slice(0, SAMPLE);
  const delimiter = delimiterOf(sample);
  if (delimiter === null) return "no comma, semicolon, tab or bar stands in every line: no table of several columns";
  const header = fieldsOf(sample[0] ?? "", delimiter).map((name) => name.trim());
  const odd = header.find((name) => name === "" || /^[-+]?[0-9][0-9.,:/-]*$/.test(name));
  if (odd !== undefined) return `its first line is no header: ${odd === "" ? "an empty name" : `"${odd}" is a value`}`;
  if (new Set(header).size < header.length) return "two columns have the same name";
  return { file, encoding, doubt, delimiter, header };
}

/** Looks at every file of a folder, also in folders below. */
export async function findFiles(folder: string): Promise<FoundFiles> {
  const files: FoundFile[] = [];
  const unsupported: { file: string; why: string }[] = [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join("/"))
    .filter((name) => !name.split("/").some((part) => part.startsWith(".") || part === "node_modules"))
    .sort();
  for (const file of names) {
    if (!(await stat(path.join(folder, file))).isFile()) continue;
    if (!CSV.test(file)) {
      const why = OTHER[path.extname(file).slice(1).toLowerCase()];
      if (why !== undefined) unsupported.push({ file, why });
      continue;
    }
    const found = await look(folder, file);
    if (typeof found === "string") unsupported.push({ file, why: found });
    else files.push(found);
  }
  return { files, unsupported };
}

export interface FileGroup {
  readonly name: string;
  readonly files: readonly FoundFile[];
}

/** What is common to the names of a table's files: without days, numbers and endings. */
const stem = (file: string) =>
  path.posix
    .basename(file)
    .replace(CSV, "")
    .replace(/[0-9]{4}-?[0-9]{2}(?:-?[0-9]{2})?|[0-9]+/g, "")
    .replace(/^[^\p{L}]+|[^\p{L}\p{N}]+$/gu, "");

/** Files with the same columns and the same name but for numbers are one table. */
export function groupsOf(files: readonly FoundFile[]): readonly FileGroup[] {
  const groups = new Map<string, FoundFile[]>();
  for (const file of files) {
    const key = JSON.stringify([stem(file.file).toLowerCase(), file.header, file.delimiter, file.encoding]);
    groups.set(key, [...(groups.get(key) ?? []), file]);
  }
  return [...groups.values()].map((own) => ({ name: stem(own[0]?.file ?? "") || "table", files: own }));
}
