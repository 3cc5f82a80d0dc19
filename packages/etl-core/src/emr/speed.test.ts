import { expect } from "chai";
import { estimateRun } from "./estimate.ts";
import { costOfRows, emrSpeed, measuredSpeed } from "./speed.ts";

describe("measuredSpeed", () => {
  // 40 seconds whatever the rows, and 50 more for each million.
  const runs = [
    { rows: 20_000_000, coreSeconds: 1040 },
    { rows: 2_000_000, coreSeconds: 140 },
    { rows: 6_000_000, coreSeconds: 9999 },
  ];

  it("draws a line through the smallest and the largest run", () => {
    expect(costOfRows(runs)).to.deep.equal({ fixedSeconds: 40, perRow: 0.00005 });
    const speed = measuredSpeed(runs, "2026-11-26");
    expect(speed).to.include({ date: "2026-11-26", fixedSeconds: 40, rowsPerCoreMinute: 1_200_000 });
    expect(speed).to.include({ startSeconds: emrSpeed.startSeconds, endSeconds: emrSpeed.endSeconds });
    expect(speed.source).to.match(/^1040 core seconds for 20000000 rows, 140 core seconds for 2000000 rows/);
  });

  it("is what estimateRun reckons with", () => {
    const instances = { primary: { types: ["m7g.xlarge"] }, core: { types: ["m7g.xlarge"] } };
    const speed = measuredSpeed(runs, "2026-11-26");
    // 4 cores: 40 s and 48 million / (4 x 1.2 million a minute) = 10 minutes.
    expect(estimateRun({ rows: 48_000_000, instances, speed }).jobMinutes).to.equal(11);
  });

  it("refuses runs that say nothing of a row", () => {
    expect(() => measuredSpeed(runs.slice(0, 1), "2026-11-26")).to.throw(RangeError, "runs of two sizes are needed");
    const slower = [
      { rows: 1, coreSeconds: 10 },
      { rows: 2, coreSeconds: 10 },
    ];
    expect(() => measuredSpeed(slower, "2026-11-26")).to.throw(RangeError, "2 rows took no longer than 1");
  });
});
