import { expect } from "chai";
import fc from "fast-check";
import { columnTotal, decimalText, scaledInteger } from "./totals.ts";

const total = (scale: number, texts: readonly string[]) => {
  const sum = columnTotal(scale);
  for (const text of texts) sum.add(text);
  return decimalText(sum.value(), scale);
};

describe("control totals", () => {
  it("add up to the last digit, whatever the size and the form", () => {
    expect(total(2, [])).to.equal("0.00");
    expect(total(2, ["0.1", "0.2", "-0.30", "007", "1.500"])).to.equal("8.50");
    expect(total(2, ["9999999999999999.99", "0.01", "-0.02"])).to.equal("9999999999999999.98");
    expect(total(0, ["3", "-5.0"])).to.equal("-2");
    expect(total(6, ["12.345678", "-0.000001"])).to.equal("12.345677");
    expect(
      total(
        2,
        Array.from({ length: 300 }, () => "999999999999"),
      ),
    ).to.equal("299999999999700.00");
  });

  it("equal the sum of whole numbers of the smallest unit", () => {
    const units = fc.array(fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }), { maxLength: 30 });
    fc.assert(
      fc.property(units, fc.constantFrom(0, 2, 3, 6), (values, scale) => {
        const sum = values.reduce((all, one) => all + one, 0n);
        expect(
          total(
            scale,
            values.map((value) => decimalText(value, scale)),
          ),
        ).to.equal(decimalText(sum, scale));
      }),
    );
  });

  it("know what is no decimal of the column", () => {
    expect(["1.005", "1e3", "", "1,0", "+1", " 1"].map((text) => scaledInteger(text, 2))).to.deep.equal(
      Array.from({ length: 6 }, () => null),
    );
    expect([scaledInteger("-0.05", 2), scaledInteger("1.500", 2)]).to.deep.equal([-5n, 150n]);
  });
});
