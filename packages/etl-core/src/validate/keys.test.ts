import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { expect } from "chai";
import fc from "fast-check";
import { amount, bigint, boolean, date, defineTable, text } from "../contract/index.ts";
import { type KeyPart, keyColumns, shownOf } from "./key-parts.ts";
import { type KeyIndexSizes, keyIndex } from "./keys.ts";

interface Row {
  readonly file: number;
  readonly key: readonly KeyPart[];
}

const keyed = defineTable({
  ...{ name: "mixed", title: "Mixed", description: "All types", grain: "a row", load: "delta", tolerance: 1 },
  key: ["day", "number", "money", "flag", "word"],
  columns: {
    day: date("Day").required(),
    number: bigint("Number").required(),
    money: amount("Money").required(),
    flag: boolean("Flag").required(),
    word: text("Word").required(),
  },
});
const words = [{ part: (text: string) => text, text: String }] as const;

/** What a plain map of all keys finds. */
function byMap(rows: readonly Row[]) {
  const groups = new Map<string, { file: number; line: number }[]>();
  const repeats: string[] = [];
  const across = new Map<number, string>();
  for (const [line, row] of rows.entries()) {
    const key = JSON.stringify(row.key);
    groups.set(key, [...(groups.get(key) ?? []), { file: row.file, line }]);
  }
  for (const [key, found] of groups) {
    const owner = Math.min(...found.map(({ file }) => file));
    for (const { file, line } of found) {
      if (found.filter((one) => one.file === file).length > 1) repeats.push(`${file}:${line}:${key}`);
      const before = Number(across.get(file)?.split(":")[1] ?? Number.POSITIVE_INFINITY);
      if (owner < file && line < before) across.set(file, `${file}:${line}:${owner}`);
    }
  }
  return { repeats: repeats.sort(), across: [...across.values()].sort() };
}

function byIndex(rows: readonly Row[], sizes: KeyIndexSizes) {
  const columns = [0, 1, 2].map(() => ({
    part: (text: string) => text,
    text: (part: KeyPart) => JSON.stringify(part),
  }));
  const index = keyIndex(columns, sizes);
  const repeats: string[] = [];
  try {
    for (const name of [0, 1, 2]) {
      const keys = index.file(String(name));
      let own = 0;
      // What is shown is made of the parts, or kept.
      for (const [line, { file, key }] of rows.entries()) {
        if (file === name)
          keys.add(key, line % 2 === 0 ? null : key.map((part) => JSON.stringify(part)).join("|"), line + 1);
      }
      const count = keys.repeats((line, shown) => {
        own += 1;
        repeats.push(`${name}:${line - 1}:[${shown.replaceAll("|", ",")}]`);
      });
      expect(count).to.equal(own);
    }
    const across = index.acrossFiles().map(({ file, line, other }) => `${file}:${line - 1}:${other}`);
    return { repeats: repeats.sort(), across: across.sort() };
  } finally {
    index.close();
  }
}

describe("keyIndex", () => {
  const part = fc.oneof(
    fc.nat(3),
    fc.maxSafeInteger().map((one) => one % 10 ** 15),
    fc.constantFrom(0, -1, 10 ** 15 - 1, 1 - 10 ** 15, 2 ** 31, -(2 ** 31), 20200106),
    fc.constantFrom("", "1", "é", "日本", "1".repeat(300)),
    fc.string({ unit: "grapheme", maxLength: 5 }).filter((one) => !/[|\0]/.test(one)),
  );
  // A key that is different from another one in one part, or not at all.
  const key = fc.oneof(
    fc.tuple(part, part, part),
    fc.tuple(fc.constantFrom(20200106, 20200107), fc.nat(2), fc.constantFrom<KeyPart>(1, "1")),
  );
  const rows = fc.array(fc.record({ file: fc.nat(2), key }), { maxLength: 80 });
  const sizes = fc.record({
    partitions: fc.constantFrom(1, 2, 256),
    page: fc.constantFrom(1, 40, 200, 32 * 1024),
    hashes: fc.constantFrom(1, 3, 1000),
    keys: fc.constantFrom(1, 2, 1000),
  });

  it("finds what a map of all keys finds, in memory and on disk, at once and in parts", () => {
    fc.assert(
      fc.property(rows, sizes, (all, how) => {
        expect(byIndex(all, how)).to.deep.equal(byMap(all));
      }),
      { numRuns: 500 },
    );
  });

  it("takes no number for the text that looks like it, also where both stand twice", () => {
    const rows = [1, "1", 1, "1"].map((part, line) => ({ file: line % 2, key: [20200106, 2, part] }));
    expect(byIndex(rows, { partitions: 1, page: 1, hashes: 1000, keys: 1000 }).across).to.deep.equal([]);
  });

  it("shows each row as it stands, and names the file that had the key first", () => {
    const index = keyIndex(words);
    const first = index.file("a");
    first.add(["1"], "01", 2);
    first.add(["1"], null, 7);
    const shown: unknown[] = [];
    first.repeats((line, text) => shown.push([line, text]));
    index.file("b").add(["1"], "+1", 3);
    expect(shown).to.deep.equal([
      [2, "01"],
      [7, "1"],
    ]);
    expect(index.acrossFiles()).to.deep.equal([{ file: "b", line: 3, shown: "+1", other: "a" }]);
    expect(() => first.add(["2"], null, 8)).to.throw(RangeError, "follow those of another file");
    index.close();
  });

  it("leaves nothing on disk", () => {
    const spilled = () => readdirSync(tmpdir()).filter((name) => name.endsWith(".keys"));
    const before = spilled();
    const index = keyIndex(words, { partitions: 1, page: 1 });
    const keys = index.file("a");
    keys.add(["1"], null, 1);
    keys.add(["2"], null, 2);
    expect(spilled().filter((name) => !before.includes(name))).to.deep.equal([]);
    index.close();
  });
});

describe("a key's parts", () => {
  const columns = keyColumns(keyed);
  const partsOf = (texts: readonly string[]) => columns.map(({ part }, index) => part(texts[index] ?? ""));

  it("are the same for every way to write the same value, and written as its canonical text", () => {
    const ways = [
      ["2020-01-06", "7", "1.5", "true", "x"],
      ["2020-01-06", "007", "01.50", "1", "x"],
      ["2020-01-06", "7", "1.500", "TRUE", "x"],
    ];
    for (const way of ways) expect(partsOf(way)).to.deep.equal([20200106, 7, 150, 1, "x"]);
    expect(shownOf(columns, partsOf(ways[1] ?? []))).to.equal("2020-01-06|7|1.5|true|x");
    const zeros = partsOf(["1000-01-01", "-0", "-0.00", "0", ""]);
    expect(zeros).to.deep.equal([10000101, 0, 0, 0, ""]);
    expect(shownOf(columns, zeros)).to.equal("1000-01-01|0|0|false|");
  });

  it("are texts where a number is not exact as a double", () => {
    const large = partsOf(["2020-01-06", "9223372036854775807", "9999999999999999.99", "0", "x"]);
    expect(large.slice(1, 3)).to.deep.equal(["9223372036854775807", "9999999999999999.99"]);
    expect(partsOf(["2020-01-06", "999999999999999", "-9999999999999.99", "0", "x"]).slice(1, 3)).to.deep.equal([
      999999999999999, -999999999999999,
    ]);
    expect(shownOf(columns, large)).to.equal("2020-01-06|9223372036854775807|9999999999999999.99|false|x");
  });
});
