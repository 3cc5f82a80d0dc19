/** A file far larger than the memory is checked: no key is forgotten, whatever the number of keys. */
import { execFileSync } from "node:child_process";
import path from "node:path";
import { expect } from "chai";

const child = path.join(import.meta.dirname, "support", "large-stock.ts");

const check = (megabytes: number) => {
  const options = ["--max-old-space-size=24", "--max-semi-space-size=8", "--conditions=@sales-etl/source"];
  return JSON.parse(execFileSync(process.execPath, [...options, child, String(megabytes)], { encoding: "utf8" }));
};

describe("the stream checker", () => {
  it("finds a key that stands twice among 2.7 million in 24 MB of heap, and takes no more memory than for a few", function () {
    this.timeout("120s");
    const few = check(10);
    const result = check(150);
    expect(result.rowsRead).to.be.greaterThan(2_700_000);
    expect(result).to.deep.include({
      verdict: "accepted",
      rowsRejected: 2,
      problems: [
        ["KEY_NOT_UNIQUE", 2, "2020-01-06|1|1"],
        ["KEY_NOT_UNIQUE", result.rowsRead + 1, "2020-01-06|1|1"],
      ],
    });
    // The keys alone are 80 MB.
    expect(result.megabytes).to.be.lessThan(Math.min(200, few.megabytes + 60));
  });
});
