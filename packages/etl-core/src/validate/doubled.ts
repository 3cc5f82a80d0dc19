import { hashBytes, high, low } from "./hash.ts";

export interface DoubledRows {
  add(fields: readonly string[]): void;
  /** A row as it stands in the file, without its line end: no field of it is quoted. */
  addLine(bytes: Uint8Array, from: number, to: number): void;
  /** The same of fields without quotes and line ends in them, by where they begin and end. */
  addFields(bytes: Uint8Array, starts: Int32Array, ends: Int32Array): void;
  isDoubled(): boolean;
  /** Of all rows, in whatever order: equal for two files with the same rows, each as often. null without a row. */
  digest(): string | null;
}

const QUOTE = 34;
const COMMA = 44;

/** One text for a row, however it is quoted in the file: the border between two fields counts, "a,bc" is not "ab,c". */
const lineOf = (fields: readonly string[]): string =>
  fields.map((field) => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(",");

/**
 * Whether every row of a file occurs an even number of times: an export that ran twice into one file. In constant
 * memory, whatever the order: the hashes of equal rows cancel out under XOR. Single repeats are data and leave the rest.
 */
export function doubledRows(): DoubledRows {
  let rows = 0;
  let [a, b] = [0, 0];
  // Under XOR a row that stands twice leaves nothing: a sum tells how often it stands.
  let [sumA, sumB] = [0, 0];
  let line = new Uint8Array(1024);
  const addLine = (bytes: Uint8Array, from: number, to: number) => {
    rows += 1;
    hashBytes(bytes, from, to);
    a ^= low;
    b ^= high;
    sumA = (sumA + low) | 0;
    sumB = (sumB + high) | 0;
  };
  return {
    add(fields) {
      const bytes = Buffer.from(lineOf(fields));
      addLine(bytes, 0, bytes.length);
    },
    addLine,
    addFields(bytes, starts, ends) {
      const most = (ends.at(-1) as number) - (starts[0] as number) + 3 * starts.length;
      if (line.length < most) line = new Uint8Array(2 * most);
      let to = 0;
      for (let field = 0; field < starts.length; field += 1) {
        if (field > 0) line[to++] = COMMA;
        const begin = to;
        let hasComma = false;
        for (let at = starts[field] as number; at < (ends[field] as number); at += 1) {
          const byte = bytes[at] as number;
          hasComma ||= byte === COMMA;
          line[to++] = byte;
        }
        if (!hasComma) continue;
        line.copyWithin(begin + 1, begin, to);
        line[begin] = QUOTE;
        line[to + 1] = QUOTE;
        to += 2;
      }
      addLine(line, 0, to);
    },
    isDoubled: () => rows > 0 && a === 0 && b === 0,
    digest: () => (rows === 0 ? null : [rows, a, b, sumA, sumB].join(" ")),
  };
}
