import { receiptStore } from "@sales-etl/etl-core/receipts";
import { assert } from "chai";
import { memoryS3 } from "../../test/memory-s3.ts";
import { whyNotPublished } from "./freshness.ts";

const businessDate = "2017-06-30";
const [a, b] = ["000000000000000a", "000000000000000b"];

/** What is said after receipts of `step what`, written a second after each other. */
async function after(...lines: string[]) {
  let time = 0;
  const receipts = receiptStore({ client: memoryS3(() => new Date(time)), bucket: "control" });
  for (const line of lines) {
    const [step = "", what] = line.split(" ");
    time += 1000;
    const fact = step.startsWith("ended") ? { result: what } : { verdict: what };
    await receipts.write({ businessDate, step, who: "test", when: "", what: fact });
  }
  return whyNotPublished(receipts, businessDate);
}

describe("host-power: is the day published?", () => {
  it("yes, once a run of its newest delivery has succeeded", async () => {
    assert.isNull(await after(`validated-${a} accepted`, `ended-${a} succeeded`));
    assert.isNull(await after(`validated-${a} accepted`, `ended-${a} failed`, `ended-${a}-2 succeeded`));
  });

  const cases: Readonly<Record<string, readonly string[]>> = {
    "nothing of it has been checked": [],
    "its files were found incomplete": [`validated-${a} incomplete`],
    "its files were found rejected": [`validated-${a} accepted`, `ended-${a} succeeded`, `validated-${b} rejected`],
    "no run of it has ended": [`validated-${a} accepted`],
    "its run has failed": [`validated-${a} accepted`, `ended-${a} failed`],
  };
  for (const [reason, receipts] of Object.entries(cases)) {
    it(`no: ${reason}`, async () => {
      assert.include(await after(...receipts), reason);
    });
  }

  it("a corrected delivery counts by its own run", async () => {
    const said = await after(`validated-${a} accepted`, `ended-${a} succeeded`, `validated-${b} accepted`);
    assert.include(said, "no run of it has ended");
  });
});
