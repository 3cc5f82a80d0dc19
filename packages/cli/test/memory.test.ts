/** A file far larger than the memory is checked: no key is forgotten, whatever the number of keys. */
import { execFileSync } from "node:child_process";
import path from "node:path";
import { expect } from "chai";

const child = path.join(import.meta.dirname, "support", "large-stock.ts");

/** @param parts in how many files */
const check = (megabytes: number, parts = 1) => {
  const options = ["--max-old-space-size=24", "--max-semi-space-size=8", "--conditions=@sales-etl/source"];
  const args = [...options, child, String(megabytes), String(parts)];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" }));
};

describe("the stream checker", () => {
  let few = 0;
  before(function () {
    this.timeout("60s");
    few = check(10).megabytes;
  });

  it("finds a key that stands twice among 6.8 million in 24 MB of heap, and takes no more memory than for a few", function () {
    this.timeout("240s");
    const result = check(400);
    expect(result.rowsRead).to.be.greaterThan(6_500_000);
    expect(result).to.deep.include({
      verdict: "accepted",
      rowsRejected: 2,
      problems: [
        ["KEY_NOT_UNIQUE", 2, "2020-01-06|1|1000000"],
        ["KEY_NOT_UNIQUE", result.rowsRead + 1, "2020-01-06|1|1000000"],
      ],
    });
    // The keys are 34 MB, as short as they are kept; beside a small file's memory there may be a page of each partition.
    expect(result.megabytes).to.be.lessThan(Math.min(200, few + 30));
  });

  it("takes no more where the file comes in ten parts, each of which has a key of the first", function () {
    this.timeout("240s");
    const result = check(150, 10);
    expect(result.rowsRead).to.be.greaterThan(2_500_000);
    const codes = result.problems.map(([code]: readonly [string]) => code);
    expect(codes.filter((code: string) => code === "KEY_IN_TWO_FILES").length).to.equal(9);
    // A stream's own buffers wait for the garbage collector.
    expect(result.megabytes).to.be.lessThan(Math.min(200, few + 40));
  });
});
