/**
 * Keys by partition, in pages: one page of each partition is in memory, the full ones are on disk, each with the place of
 * the one before it. So the memory is the same for a thousand keys of a partition and for a billion.
 */
import { KeyReader, type KeyRecord, KeyWriter, roomFor } from "./key-codec.ts";
import type { KeyPart } from "./key-parts.ts";
import { openSpill, type Spill } from "./spill.ts";

export interface KeyPages {
  add(partition: number, file: number, line: number, parts: readonly KeyPart[], shown: string | null): void;
  /**
   * Goes through the keys of a partition from one file on: those of a page in their order, the last page first.
   * @param visit given the same object each time
   */
  each(partition: number, fromFile: number, visit: (reader: KeyReader) => void): void;
  /** Frees the disk. */
  close(): void;
}

/** Before the records of a page: where the one before it is on disk and how long it is, and the file of its last record. */
const HEADER = 16;

interface Page {
  bytes: Buffer;
  used: number;
  readonly writer: KeyWriter;
  lastFile: number;
  /** The page before on disk; its length is 0 where there is none. */
  before: number;
  beforeLength: number;
}

/**
 * @param width how many parts a key has
 * @param size of a page in bytes
 */
export function keyPages(width: number, partitions: number, size: number): KeyPages {
  const pages = Array.from(
    { length: partitions },
    (): Page => ({
      ...{ bytes: Buffer.alloc(0), used: HEADER, writer: new KeyWriter(width) },
      ...{ lastFile: -1, before: 0, beforeLength: 0 },
    }),
  );
  const reader = new KeyReader(width);
  let read = Buffer.alloc(0);
  let spill: Spill | null = null;

  const pageOf = (partition: number): Page => {
    const page = pages[partition];
    if (page === undefined) throw new RangeError(`there is no partition ${partition}`);
    return page;
  };

  const toDisk = (page: Page) => {
    spill ??= openSpill();
    page.bytes.writeDoubleLE(page.before, 0);
    page.bytes.writeUInt32LE(page.beforeLength, 8);
    page.bytes.writeInt32LE(page.lastFile, 12);
    page.before = spill.write(page.bytes.subarray(0, page.used));
    page.beforeLength = page.used;
    page.used = HEADER;
    page.writer.reset();
  };

  const makeRoom = (page: Page, most: number) => {
    if (page.used > HEADER && page.used + most > size) toDisk(page);
    if (page.used + most <= page.bytes.length) return;
    // Few keys take little memory, many a whole page; a key longer than a page has one of its own.
    const wanted = Math.max(page.used + most, Math.min(size, 4 * page.bytes.length), 256);
    const larger = Buffer.allocUnsafeSlow(wanted);
    page.bytes.copy(larger, 0, 0, page.used);
    page.bytes = larger;
  };

  return {
    add(partition, file, line, parts, shown) {
      const page = pageOf(partition);
      makeRoom(page, roomFor(parts, shown));
      page.used = page.writer.write(page.bytes, page.used, file, line, parts, shown);
      page.lastFile = file;
    },
    each(partition, fromFile, visit) {
      const page = pageOf(partition);
      const visitAll = (bytes: Buffer, to: number) => {
        reader.begin(bytes, HEADER, to);
        while (reader.next()) if (reader.file >= fromFile) visit(reader);
      };
      visitAll(page.bytes, page.used);
      let { before: at, beforeLength: length, lastFile } = page;
      while (spill !== null && length > 0 && lastFile >= fromFile) {
        if (read.length < length) read = Buffer.allocUnsafeSlow(length);
        spill.read(at, read.subarray(0, length));
        lastFile = read.readInt32LE(12);
        visitAll(read, length);
        at = read.readDoubleLE(0);
        length = read.readUInt32LE(8);
      }
    },
    close: () => spill?.close(),
  };
}

export type { KeyReader, KeyRecord };
