/**
 * One quick pass over a file's bytes: its hash, and whether it is plain: no quotes, one kind of line end, no empty line,
 * and every value written as the contract's type of its column says. Every reader of CSV reads the same rows of such a
 * file, and an engine's typed read takes each value as it stands, or fails. Only engines that judge the rows in SQL need
 * it; for every other file the stream checker has the word.
 */
import { isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";
import type { Table } from "../contract/table.ts";
import { binaryFault } from "./bytes.ts";
import { namesOf, readHeader } from "./header.ts";
import { canBePlain, plainFields } from "./plain.ts";

export interface ScannedFile {
  /** As the file lies there. */
  readonly bytes: number;
  readonly sha256: string;
  /** The columns in the order of the file; null where it is not plain, or its header is not right. */
  readonly columns: readonly string[] | null;
}

/** Longer ones are for the stream checker to judge. */
const LONGEST_LINE = 1024 * 1024;

const LINE_FEED = 0x0a;

/** So many rows are matched at once: fewer calls, and still little to go back over. */
const ROWS_AT_ONCE = 16;

function headerOf(table: Table, line: Buffer): readonly string[] | null {
  if (binaryFault(line.subarray(0, 64), false) !== null) return null;
  const text = line.toString("utf8");
  const fields = text.split(",");
  const { problems, ignored, kept } = readHeader(table, fields);
  const plain = !/["\r\0]/.test(text) && problems.length + ignored.length + kept.length === 0;
  return plain ? namesOf(fields) : null;
}

/** Some rows, from where the last match ended: their values, empty or of their types, and a line feed. */
function rowsPattern(table: Table, order: readonly string[]): RegExp {
  const fields = plainFields(table);
  const row = order.map((name) => fields[name] ?? "").join(",");
  return new RegExp(`(?:${row}\\n){1,${ROWS_AT_ONCE}}`, "y");
}

/** Whether nothing but such rows stands from there to the end. */
function areRows(rows: RegExp, lines: Buffer, from: number): boolean {
  // A byte a character: what a text is made of does not matter here.
  const text = lines.toString("latin1", from);
  rows.lastIndex = 0;
  while (rows.lastIndex < text.length) if (!rows.test(text)) return false;
  return true;
}

/** Fed with pieces of a file. */
export function plainLines(table: Table): {
  take: (chunk: Buffer) => void;
  columns: () => readonly string[] | null;
} {
  let columns: readonly string[] | null = null;
  let rows: RegExp | null = null;
  let plain = canBePlain(table);
  let rest: Buffer = Buffer.alloc(0);

  const arePlain = (lines: Buffer): boolean => {
    if (!isUtf8(lines)) return false;
    if (rows !== null) return areRows(rows, lines, 0);
    const end = lines.indexOf(LINE_FEED);
    columns = headerOf(table, lines.subarray(0, end));
    if (columns === null) return false;
    rows = rowsPattern(table, columns);
    return areRows(rows, lines, end + 1);
  };

  return {
    take(chunk) {
      if (!plain) return;
      const block = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      const end = block.lastIndexOf(LINE_FEED) + 1;
      plain = end === 0 || arePlain(block.subarray(0, end));
      // Whoever reads the file may use the piece again.
      rest = Buffer.from(block.subarray(end));
      plain &&= rest.length <= LONGEST_LINE;
    },
    columns: () => (plain && rest.length === 0 ? columns : null),
  };
}

/**
 * @param pieces of the file's bytes, which are not looked at again afterwards
 * @param table null where only the hash is wanted
 */
export async function scanFile(pieces: AsyncIterable<Buffer>, table: Table | null): Promise<ScannedFile> {
  const hash = createHash("sha256");
  const plain = table === null ? null : plainLines(table);
  let bytes = 0;
  for await (const chunk of pieces) {
    bytes += chunk.length;
    hash.update(chunk);
    plain?.take(chunk);
  }
  return { bytes, sha256: hash.digest("hex"), columns: plain?.columns() ?? null };
}
