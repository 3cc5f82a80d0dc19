/** What bytes are that are not CSV text in UTF-8: another encoding, or another kind of file. */
import type { ProblemCode } from "./codes.ts";

interface Fault {
  readonly code: ProblemCode;
  readonly message: string;
}

const wide = (name: string): Fault => ({
  code: "FILE_NOT_UTF8",
  message: `the file is ${name}; export it as UTF-8`,
});

/** Encodings with several bytes a character, by their byte order mark or by where the NULs of plain letters stand. */
export function encodingOfStart(bytes: Buffer): Fault | null {
  const [a, b, c, d] = bytes;
  if (a === 0xff && b === 0xfe) return wide(c === 0 && d === 0 ? "UTF-32LE" : "UTF-16LE");
  if (a === 0xfe && b === 0xff) return wide("UTF-16BE");
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return wide("UTF-32BE");
  const nul = [a, b, c, d].map((byte) => (byte === undefined ? "" : byte === 0 ? "0" : "x")).join("");
  if (nul === "x000") return wide("UTF-32LE without a byte order mark");
  if (nul === "000x") return wide("UTF-32BE without a byte order mark");
  if (nul === "x0x0") return wide("UTF-16LE without a byte order mark");
  if (nul === "0x0x") return wide("UTF-16BE without a byte order mark");
  return null;
}

/** Kinds of files that people name .csv, by their first bytes (`file`'s magic numbers). */
const kinds: readonly (readonly [magic: string, kind: string])[] = [
  ["PAR1", "a Parquet file"],
  ["\x1f\x8b", "a gzip file"],
  ["BZh", "a bzip2 file"],
  ["\x28\xb5\x2f\xfd", "a Zstandard file"],
  ["\xfd7zXZ\0", "an xz file"],
  ["7z\xbc\xaf", "a 7-Zip file"],
  ["ORC\x01", "an ORC file"],
  ["ORC\n", "an ORC file"],
  ["Obj\x01", "an Avro file"],
  ["ARROW1", "an Arrow file"],
  ["%PDF-", "a PDF"],
  ["\xd0\xcf\x11\xe0", "an old Excel workbook (.xls)"],
  ["SQLite format 3\0", "an SQLite database"],
];

/** @param unzipped the bytes come out of a gzip already */
export function binaryFault(bytes: Buffer, unzipped: boolean): Fault | null {
  const text = bytes.toString("latin1");
  const fault = (kind: string, advice: string): Fault => ({
    code: "FILE_BINARY",
    message: `this is ${kind}, not CSV text; ${advice}`,
  });
  if (text.startsWith("PK\x03\x04")) {
    return /\[Content_Types\][.]xml|_rels\/|xl\//.test(text)
      ? fault("an Excel workbook (.xlsx)", "export the sheet as CSV")
      : fault("a ZIP file", "deliver the CSV in it, alone or compressed by gzip");
  }
  const kind = kinds.find(([magic]) => text.startsWith(magic))?.[1];
  if (kind === undefined) return null;
  if (kind === "a gzip file") return fault(kind, unzipped ? "it was compressed twice" : "name it .csv.gz");
  return fault(kind, "export it as CSV");
}

/** The bytes of a character that a chunk begins and does not end. */
function unfinished(bytes: Buffer): Buffer {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] as number;
    if (byte < 0x80) break;
    if (byte < 0xc0) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return length > back ? bytes.subarray(bytes.length - back) : Buffer.alloc(0);
  }
  return Buffer.alloc(0);
}

export interface BadByte {
  /** What can be read before it. */
  readonly text: string;
  /** In hex. */
  readonly value: string;
  /** @param column counted in bytes from 1 */
  readonly message: (column: number) => string;
}

/** The first byte of a chunk that is not UTF-8, and what it would be in the encoding that people mean by "ANSI". */
export function faultOfBytes(before: Buffer, chunk: Buffer): BadByte {
  const held = unfinished(before);
  const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  let at = 0;
  let end = -1;
  do {
    end = text.indexOf("\ufffd", end + 1);
    at = end < 0 ? bytes.length : Buffer.byteLength(text.slice(0, end));
    // The replacement character may stand in the file itself.
  } while (end >= 0 && bytes[at] === 0xef && bytes[at + 1] === 0xbf && bytes[at + 2] === 0xbd);
  const byte = bytes[at] ?? 0;
  const value = `0x${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  const letter = new TextDecoder("windows-1252").decode(bytes.subarray(at, at + 1));
  const guess = byte < 0xa0 ? "Windows-1252" : "Latin-1 or Windows-1252";
  return {
    text: text.slice(0, Math.max(end, 0)),
    value,
    message: (column) =>
      `byte ${column} of the line, ${value}, is not UTF-8; the file looks like ${guess}, where it is "${letter}"`,
  };
}
