/** What bytes are that are not CSV text in UTF-8: another encoding, another kind of file, junk inside. */
import { isUtf8 } from "node:buffer";
import type { ProblemCode } from "./codes.ts";
import { FileFault } from "./fault.ts";

interface Fault {
  readonly code: ProblemCode;
  readonly message: string;
}

const wide = (name: string): Fault => ({
  code: "FILE_NOT_UTF8",
  message: `the file is ${name}; export it as UTF-8`,
});

/** Encodings with several bytes a character, by their byte order mark or by where the NULs of plain letters stand. */
export function encodingOfStart(bytes: Uint8Array): Fault | null {
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
export function binaryFault(bytes: Uint8Array, unzipped: boolean): Fault | null {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
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

/** How many bytes of a character stand at the end that is not there. */
function unfinished(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] as number;
    if (byte < 0x80) break;
    if (byte < 0xc0) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return length > back ? back : 0;
  }
  return 0;
}

/** Bytes that are no text. */
export interface Junk {
  /** Where they stand. */
  readonly at: number;
  /** @param byte the place in the line, counted in bytes from 1 */
  readonly fault: (line: number, byte: number) => FileFault;
}

/** The first byte of some that is not UTF-8, and what it would be in the encoding that people mean by "ANSI". */
function notUtf8(bytes: Uint8Array): Junk {
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
    at,
    fault: (line, column) => {
      const message = `byte ${column} of the line, ${value}, is not UTF-8; the file looks like ${guess}, where it is "${letter}"`;
      return new FileFault("FILE_NOT_UTF8", message, line, value);
    },
  };
}

/** The first of some bytes that are no text, and how many are known to be text: not those of a character that goes on. */
export function lookForJunk(bytes: Buffer): { readonly junk: Junk | null; readonly known: number } {
  const known = bytes.length - unfinished(bytes);
  const whole = bytes.subarray(0, known);
  const wrong = isUtf8(whole) ? null : notUtf8(whole);
  const nul = bytes.indexOf(0);
  if (nul < 0 || (wrong !== null && wrong.at < nul)) return { junk: wrong, known };
  const fault = (line: number, byte: number) =>
    new FileFault("FILE_BINARY", `a NUL byte stands at byte ${byte} of the line: this is no text`, line);
  return { junk: { at: nul, fault }, known };
}

/** The same at the end of a file, where no character goes on. */
export function junkAtEnd(bytes: Uint8Array): Junk | null {
  if (isUtf8(bytes)) return null;
  const at = bytes.length - unfinished(bytes);
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return notUtf8(bytes);
  }
  return { at, fault: (line) => new FileFault("FILE_TRUNCATED", "the file ends inside a character", line) };
}
