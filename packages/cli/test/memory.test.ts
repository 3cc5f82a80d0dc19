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

  /** The keys alone are 80 MB as texts; what is allowed beside a small file's memory is one page of each partition. */
  const bound = () => Math.min(200, few + 40);

  it("finds a key that stands twice among 2.5 million in 24 MB of heap, and takes no more memory than for a few", function () {
    this.timeout("120s");
    const result = check(150);
    expect(result.rowsRead).to.be.greaterThan(2_500_000);
    expect(result).to.deep.include({
      verdict: "accepted",
      rowsRejected: 2,
      problems: [
        ["KEY_NOT_UNIQUE", 2, "2020-01-06|1|1000000"],
        ["KEY_NOT_UNIQUE", result.rowsRead + 1, "2020-01-06|1|1000000"],
      ],
    });
    expect(result.megabytes).to.be.lessThan(bound());
  });

  it("takes no more where the file comes in ten parts, each of which has a key of the first", function () {
    this.timeout("240s");
    const result = check(150, 10);
    expect(result.rowsRead).to.be.greaterThan(2_500_000);
    const codes = result.problems.map(([code]: readonly [string]) => code);
    expect(codes.filter((code: string) => code === "KEY_IN_TWO_FILES").length).to.equal(9);
    expect(result.megabytes).to.be.lessThan(bound());
  });
});
