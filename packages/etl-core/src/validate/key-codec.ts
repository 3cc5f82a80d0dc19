/**
 * Keys as bytes: a page of them is read from its beginning, each as what is different in it from the one before. Exports
 * are written in some order, so that this is little: 5 bytes or so for a day, a store and a product.
 */
import type { KeyPart } from "./key-parts.ts";

export interface KeyRecord {
  /** Which file, counted from 0. */
  readonly file: number;
  readonly line: number;
  readonly parts: readonly KeyPart[];
  /** As it stands in the file; null where that is the canonical text of the parts. */
  readonly shown: string | null;
}

/** The most bytes that a record takes. */
export function roomFor(parts: readonly KeyPart[], shown: string | null): number {
  let most = 40 + 3 * (shown?.length ?? 0);
  for (const part of parts) most += typeof part === "string" ? 10 + 3 * part.length : 10;
  return most;
}

/** A whole number in groups of seven bits. @returns where the next one goes */
function writeNumber(bytes: Uint8Array, at: number, value: number): number {
  let rest = value;
  let to = at;
  for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) bytes[to++] = (rest % 0x80) | 0x80;
  bytes[to++] = rest;
  return to;
}

function writeText(bytes: Buffer, at: number, text: string): number {
  const length = Buffer.byteLength(text);
  const from = writeNumber(bytes, at, length);
  return from + bytes.write(text, from, length, "utf8");
}

/** Small numbers of either sign as small ones without. */
const unsigned = (value: number): number => (value >= 0 ? value * 2 : -value * 2 - 1);
const signed = (value: number): number => (value % 2 === 0 ? value / 2 : -(value + 1) / 2);

/** Where no key came before. */
const NOTHING = 0;

/** Remembers the record before. Lines grow inside a file, and files follow each other. */
export class KeyWriter {
  readonly #before: KeyPart[];
  #file = -1;
  #line = 0;

  constructor(width: number) {
    this.#before = new Array<KeyPart>(width).fill(NOTHING);
  }

  /** The next record begins a page. */
  reset(): void {
    this.#before.fill(NOTHING);
    this.#file = -1;
    this.#line = 0;
  }

  /** @returns where the record ends */
  write(bytes: Buffer, from: number, file: number, line: number, parts: readonly KeyPart[], shown: string | null) {
    const before = this.#before;
    let at = from;
    if (file !== this.#file) {
      // No record has the line of the one before it: 0 says that another file begins.
      at = writeNumber(bytes, writeNumber(bytes, at, 0), file);
      this.#file = file;
      this.#line = 0;
    }
    at = writeNumber(bytes, at, 2 * (line - this.#line) + (shown === null ? 0 : 1));
    this.#line = line;
    let changed = 0;
    for (let index = 0, bit = 1; index < parts.length; index += 1, bit *= 2) {
      if (parts[index] !== before[index]) changed += bit;
    }
    at = writeNumber(bytes, at, changed);
    for (let index = 0; index < parts.length; index += 1) {
      const part = parts[index] as KeyPart;
      const old = before[index] as KeyPart;
      if (part === old) continue;
      before[index] = part;
      if (typeof part === "string") at = writeText(bytes, writeNumber(bytes, at, 0), part);
      else at = writeNumber(bytes, at, 1 + unsigned(part - (typeof old === "number" ? old : NOTHING)));
    }
    return shown === null ? at : writeText(bytes, at, shown);
  }
}

/** Goes through the records of a page. */
export class KeyReader implements KeyRecord {
  readonly parts: KeyPart[];
  file = -1;
  line = 0;
  shown: string | null = null;
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;
  #end = 0;

  constructor(width: number) {
    this.parts = new Array<KeyPart>(width).fill(NOTHING);
  }

  begin(bytes: Buffer, from: number, to: number): void {
    this.parts.fill(NOTHING);
    this.file = -1;
    this.line = 0;
    this.#bytes = bytes;
    this.#at = from;
    this.#end = to;
  }

  /** Goes to the next record: what this has is of that one. */
  next(): boolean {
    if (this.#at >= this.#end) return false;
    let line = this.#number();
    if (line === 0) {
      this.file = this.#number();
      this.line = 0;
      line = this.#number();
    }
    this.line += Math.floor(line / 2);
    let changed = this.#number();
    for (let index = 0; changed > 0; index += 1, changed = Math.floor(changed / 2)) {
      if (changed % 2 === 0) continue;
      const value = this.#number();
      const old = this.parts[index] as KeyPart;
      this.parts[index] = value === 0 ? this.#text() : signed(value - 1) + (typeof old === "number" ? old : NOTHING);
    }
    this.shown = line % 2 === 0 ? null : this.#text();
    return true;
  }

  /** The record as it is now, to be kept. */
  record(): KeyRecord {
    return { file: this.file, line: this.line, parts: [...this.parts], shown: this.shown };
  }

  #number(): number {
    let byte = this.#bytes[this.#at++] as number;
    let value = byte & 0x7f;
    for (let factor = 0x80; byte > 0x7f; factor *= 0x80) {
      byte = this.#bytes[this.#at++] as number;
      value += (byte & 0x7f) * factor;
    }
    return value;
  }

  #text(): string {
    const length = this.#number();
    const from = this.#at;
    this.#at += length;
    return this.#bytes.toString("utf8", from, this.#at);
  }
}
