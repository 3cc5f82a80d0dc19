/**
 * Reads a file row by row. What nearly every row of an export is, a line without quotes, may be looked at as bytes by
 * who takes the rows; all else is decoded and parsed.
 */
import { type Junk, junkAtEnd, lookForJunk } from "./bytes.ts";
import { type ByteSource, contentOf, type RawFacts } from "./content.ts";
import { type CsvRow, csvParser, LONGEST_ROW } from "./csv.ts";
import type { LineEnd } from "./strict.ts";

/** Looks at rows as bytes. */
export interface PlainRows {
  /**
   * Takes rows from `from` on, each a line that ends in `lineEnd`, up to the first one that is not as plain as it should be.
   * @param bytes valid UTF-8 without NULs
   * @param to behind a line end
   * @param line the physical line at `from`
   * @returns how many rows were taken
   */
  scan(bytes: Buffer, from: number, to: number, line: number, lineEnd: LineEnd): number;
  /** Where the last scan ended: `to`, or the first byte of a row that was not taken. */
  at(): number;
}

export interface RowTaker {
  /** @throws {FileFault} where the row ends the reading of the file */
  take(row: CsvRow): void;
  /** Who takes rows as bytes; null as long as each must be parsed. */
  plain(): PlainRows | null;
}

/** Larger chunks are looked at in pieces. */
const AT_ONCE = 128 * 1024;

const LF = 10;
const CR = 13;
const QUOTE = 34;

const hasMark = (bytes: Uint8Array) => bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;

/** The bytes that are not read yet, in one buffer that is used again and again. */
function byteWindow() {
  let bytes = Buffer.allocUnsafeSlow(256 * 1024);
  let length = 0;
  return {
    add(chunk: Uint8Array) {
      if (length + chunk.length > bytes.length) {
        const larger = Buffer.allocUnsafeSlow(2 * (length + chunk.length));
        larger.set(bytes.subarray(0, length));
        bytes = larger;
      }
      bytes.set(chunk, length);
      length += chunk.length;
    },
    bytes: () => bytes,
    length: () => length,
    drop(count: number) {
      bytes.copyWithin(0, count, length);
      length -= count;
    },
  };
}

/**
 * @param facts complete when this has ended
 * @throws {FileFault} what ends the reading of the file, after the rows that stand before it
 * @throws the source's own error
 */
export async function readRows(source: ByteSource, gzip: boolean, facts: RawFacts, rows: RowTaker): Promise<void> {
  const window = byteWindow();
  const parser = csvParser();
  const take = (row: CsvRow) => rows.take(row);
  /** So many bytes of the window are known to be text. */
  let known = 0;
  let isFirst = true;
  /** How long the byte order mark is. */
  let mark: number | null = null;

  const push = (from: number, to: number) => {
    if (from < to) parser.push(window.bytes().toString("utf8", from, to), take);
  };
  const drop = (count: number) => {
    window.drop(count);
    known -= count;
  };

  /** A line that is not as plain as it could be. @returns where the next one begins; the end where the parser must see all */
  const takeLine = (from: number, to: number, lineEnd: LineEnd): number => {
    const end = window.bytes().indexOf(LF, from);
    const row = window.bytes().subarray(from, end);
    const length = row.length - (lineEnd === "\n" ? 0 : 1);
    const isOneLine = length >= 0 && row.indexOf(CR) === (lineEnd === "\n" ? -1 : length);
    if (!isOneLine || row.includes(QUOTE)) {
      push(from, to);
      return to;
    }
    const line = parser.line();
    parser.skip(1);
    rows.take({ line, fields: row.toString("utf8", 0, length).split(",") });
    return end + 1;
  };

  /** @param to behind a line end */
  const takeLines = (to: number) => {
    for (let at = 0; at < to; ) {
      const lineEnd = parser.lineEnd();
      const plain = parser.held() > 0 || lineEnd === null ? null : rows.plain();
      if (plain === null || lineEnd === null) {
        // Behind the header the rows may be plain.
        const end = isFirst ? window.bytes().indexOf(LF, at) + 1 : to;
        isFirst = false;
        push(at, end);
        at = end;
        continue;
      }
      parser.skip(plain.scan(window.bytes(), at, to, parser.line(), lineEnd));
      at = plain.at();
      if (at < to) at = takeLine(at, to, lineEnd);
    }
  };

  /** Junk stands at the end of a text that was not parsed yet. */
  const fail = (junk: Junk, from: number, to: number): never => {
    push(from, to);
    const { line, byte } = parser.here();
    throw junk.fault(line, line === 1 ? byte + (mark ?? 0) : byte);
  };

  const takeChunk = (chunk: Uint8Array) => {
    window.add(chunk);
    const looked = lookForJunk(window.bytes().subarray(known, window.length()));
    const { junk } = looked;
    const end = junk === null ? window.length() : known + junk.at;
    known += looked.known;
    const lines = end === 0 ? 0 : window.bytes().lastIndexOf(LF, end - 1) + 1;
    takeLines(lines);
    if (junk !== null) fail(junk, lines, end);
    drop(lines);
    if (window.length() + parser.held() <= LONGEST_ROW) return;
    push(0, known);
    drop(known);
  };

  for await (const chunk of contentOf(source, gzip, facts)) {
    let from = 0;
    if (mark === null) {
      mark = hasMark(chunk) ? 3 : 0;
      from = mark;
    }
    for (; from < chunk.length; from += AT_ONCE) takeChunk(chunk.subarray(from, from + AT_ONCE));
  }
  const junk = junkAtEnd(window.bytes().subarray(0, window.length()));
  if (junk !== null) fail(junk, 0, junk.at);
  push(0, window.length());
  parser.end(take);
}
