/**
 * Which keys stand twice, in a file and across the files of a table: exact, in bounded memory whatever the number of
 * keys. Every key goes to a partition by its hash. At the end each partition is looked at alone, and where it has very
 * many keys, a part of them after the other: first the hashes; where some are equal, the keys themselves.
 */

import { hashValues, high, low } from "./hash.ts";
import { hashTable } from "./hash-table.ts";
import { type KeyReader, type KeyRecord, keyPages } from "./key-pages.ts";
import { type KeyColumn, type KeyPart, shownOf } from "./key-parts.ts";

/** The keys of one file. */
export interface FileKeys {
  /**
   * @param parts the values of the key's columns
   * @param shown as they stand in the file; null where that is the canonical text of each
   * @param line greater than the one before
   */
  add(parts: readonly KeyPart[], shown: string | null, line: number): void;
  /** Tells every row whose key stands twice, the first one too; not in the order of the file. @returns how many */
  repeats(tell: (line: number, shown: string) => void): number;
}

export interface KeyInTwoFiles {
  readonly file: string;
  readonly line: number;
  readonly shown: string;
  /** An earlier file with the same key. */
  readonly other: string;
}

export interface KeyIndex {
  /** Begins a file: no keys of the one before may follow. */
  file(name: string): FileKeys;
  /** For each file the first row whose key an earlier one has. */
  acrossFiles(): readonly KeyInTwoFiles[];
  /** Frees the disk. */
  close(): void;
}

export interface KeyIndexSizes {
  /** A power of two. @default 256 */
  readonly partitions?: number;
  /** Of the page of each partition in memory, in bytes. @default 32 KB */
  readonly page?: number;
  /** How many hashes of a partition are looked at together. @default 400,000 */
  readonly hashes?: number;
  /** How many keys are looked at together whose hashes are equal to another's. @default 50,000 */
  readonly keys?: number;
}

/** Goes through some records. */
type Visit = (visit: (reader: KeyReader) => void) => void;

/** The 53 bits that a number holds exactly. */
const hash53 = () => (low >>> 0) * 0x200000 + (high & 0x1fffff);

export function keyIndex(columns: readonly KeyColumn[], sizes: KeyIndexSizes = {}): KeyIndex {
  const { partitions = 256, page = 32 * 1024, hashes = 400_000, keys = 50_000 } = sizes;
  const pages = keyPages(columns.length, partitions, page);
  const table = hashTable();
  const names: string[] = [];
  /** How many keys the partitions have of all files, and of the last one. */
  const ofAll = new Float64Array(partitions);
  const ofLast = new Float64Array(partitions);

  const shown = (record: KeyRecord) => record.shown ?? shownOf(columns, record.parts);

  /**
   * The records whose hash another one has, from a file on, some at a time: each group has whole keys. Gives for each
   * group a way to go through it, with the same object for every record.
   */
  function* groups(partition: number, fromFile: number, count: number): Generator<Visit> {
    const passes = Math.ceil(count / hashes);
    for (let pass = 0; pass < passes; pass += 1) {
      const inPass = (visit: (reader: KeyReader, hash: number) => void) =>
        pages.each(partition, fromFile, (reader) => {
          hashValues(reader.parts);
          if (passes === 1 || (high >>> 0) % passes === pass) visit(reader, hash53());
        });
      table.clear(Math.ceil(count / passes));
      inPass((_reader, hash) => table.put(hash));
      for (const [from, to] of table.ranges(keys)) {
        yield (visit) =>
          inPass((reader, hash) => {
            const at = table.repeated(hash);
            if (at >= from && at < to) visit(reader);
          });
      }
    }
  }

  // A number is another part than the text that looks like it, and no text of a CSV holds a NUL.
  const keyOf = ({ parts }: KeyRecord) =>
    parts.map((part) => (typeof part === "number" ? String(part) : `"${part}`)).join("\0");

  return {
    file(name) {
      const file = names.push(name) - 1;
      ofLast.fill(0);
      return {
        add(parts, text, line) {
          if (file !== names.length - 1) throw new RangeError(`the keys of ${name} follow those of another file`);
          hashValues(parts);
          const partition = low & (partitions - 1);
          pages.add(partition, file, line, parts, text);
          ofAll[partition] = (ofAll[partition] as number) + 1;
          ofLast[partition] = (ofLast[partition] as number) + 1;
        },
        repeats(tell) {
          let count = 0;
          const told = (record: KeyRecord) => {
            count += 1;
            tell(record.line, shown(record));
          };
          for (let partition = 0; partition < partitions; partition += 1) {
            for (const each of groups(partition, file, ofLast[partition] as number)) {
              // Null for a key whose first record was told.
              const firsts = new Map<string, KeyRecord | null>();
              each((reader) => {
                const key = keyOf(reader);
                const first = firsts.get(key);
                if (first === undefined) {
                  firsts.set(key, reader.record());
                  return;
                }
                if (first !== null) told(first);
                firsts.set(key, null);
                told(reader);
              });
            }
          }
          return count;
        },
      };
    },
    acrossFiles() {
      const found = new Map<number, KeyInTwoFiles>();
      for (let partition = 0; names.length > 1 && partition < partitions; partition += 1) {
        for (const each of groups(partition, 0, ofAll[partition] as number)) {
          const owners = new Map<string, number>();
          each((reader) => {
            const key = keyOf(reader);
            owners.set(key, Math.min(reader.file, owners.get(key) ?? reader.file));
          });
          each((reader) => {
            const { file, line } = reader;
            const owner = owners.get(keyOf(reader)) ?? file;
            if (owner === file || (found.get(file)?.line ?? Number.POSITIVE_INFINITY) <= line) return;
            found.set(file, { file: nameOf(file), line, shown: shown(reader), other: nameOf(owner) });
          });
        }
      }
      return [...found.values()];
    },
    close: () => pages.close(),
  };

  function nameOf(index: number): string {
    const name = names[index];
    if (name === undefined) throw new RangeError(`there is no file ${index}`);
    return name;
  }
}
