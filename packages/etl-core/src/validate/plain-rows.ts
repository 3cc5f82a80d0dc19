/**
 * The checks of rows as bytes, without a string or an object for any of them: nearly every row of an export is a line
 * of right values in their plainest form. A row that is not ends the scan, and is looked at as the texts that it has;
 * what is taken here would be taken there, with the same sums.
 */
import { BOOLEAN, CHECKED_TEXT, DATE, EXACT_DIGITS, NUMBER, type PlainColumn, RARE } from "./plain-column.ts";
import type { PlainRows } from "./reader.ts";
import type { RowContext } from "./value.ts";

/** A row that was found to be right, as long as the next one is not looked at. */
export interface PlainRow {
  readonly bytes: Buffer;
  /** Where what stands in each field begins and ends, without quotes around it. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** A field has quotes around it. */
  isQuoted: boolean;
  /** Of each field that is a number, a day or a boolean: its value; NaN where it is empty. */
  readonly values: Float64Array;
}

/** A field as it stands in the file; "" for a field below 0. */
export const fieldText = ({ bytes, starts, ends }: PlainRow, field: number): string =>
  field < 0 ? "" : bytes.toString("utf8", starts[field], ends[field]);

export interface PlainRowsArgs {
  /** In the order of the file. */
  readonly columns: readonly PlainColumn[];
  readonly context: RowContext;
  /** The first field of a header row has so many characters; null where the form of a number or day tells a header from a row. */
  readonly headerLength: number | null;
  /** @returns whether the row may be taken */
  readonly accept: (row: PlainRow) => boolean;
  /** Told of each row that is taken, right after it was accepted. */
  readonly take: (row: PlainRow, line: number, from: number, to: number) => void;
}

const LF = 10;
const CR = 13;
const QUOTE = 34;
const COMMA = 44;
const MINUS = 45;
const POINT = 46;
const ZERO = 48;

const POWERS = Float64Array.from({ length: EXACT_DIGITS + 1 }, (_, exponent) => 10 ** exponent);
const DAYS = Uint8Array.of(0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31);

/** Two digits, or a number beyond 99. */
const pair = (bytes: Uint8Array, at: number): number => {
  const tens = (bytes[at] as number) - ZERO;
  const ones = (bytes[at + 1] as number) - ZERO;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : 100;
};

/** @returns the day at `YYYY-MM-DD` as 20200131; -1 for what is no day of the calendar */
function dayAt(bytes: Uint8Array, at: number): number {
  if (bytes[at + 4] !== MINUS || bytes[at + 7] !== MINUS) return -1;
  const century = pair(bytes, at);
  const rest = pair(bytes, at + 2);
  const month = pair(bytes, at + 5);
  const day = pair(bytes, at + 8);
  if (century < 10 || century > 99 || rest > 99 || month < 1 || month > 12 || day < 1) return -1;
  const year = century * 100 + rest;
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = month === 2 && isLeap ? 29 : (DAYS[month] as number);
  return day > days ? -1 : year * 10_000 + month * 100 + day;
}

/** The length of `true` or `false` in any case, of `0` or `1`; 0 for anything else. The value is {@link booleanValue}. */
function booleanLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] as number;
  if (first === ZERO || first === ZERO + 1) return 1;
  const lower = (index: number) => (bytes[at + index] as number) | 0x20;
  if (lower(0) === 0x74) return lower(1) === 0x72 && lower(2) === 0x75 && lower(3) === 0x65 ? 4 : 0;
  if (lower(0) !== 0x66) return 0;
  return lower(1) === 0x61 && lower(2) === 0x6c && lower(3) === 0x73 && lower(4) === 0x65 ? 5 : 0;
}

const booleanValue = (bytes: Uint8Array, at: number): number =>
  bytes[at] === ZERO || ((bytes[at] as number) | 0x20) === 0x66 ? 0 : 1;

