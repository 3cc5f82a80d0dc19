/** Two 32-bit hashes of the same words with constants of their own, as one of 64 bits: not against intent, but against chance. */

/** The hash of what was put in since {@link beginHash}, after {@link endHash}. */
export let low = 0;
export let high = 0;

export function beginHash(): void {
  low = 0x811c9dc5 | 0;
  high = 0x01000193;
}

/** As MurmurHash3 mixes a word of 32 bits into a hash. */
const mixedLow = (hash: number, word: number): number => {
  let mixed = Math.imul(word, 0xcc9e2d51);
  mixed = Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593) ^ hash;
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
};
const mixedHigh = (hash: number, word: number): number => {
  let mixed = Math.imul(word, 0x239b961b);
  mixed = Math.imul((mixed << 16) | (mixed >>> 16), 0xab0e9789) ^ hash;
  return (Math.imul((mixed << 17) | (mixed >>> 15), 5) + 0x561ccd1b) | 0;
};

export function hashWord(word: number): void {
  low = mixedLow(low, word);
  high = mixedHigh(high, word);
}

/** Hashes bytes as words, and their number. */
export function hashBytes(bytes: Uint8Array, from: number, to: number): void {
  // Kept here and not in the module while it runs: this sees every byte of a file.
  let [a, b] = [low, high];
  let at = from;
  for (const last = to - 3; at < last; at += 4) {
    const word =
      (bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24);
    a = mixedLow(a, word);
    b = mixedHigh(b, word);
  }
  let word = to - from;
  for (; at < to; at += 1) word = (word << 8) | (bytes[at] as number);
  low = mixedLow(a, word);
  high = mixedHigh(b, word);
}

const finished = (hash: number): number => {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
};

export function endHash(): void {
  low = finished(low);
  high = finished(high);
}
