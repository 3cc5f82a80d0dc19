/**
 * One quick pass over a file's bytes: its hash, and whether it is so plain (no quotes, one kind of line end, nothing
 * empty, no byte that is not text) that every reader of CSV reads the same rows. Only engines that judge the rows in SQL
 * need it; for every other file the stream checker has the word.
 */
import { isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";
import type { Table } from "../contract/table.ts";
import { binaryFault } from "./bytes.ts";
import { namesOf, readHeader } from "./header.ts";

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
const COMMA = 0x2c;
const EMPTY_LINE = Buffer.from("\n\n");
const COMMA_AT_END = Buffer.from(",\n");
/** A quote, a carriage return, NUL: each may be right, and none is plain. */
const NOT_PLAIN = [0x22, 0x0d, 0] as const;

/** A header among the rows must be seen by the checks of the rows: a name is no number and no day. */
const showsHeaders = ({ columns }: Table): boolean =>
  Object.values(columns).some(({ type }) => type !== "string" && type !== "boolean");

function headerOf(table: Table, lines: Buffer): readonly string[] | null {
  if (binaryFault(lines.subarray(0, 64), false) !== null) return null;
  const fields = lines.toString("utf8", 0, lines.indexOf(LINE_FEED)).split(",");
  const { problems, ignored, kept } = readHeader(table, fields);
  return problems.length + ignored.length + kept.length === 0 ? namesOf(fields) : null;
}

/** Engines let a line pass that has one comma too many at its end. Other lines of a wrong width they refuse. */
function endsRight(lines: Buffer, width: number): boolean {
  for (let at = lines.indexOf(COMMA_AT_END); at >= 0; at = lines.indexOf(COMMA_AT_END, at + 1)) {
    let commas = 0;
    for (let index = at; index >= 0 && lines[index] !== LINE_FEED; index -= 1) if (lines[index] === COMMA) commas += 1;
    if (commas !== width - 1) return false;
  }
  return true;
}

/** Fed with pieces of a file. */
export function plainLines(table: Table): {
  take: (chunk: Buffer) => void;
  columns: () => readonly string[] | null;
} {
  let columns: readonly string[] | null = null;
  let plain = showsHeaders(table);
  let rest: Buffer = Buffer.alloc(0);

  const arePlain = (lines: Buffer): boolean => {
    if (NOT_PLAIN.some((byte) => lines.includes(byte)) || !isUtf8(lines)) return false;
    if (lines[0] === LINE_FEED || lines.includes(EMPTY_LINE)) return false;
    columns ??= headerOf(table, lines);
    return columns !== null && endsRight(lines, columns.length);
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
