/**
 * Which keys stand twice, in a file and across the files of a table: exact, in bounded memory whatever the number of
 * keys. Every key goes to one of {@link PARTITIONS} by its hash, in memory until there are too many, then compressed on
 * disk. At the end each partition is looked at alone: first the hashes; where some are equal, the keys themselves.
 */
import { type KeyRecord, type KeyStore, keyStore } from "./key-store.ts";
import { openSpill, type Spill } from "./spill.ts";

export const PARTITIONS = 256;

/** So many equal hashes of one partition are looked at together. */
const AT_ONCE = 50_000;

/** The keys of one file. */
export interface FileKeys {
  /**
   * @param key one text for every way to write it
   * @param shown as it stands in the file
   * @param line greater than the one before
   */
  add(key: string, shown: string, line: number): void;
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
  file(name: string): FileKeys;
  /** For each file the first row whose key an earlier one has. */
  acrossFiles(): readonly KeyInTwoFiles[];
  /** Frees the disk. */
  close(): void;
}

/** The hashes that occur more than once, sorted. */
function repeated(hashes: Float64Array): Float64Array {
  hashes.sort();
  let count = 0;
  for (let at = 1; at < hashes.length; at += 1) {
    if (hashes[at] !== hashes[at - 1] || (at > 1 && hashes[at] === hashes[at - 2])) continue;
    hashes[count] = hashes[at] as number;
    count += 1;
  }
  return hashes.subarray(0, count);
}

/** The records of some stores whose hash occurs more than once, some hashes at a time: each group has whole keys. */
function* groups(stores: readonly KeyStore[], partition: number): Generator<Iterable<readonly [number, KeyRecord]>> {
  const hashes = new Float64Array(stores.reduce((sum, store) => sum + store.count(partition), 0));
  let filled = 0;
  for (const store of stores) {
    for (const hash of store.hashes(partition)) {
      hashes[filled] = hash;
      filled += 1;
    }
  }
  const twice = repeated(hashes);
  for (let from = 0; from < twice.length; from += AT_ONCE) {
    const wanted = new Set(twice.subarray(from, from + AT_ONCE));
    yield (function* () {
      for (const [index, store] of stores.entries()) {
        for (const record of store.records(partition, wanted)) yield [index, record] as const;
      }
    })();
  }
}

function repeatsOf(store: KeyStore, tell: (line: number, shown: string) => void): number {
  let count = 0;
  const told = (line: number, shown: string) => {
    count += 1;
    tell(line, shown);
  };
  for (let partition = 0; partition < PARTITIONS; partition += 1) {
    for (const group of groups([store], partition)) {
      const firsts = new Map<string, KeyRecord | null>();
      for (const [, record] of group) {
        const first = firsts.get(record.key);
        if (first === undefined) {
          firsts.set(record.key, record);
          continue;
        }
        if (first !== null) told(first.line, first.shown);
        firsts.set(record.key, null);
        told(record.line, record.shown);
      }
    }
  }
  return count;
}

/** @param memory how many bytes of keys are held before they go to disk */
export function keyIndex(memory = 8 * 1024 * 1024): KeyIndex {
  const stores: { readonly name: string; readonly store: KeyStore }[] = [];
  let spill: Spill | null = null;
  let held = 0;
  const disk = () => {
    spill ??= openSpill();
    return spill;
  };
  return {
    file(name) {
      const store = keyStore(PARTITIONS);
      stores.push({ name, store });
      return {
        add(key, shown, line) {
          held += store.add(key, shown, line);
          if (held < memory) return;
          for (const one of stores) one.store.flush(disk());
          held = 0;
        },
        repeats: (tell) => repeatsOf(store, tell),
      };
    },
    acrossFiles() {
      const found = new Map<number, KeyInTwoFiles>();
      for (let partition = 0; stores.length > 1 && partition < PARTITIONS; partition += 1) {
        const all = stores.map(({ store }) => store);
        for (const group of groups(all, partition)) {
          const owners = new Map<string, number>();
          for (const [index, { key, line, shown }] of group) {
            const owner = owners.get(key) ?? index;
            owners.set(key, owner);
            if (owner === index || (found.get(index)?.line ?? Number.POSITIVE_INFINITY) <= line) continue;
            found.set(index, { file: nameOf(index), line, shown, other: nameOf(owner) });
          }
        }
      }
      return [...found.values()];
    },
    close: () => spill?.close(),
  };

  function nameOf(index: number): string {
    const name = stores[index]?.name;
    if (name === undefined) throw new RangeError(`there is no file ${index}`);
    return name;
  }
}
