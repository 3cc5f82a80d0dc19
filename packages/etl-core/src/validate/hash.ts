/** Two 32-bit hashes of the same words with constants of their own, as one of 64 bits: not against intent, but against chance. */

/** The hash of what was hashed last. */
export let low = 0;
export let high = 0;

const LOW = 0x811c9dc5 | 0;
const HIGH = 0x01000193;

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

const finished = (hash: number): number => {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
};

/** Hashes bytes as words, and their number. */
export function hashBytes(bytes: Uint8Array, from: number, to: number): void {
  // Kept here and not in the module while it runs: this sees every byte of a file.
  let [a, b] = [LOW, HIGH];
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
  low = finished(mixedLow(a, word));
  high = finished(mixedHigh(b, word));
}

const WORD = 2 ** 32;

/** Hashes whole numbers below 2^53 and texts. */
export function hashValues(values: readonly (number | string)[]): void {
  let [a, b] = [LOW, HIGH];
  for (const value of values) {
    if (typeof value === "string") {
      a = mixedLow(a, value.length);
      b = mixedHigh(b, value.length);
      for (let index = 0; index < value.length; index += 1) {
        const unit = value.charCodeAt(index);
        a = mixedLow(a, unit);
        b = mixedHigh(b, unit);
      }
    } else {
      const word = value | 0;
      a = mixedLow(a, word);
      b = mixedHigh(b, word);
      if (value === word) continue;
      const rest = Math.floor(value / WORD);
      a = mixedLow(a, rest);
      b = mixedHigh(b, rest);
    }
  }
  low = finished(a);
  high = finished(b);
}
