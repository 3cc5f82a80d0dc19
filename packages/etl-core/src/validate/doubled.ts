/**
 * Whether every row of a file occurs an even number of times: an export that ran twice into one file. In constant
 * memory, whatever the order: the hashes of equal rows cancel out under XOR. Single repeats are data and leave the rest.
 */
export function doubledRows(): { add: (fields: readonly string[]) => void; isDoubled: () => boolean } {
  let rows = 0;
  let [low, high] = [0, 0];
  return {
    add(fields) {
      rows += 1;
      // Two 32-bit FNV-1a hashes with different seeds: 64 bits, as chance would cancel 32 in a few billion files.
      let [a, b] = [0x811c9dc5, 0x01000193];
      for (const field of fields) {
        for (let index = 0; index < field.length; index += 1) {
          const unit = field.charCodeAt(index);
          a = Math.imul(a ^ unit, 0x01000193);
          b = Math.imul(b ^ unit, 0x85ebca6b);
        }
        // The border between two fields counts: "a,bc" is not "ab,c".
        a = Math.imul(a ^ 0x10000, 0x01000193);
        b = Math.imul(b ^ 0x10000, 0x85ebca6b);
      }
      // Mixed, as the low bits of a product depend on low bits only.
      low ^= Math.imul(a ^ (a >>> 15), 0x2c1b3c6d);
      high ^= Math.imul(b ^ (b >>> 13), 0x297a2d39);
    },
    isDoubled: () => rows > 0 && low === 0 && high === 0,
  };
}