export function plainRows({ columns, context, headerLength, accept, take }: PlainRowsArgs): PlainRows {
  const width = columns.length;
  const forms = Uint8Array.from(columns, ({ form }) => form);
  const nullable = Uint8Array.from(columns, (column) => (column.nullable ? 1 : 0));
  const scales = Uint8Array.from(columns, ({ scale }) => scale);
  const lower = Float64Array.from(columns, (column) => column.lower);
  const upper = Float64Array.from(columns, (column) => column.upper);
  const starts = new Int32Array(width);
  const ends = new Int32Array(width);
  const values = new Float64Array(width);
  let stopped = 0;

  /** The end of a number with its value in `values`; -1 where it is none in its plainest form. */
  const numberEnd = (bytes: Uint8Array, from: number, field: number): number => {
    let at = from;
    let byte = bytes[at] as number;
    const isNegative = byte === MINUS;
    if (isNegative) byte = bytes[++at] as number;
    const first = at;
    let units = 0;
    for (; byte >= ZERO && byte <= 57; byte = bytes[++at] as number) units = units * 10 + (byte - ZERO);
    const scale = scales[field] as number;
    const digits = at - first;
    if (digits === 0 || digits + scale > EXACT_DIGITS) return -1;
    let places = 0;
    if (byte === POINT) {
      const point = at;
      byte = bytes[++at] as number;
      for (; byte >= ZERO && byte <= 57 && at - point <= scale; byte = bytes[++at] as number) {
        units = units * 10 + (byte - ZERO);
      }
      places = at - point - 1;
      if (places === 0) return -1;
    }
    if (places < scale) units *= POWERS[scale - places] as number;
    const value = isNegative ? -units : units;
    if (value < (lower[field] as number) || value > (upper[field] as number)) return -1;
    const { allowed } = columns[field] as PlainColumn;
    if (allowed !== null && !allowed.has(value)) return -1;
    values[field] = value;
    return at;
  };

  /** The end of a text with quotes around it; -1 where a line ends in it. */
  const quotedEnd = (bytes: Uint8Array, from: number): number => {
    let at = from;
    for (let byte = bytes[at] as number; ; byte = bytes[++at] as number) {
      if (byte === QUOTE) return at;
      if (byte === LF || byte === CR) return -1;
    }
  };

  const textEnd = (bytes: Uint8Array, from: number): number => {
    let at = from;
    for (let byte = bytes[at] as number; ; byte = bytes[++at] as number) {
      if (byte === COMMA || byte === LF || byte === CR) return at;
      if (byte === QUOTE) return -1;
    }
  };

  const isRight = (bytes: Buffer, from: number, to: number, field: number): boolean =>
    (columns[field] as PlainColumn).check(bytes.toString("utf8", from, to), context) === null;

  /** Where a field ends that is right; -1 where it may not be. What follows it is not looked at. */
  const fieldEnd = (bytes: Buffer, from: number, field: number, isQuoted: boolean): number => {
    const byte = bytes[from] as number;
    values[field] = Number.NaN;
    if (isQuoted ? byte === QUOTE : byte === COMMA || byte === LF || byte === CR) {
      return nullable[field] === 1 ? from : -1;
    }
    switch (forms[field]) {
      case NUMBER:
        return numberEnd(bytes, from, field);
      case DATE: {
        const day = dayAt(bytes, from);
        if (day < 0 || day < (lower[field] as number) || day > (upper[field] as number)) return -1;
        values[field] = day;
        return from + 10;
      }
      case BOOLEAN: {
        const length = booleanLength(bytes, from);
        if (length === 0) return -1;
        values[field] = booleanValue(bytes, from);
        return from + length;
      }
      case RARE:
        return -1;
      default: {
        const end = isQuoted ? quotedEnd(bytes, from) : textEnd(bytes, from);
        return end < 0 || forms[field] !== CHECKED_TEXT || isRight(bytes, from, end, field) ? end : -1;
      }
    }
  };

  /** @returns where the row's line end begins; -1 where the row is not plain */
  const rowEnd = (row: PlainRow, from: number, isLong: boolean): number => {
    const { bytes } = row;
    row.isQuoted = false;
    let at = from;
    for (let field = 0; field < width; field += 1) {
      if (field > 0) {
        if (bytes[at] !== COMMA) return -1;
        at += 1;
      }
      const isQuoted = bytes[at] === QUOTE;
      if (isQuoted) at += 1;
      starts[field] = at;
      at = fieldEnd(bytes, at, field, isQuoted);
      if (at < 0) return -1;
      ends[field] = at;
      if (!isQuoted) continue;
      // Behind a doubled quote no comma and no line end follows.
      if (bytes[at] !== QUOTE) return -1;
      at += 1;
      row.isQuoted = true;
    }
    if (!isLong) return bytes[at] === LF ? at : -1;
    return bytes[at] === CR && bytes[at + 1] === LF ? at : -1;
  };

  /** In a table of texts alone a header looks like a row: what may be one is parsed. */
  const mayBeHeader = () => {
    if (headerLength === null) return false;
    const length = (ends[0] as number) - (starts[0] as number);
    return length >= headerLength && length <= 4 * headerLength;
  };

  return {
    scan(bytes, from, to, line, lineEnd) {
      const isLong = lineEnd === "\r\n";
      const row: PlainRow = { bytes, starts, ends, values, isQuoted: false };
      let at = from;
      let taken = 0;
      while (at < to) {
        const end = rowEnd(row, at, isLong);
        if (end < 0 || mayBeHeader() || !accept(row)) break;
        take(row, line + taken, at, end);
        taken += 1;
        at = end + (isLong ? 2 : 1);
      }
      stopped = at;
      return taken;
    },
    at: () => stopped,
  };
}
