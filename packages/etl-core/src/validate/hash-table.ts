/** Which hashes of 53 bits were put in more than once, in a table that is used again and again. */
export interface HashTable {
  /** @param count how many different hashes are expected */
  clear(count: number): void;
  put(hash: number): void;
  /** The place of a hash that was put in more than once; -1 of any other. */
  repeated(hash: number): number;
  /** Ranges of places that together have all repeated hashes, each at most so many. */
  ranges(atMost: number): Generator<readonly [from: number, to: number]>;
}

/** The first bits of a hash say where it is looked for. */
const FIRST = 2 ** 29;

export function hashTable(): HashTable {
  // A hash is held as one more, so that 0 is a free place.
  let hashes = new Float64Array(0);
  let isRepeated = new Uint8Array(0);
  let size = 0;
  let filled = 0;

  const find = (hash: number): number => {
    const mask = size - 1;
    let at = Math.floor(hash / FIRST) & mask;
    while (hashes[at] !== 0 && hashes[at] !== hash + 1) at = (at + 1) & mask;
    return at;
  };
  const clear = (places: number) => {
    size = places;
    filled = 0;
    if (hashes.length < size) {
      hashes = new Float64Array(size);
      isRepeated = new Uint8Array(size);
    } else {
      hashes.fill(0, 0, size);
      isRepeated.fill(0, 0, size);
    }
  };
  const grow = () => {
    const [before, flags] = [hashes.slice(0, size), isRepeated.slice(0, size)];
    clear(2 * size);
    for (const [index, held] of before.entries()) {
      if (held === 0) continue;
      const at = find(held - 1);
      hashes[at] = held;
      isRepeated[at] = flags[index] as number;
      filled += 1;
    }
  };

  return {
    clear(count) {
      let places = 64;
      while (places < 2 * count) places *= 2;
      clear(places);
    },
    put(hash) {
      const at = find(hash);
      if (hashes[at] !== 0) {
        isRepeated[at] = 1;
        return;
      }
      hashes[at] = hash + 1;
      filled += 1;
      if (filled > 0.75 * size) grow();
    },
    repeated(hash) {
      const at = find(hash);
      return isRepeated[at] === 1 ? at : -1;
    },
    *ranges(atMost) {
      let from = 0;
      let found = 0;
      for (let at = isRepeated.indexOf(1); at >= 0 && at < size; at = isRepeated.indexOf(1, at + 1)) {
        found += 1;
        if (found < atMost) continue;
        yield [from, at + 1];
        from = at + 1;
        found = 0;
      }
      if (found > 0) yield [from, size];
    },
  };
}
