import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { expect } from "chai";
import fc from "fast-check";
import { keyIndex } from "./keys.ts";

interface Row {
  readonly file: number;
  readonly key: string;
}

/** What a plain map of all keys finds. */
function byMap(rows: readonly Row[]) {
  const groups = new Map<string, { file: number; line: number }[]>();
  const repeats: string[] = [];
  const across = new Map<number, number>();
  for (const [line, { file, key }] of rows.entries()) groups.set(key, [...(groups.get(key) ?? []), { file, line }]);
  for (const [key, found] of groups) {
    for (const { file, line } of found) {
      if (found.filter((one) => one.file === file).length > 1) repeats.push(`${file}:${line}:${key}`);
      if (found.some((one) => one.file < file)) across.set(file, Math.min(across.get(file) ?? line, line));
    }
  }
  return { repeats: repeats.sort(), across: [...across].map(([file, line]) => `${file}:${line}`).sort() };
}

function byIndex(rows: readonly Row[], memory: number) {
  const index = keyIndex(memory);
  const repeats: string[] = [];
  try {
    for (const name of [0, 1, 2]) {
      const keys = index.file(String(name));
      let own = 0;
      for (const [line, { file, key }] of rows.entries()) if (file === name) keys.add(key, key, line);
      const count = keys.repeats((line, shown) => {
        own += 1;
        repeats.push(`${name}:${line}:${shown}`);
      });
      expect(count).to.equal(own);
    }
    return {
      repeats: repeats.sort(),
      across: index
        .acrossFiles()
        .map(({ file, line }) => `${file}:${line}`)
        .sort(),
    };
  } finally {
    index.close();
  }
}

describe("keyIndex", () => {
  const key = fc.oneof(
    fc.constantFrom("1", "2", "1\0" + "2", "é", "日本"),
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 5 }).filter((one) => !one.includes("\0")),
    fc.nat(30).map((one) => `2020-01-01\0${one}`),
  );
  const rows = fc.array(fc.record({ file: fc.nat(2), key }), { maxLength: 80 });

  it("finds what a map of all keys finds, in memory and on disk", () => {
    fc.assert(
      fc.property(rows, fc.constantFrom(1, 40, 400, 1_000_000), (all, memory) => {
        const map = byMap(all);
        const index = byIndex(all, memory);
        const shown = (one: string) => one.replaceAll("\0", "|");
        expect(index.across).to.deep.equal(map.across);
        expect(index.repeats.map(shown)).to.deep.equal(map.repeats.map(shown));
      }),
      { numRuns: 300 },
    );
  });

  it("shows each row as it stands, and names the file that had the key first", () => {
    const index = keyIndex();
    const first = index.file("a");
    first.add("1\0" + "x", "01|x", 2);
    first.add("1\0" + "x", "1|x", 7);
    const shown: unknown[] = [];
    first.repeats((line, text) => shown.push([line, text]));
    index.file("b").add("1\0" + "x", "+1|x", 3);
    expect(shown).to.deep.equal([
      [2, "01|x"],
      [7, "1|x"],
    ]);
    expect(index.acrossFiles()).to.deep.equal([{ file: "b", line: 3, shown: "+1|x", other: "a" }]);
    index.close();
  });

  it("leaves nothing on disk", () => {
    const spilled = () => readdirSync(tmpdir()).filter((name) => name.endsWith(".keys"));
    const before = spilled();
    const index = keyIndex(1);
    index.file("a").add("1", "1", 1);
    index.close();
    expect(spilled().filter((name) => !before.includes(name))).to.deep.equal([]);
  });
});
