import { expect } from "chai";
import { closest } from "./closest.ts";

describe("closest", () => {
  const known = ["timeZone", "nightlyHour", "emr"];
  for (const [word, expected] of [
    ["timezone", "timeZone"],
    ["nigthlyHour", "nightlyHour"],
    ["nightlyHours", "nightlyHour"],
    ["emrs", "emr"],
    ["nightly", undefined],
    ["colour", undefined],
  ] as const) {
    it(`${word}: ${expected}`, () => {
      expect(closest(word, known)).to.equal(expected);
    });
  }

  it("has none among nothing", () => {
    expect(closest("timeZone", [])).to.equal(undefined);
  });
});
