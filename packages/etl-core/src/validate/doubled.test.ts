import { expect } from "chai";
import fc from "fast-check";
import { doubledRows } from "./doubled.ts";

const isDoubled = (rows: readonly (readonly string[])[]) => {
  const doubled = doubledRows();
  for (const row of rows) doubled.add(row);
  return doubled.isDoubled();
};

const field = fc.string({ maxLength: 12 });
const row = fc.array(field, { minLength: 3, maxLength: 3 });

describe("doubledRows", () => {
  it("knows a file twice in one, in any order", () => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 50 }), fc.infiniteStream(fc.nat()), (rows, order) => {
        const keys = [...rows, ...rows].map((one) => ({ one, key: order.next().value as number }));
        expect(isDoubled(keys.sort((a, b) => a.key - b.key).map(({ one }) => one))).to.equal(true);
      }),
    );
  });

  it("gives rows in another order the same digest, and no other rows", () => {
    const digest = (rows: readonly (readonly string[])[]) => {
      const doubled = doubledRows();
      for (const one of rows) doubled.add(one);
      return doubled.digest();
    };
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 50 }), row, fc.nat(), (rows, other, at) => {
        expect(digest(rows.toReversed())).to.equal(digest(rows));
        const index = at % rows.length;
        if (JSON.stringify(rows[index]) !== JSON.stringify(other))
          expect(digest(rows.with(index, other))).not.to.equal(digest(rows));
      }),
    );
    // XOR alone, and their number, would take these for the same.
    const [a, b] = [
      ["1", "2", "3"],
      ["4", "5", "6"],
    ];
    expect(digest([a, a, b] as string[][])).not.to.equal(digest([b, b, b] as string[][]));
    expect(digest([])).to.equal(null);
  });

  it("takes single repeats for data", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(row, { minLength: 1, maxLength: 50, selector: (one) => one.join("\0") }),
        fc.nat(),
        (rows, at) => {
          const again = rows[at % rows.length] as string[];
          expect(isDoubled(rows)).to.equal(false);
          if (rows.length > 1) expect(isDoubled([...rows, again])).to.equal(false);
        },
      ),
    );
  });

  it("is not misled by tables in which every store has every product", () => {
    const names = Array.from({ length: 64 }, (_, index) => String(index + 1));
    for (const stores of [1, 2, 4, 8, 16, 64]) {
      for (const products of [2, 4, 8, 32, 64]) {
        const rows = names
          .slice(0, stores)
          .flatMap((s) => names.slice(0, products).map((p) => ["2017-12-24", s, p, "4.00", "0"]));
        expect(isDoubled(rows), `${stores} x ${products}`).to.equal(false);
        expect(isDoubled(rows.map(([day, s, p]) => [p ?? "", day ?? "", s ?? ""])), `${stores} x ${products}`).to.equal(
          false,
        );
      }
    }
  });

  it("sees the borders of fields, and nothing in an empty file", () => {
    expect(
      isDoubled([
        ["a", "bc"],
        ["ab", "c"],
      ]),
    ).to.equal(false);
    expect(isDoubled([])).to.equal(false);
  });
});
