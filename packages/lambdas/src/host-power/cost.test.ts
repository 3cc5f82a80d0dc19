import { assert } from "chai";
import { prices } from "../../test/prices.ts";
import { costOf, dollarsText, hoursText, type Used } from "./cost.ts";

const minute = 60_000;
const node: Used = { type: "m7g.xlarge", market: "on demand", ms: 60 * minute, isOfEmr: true, hasPublicAddress: true };
const dollars = (...used: Used[]) => {
  const cost = costOf(used, prices);
  return cost === null ? null : dollarsText(cost);
};

describe("host-power: what it cost", () => {
  it("is price and EMR's share and address, by the time", () => {
    // 0.1632 + 0.0408 + 0.005
    assert.equal(dollars(node), "0.2090");
    // 0.1632 x 0.4 + 0.0408
    assert.equal(dollars({ ...node, market: "spot", hasPublicAddress: false }), "0.1061");
    assert.equal(dollars({ ...node, type: "t4g.medium", isOfEmr: false }), "0.0386");
  });

  it("is rounded once, half up: three thirds of an hour are one hour", () => {
    const third = { ...node, ms: 20 * minute };
    assert.equal(dollars(third, third, third), "0.2090");
    // 0.0336 x 15/3600 = 0.00014 exactly; of 16.0714.. seconds 0.00015, which is 0.0002.
    const host = { ...node, type: "t4g.medium", isOfEmr: false, hasPublicAddress: false };
    assert.equal(dollars({ ...host, ms: 15_000 }), "0.0001");
    assert.equal(dollars({ ...host, ms: 16_072 }), "0.0002");
    assert.equal(dollars(), "0.0000");
  });

  it("is not guessed for a type without a price", () => {
    assert.isNull(dollars(node, { ...node, type: "x9.mega" }));
  });

  it("does not take a price that is no plain decimal", () => {
    assert.throws(() => costOf([node], { ...prices, emrShare: "25 %" }), RangeError);
  });

  it("tells hours to the thousandth", () => {
    assert.deepEqual([0, 1800, 45 * minute, 61 * minute].map(hoursText), ["0.000", "0.001", "0.750", "1.017"]);
  });
});
