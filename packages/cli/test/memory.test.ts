/** A file far larger than the memory is checked: no key is forgotten, whatever the number of keys. */
import { execFileSync } from "node:child_process";
import path from "node:path";
import { expect } from "chai";

const child = path.join(import.meta.dirname, "support", "large-stock.ts");

describe("the stream checker", () => {
  it("finds a key that stands twice among 1.5 million in 24 MB of heap", function () {
    this.timeout("120s");
    const options = ["--max-old-space-size=24", "--max-semi-space-size=8", "--conditions=@sales-etl/source"];
    const result = JSON.parse(execFileSync(process.execPath, [...options, child, "80"], { encoding: "utf8" }));
    expect(result.rowsRead).to.be.greaterThan(1_400_000);
    expect(result).to.deep.include({
      verdict: "accepted",
      rowsRejected: 2,
      problems: [
        ["KEY_NOT_UNIQUE", 2, "2020-01-06|1|1"],
        ["KEY_NOT_UNIQUE", result.rowsRead + 1, "2020-01-06|1|1"],
      ],
    });
    expect(result.megabytes).to.be.lessThan(200);
  });
});
