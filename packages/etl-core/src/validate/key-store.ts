/** The keys of one file as bytes, by partition: line, key and what is shown of it, one record after the other. */
import type { Block, Spill } from "./spill.ts";

export interface KeyRecord {
  readonly line: number;
  readonly key: string;
  readonly shown: string;
}

export interface KeyStore {
  /** @returns by how many bytes the memory grew */
  add(key: string, shown: string, line: number): number;
  count(partition: number): number;
  hashes(partition: number): Iterable<number>;
  /** In the order in which they were added. */
  records(partition: number, hashes: ReadonlySet<number>): Iterable<KeyRecord>;
  /** To disk with what is in memory. */
  flush(spill: Spill): void;
}

interface Partition {
  bytes: Buffer;
  used: number;
  count: number;
  readonly blocks: { readonly block: Block; readonly spill: Spill }[];
}

/** Two 32-bit FNV-1a hashes of some bytes, mixed: the first one chooses the partition, both make the hash. */
let low = 0;
let high = 0;
function hashBytes(bytes: Uint8Array, from: number, to: number): void {
  let [a, b] = [0x811c9dc5, 0x01000193];
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at] as number;
    a = Math.imul(a ^ byte, 0x01000193);
    b = Math.imul(b ^ byte, 0x85ebca6b);
    b ^= b >>> 15;
  }
  a = Math.imul(a ^ (a >>> 16), 0x21f0aaad);
  low = (a ^ (a >>> 15)) >>> 0;
  high = (b ^ (b >>> 13)) >>> 0;
}

/** The 53 bits that a number holds exactly. */
const hash53 = () => low * 0x200000 + (high & 0x1fffff);

/** A whole number in groups of seven bits. @returns where the next one goes */
function writeNumber(bytes: Uint8Array, at: number, value: number): number {
  let rest = value;
  let to = at;
  for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) bytes[to++] = (rest % 0x80) | 0x80;
  bytes[to++] = rest;
  return to;
}

function writeText(bytes: Buffer, at: number, text: string): number {
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit > 0x7f) return at + bytes.write(text, at, "utf8");
    bytes[at + index] = unit;
  }
  return at + text.length;
}

/** What is shown of nearly every key is the key itself. */
const asShown = (key: string) => key.replaceAll("\0", "|");

/** @param partitions a power of two */
export function keyStore(partitions: number): KeyStore {
  const parts = Array.from(
    { length: partitions },
    (): Partition => ({ bytes: Buffer.alloc(0), used: 0, count: 0, blocks: [] }),
  );
  let scratch: Buffer = Buffer.alloc(1024);

  const part = (index: number): Partition => {
    const found = parts[index];
    if (found === undefined) throw new RangeError(`there is no partition ${index}`);
    return found;
  };

  /** The pieces of a partition, oldest first; one at a time is in memory. */
  function* pieces(index: number): Generator<Buffer> {
    const { bytes, used, blocks } = part(index);
    for (const { block, spill } of blocks) yield spill.read(block);
    yield bytes.subarray(0, used);
  }

  return {
    add(key, shown, line) {
      const most = 3 * (key.length + shown.length) + 32;
      if (scratch.length < most) scratch = Buffer.alloc(2 * most);
      // The key comes first, as its length in bytes is known only afterwards.
      const keyEnd = writeText(scratch, 0, key);
      hashBytes(scratch, 0, keyEnd);
      const target = part(low & (partitions - 1));
      const needed = target.used + most;
      if (target.bytes.length < needed) {
        const larger = Buffer.allocUnsafeSlow(Math.max(256, 2 * needed));
        target.bytes.copy(larger, 0, 0, target.used);
        target.bytes = larger;
      }
      const { bytes } = target;
      let at = writeNumber(bytes, target.used, line);
      at = writeNumber(bytes, at, keyEnd);
      for (let index = 0; index < keyEnd; index += 1) bytes[at + index] = scratch[index] as number;
      at += keyEnd;
      if (shown.length === key.length && asShown(key) === shown) at = writeNumber(bytes, at, 0);
      else {
        const shownEnd = writeText(scratch, 0, shown);
        at = writeNumber(bytes, at, shownEnd + 1);
        for (let index = 0; index < shownEnd; index += 1) bytes[at + index] = scratch[index] as number;
        at += shownEnd;
      }
      const grown = at - target.used;
      target.used = at;
      target.count += 1;
      return grown;
    },

    count: (index) => part(index).count,

    *hashes(index) {
      for (const piece of pieces(index)) {
        const reader = recordReader(piece);
        while (reader.next()) {
          yield reader.hash();
        }
      }
    },

    *records(index, hashes) {
      for (const piece of pieces(index)) {
        const reader = recordReader(piece);
        while (reader.next()) if (hashes.has(reader.hash())) yield reader.record();
      }
    },

    flush(spill) {
      for (const one of parts) {
        if (one.used === 0) continue;
        one.blocks.push({ block: spill.write(one.bytes.subarray(0, one.used)), spill });
        one.used = 0;
      }
    },
  };
}

/** Goes through the records of some bytes; texts are made only of those that are asked for. */
function recordReader(bytes: Buffer) {
  let at = 0;
  let line = 0;
  let keyAt = 0;
  let keyEnd = 0;
  let shownLength = 0;
  const number = () => {
    let value = 0;
    for (let factor = 1; ; factor *= 0x80) {
      const byte = bytes[at++] as number;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  };
  return {
    next(): boolean {
      if (at >= bytes.length) return false;
      line = number();
      const length = number();
      keyAt = at;
      keyEnd = at + length;
      at = keyEnd;
      shownLength = number();
      at += Math.max(0, shownLength - 1);
      return true;
    },
    hash(): number {
      hashBytes(bytes, keyAt, keyEnd);
      return hash53();
    },
    record(): KeyRecord {
      const key = bytes.toString("utf8", keyAt, keyEnd);
      const shown = shownLength === 0 ? asShown(key) : bytes.toString("utf8", at - (shownLength - 1), at);
      return { line, key, shown };
    },
  };
}
