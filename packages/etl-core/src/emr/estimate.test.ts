import { expect } from "chai";
import { InvalidPropertiesError } from "../errors.ts";
import { estimateRun } from "./estimate.ts";
import { emrPrices } from "./prices.ts";

const speed = {
  ...{ date: "2026-01-01", source: "invented" },
  ...{ startSeconds: 400, fixedSeconds: 100, rowsPerCoreMinute: 500_000, endSeconds: 40 },
};
const instances = { primary: { types: ["m7g.xlarge"] }, core: { types: ["m7g.xlarge", "m6g.xlarge"], count: 2 } };

describe("estimateRun", () => {
  it("reckons minutes from the rows and the cores that work, dollars from all nodes", () => {
    // 8 cores check 4 million rows a minute: 3 minutes = 180 s, with 100 s fixed 280 s; with start and end 720 s = 0.2 h.
    const { minutes, jobMinutes, dollars, lines } = estimateRun({ rows: 12_000_000, instances, speed });
    expect([minutes, jobMinutes]).to.deep.equal([12, 5]);
    // 3 x (0.1632 x 1.25 + 0.005) x 0.2
    expect(dollars).to.equal("0.1254");
    expect(lines).to.deep.equal([
      { item: "primary", reckoning: "1 x m7g.xlarge, 0.1632 + 0.0408 an hour", dollars: "0.0408" },
      { item: "core", reckoning: "2 x m7g.xlarge, 0.1632 + 0.0408 an hour", dollars: "0.0816" },
      { item: "addresses", reckoning: "3 x 0.005 an hour", dollars: "0.0030" },
    ]);
  });

  it("counts spot nodes at their share, with the whole of EMR's price, and needs no address in a private subnet", () => {
    const task = { types: ["m7g.xlarge", "r7g.xlarge"], count: 2 };
    const estimate = estimateRun({
      rows: 12_000_000,
      instances: { ...instances, task },
      speed,
      publicAddresses: false,
    });
    // 16 cores: 90 s + 100 s + 440 s = 630 s = 0.175 h; 3 x 0.204 + 2 x 0.2142 x 0.65 = 0.89046 an hour.
    expect(estimate.minutes).to.equal(11);
    expect(estimate.dollars).to.equal("0.1558");
    expect(estimate.lines.at(-1)).to.deep.equal({
      ...{ item: "task", reckoning: "2 x r7g.xlarge, 0.08568 + 0.05355 an hour" },
      // 0.27846 x 0.175 = 0.0487305
      dollars: "0.0487",
    });
  });

  it("rounds half up, as floats would not", () => {
    // Two nodes at 0.001 x 1.025 an hour, for one hour: 0.00205. As a float this is below the half: 0.0020.
    const prices = { ...emrPrices, instances: { "m7g.large": "0.001" }, emrShare: "0.025", publicAddress: "0" };
    const small = { primary: { types: ["m7g.large"] }, core: { types: ["m7g.large"] } };
    const hour = { ...speed, startSeconds: 3600, fixedSeconds: 0, endSeconds: 0 };
    expect(estimateRun({ rows: 0, instances: small, prices, speed: hour }).dollars).to.equal("0.0021");
  });

  it("says which prices and which measurements it stands on", () => {
    const { prices, speed: measured } = estimateRun({ rows: 1, instances });
    expect(prices).to.deep.equal({ date: emrPrices.date, region: "us-east-1", source: emrPrices.source });
    expect(measured.date).to.match(/^\d{4}-\d{2}-\d{2}$/);
  });

  it("names every mistake at once, a type without a price among them", () => {
    const wrong = () =>
      estimateRun({
        rows: 1.5,
        instances: { primary: { types: ["m9g.xlarge"] }, core: { types: ["m7g.xlarge"], count: 0 } },
        prices: { ...emrPrices, spotShare: "40 %" },
      });
    expect(wrong)
      .to.throw(InvalidPropertiesError)
      .that.has.property("problems")
      .deep.equal([
        { path: "rows", message: "1.5 is no whole number from 0 to 1000000000000" },
        { path: "instances.core.count", message: "0 is no whole number from 1 to 1000" },
        {
          path: "instances.primary.types[0]",
          message: "m9g.xlarge has no price in the table of 2026-02-01 for us-east-1: give it with `prices`",
        },
        { path: "prices.spotShare", message: "40 % is no decimal of at most 8 places" },
      ]);
  });
});
