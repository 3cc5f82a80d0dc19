import { receiptStore } from "@sales-etl/etl-core/receipts";
import { assert } from "chai";
import { memoryS3 } from "../../test/memory-s3.ts";
import { unpublished, unpublishedText } from "./freshness.ts";

const businessDate = "2017-06-30";
const [a, b] = ["000000000000000a", "000000000000000b"];

/** What is said on the morning after 30 June, after receipts of `[date] step what`, written a second after each other. */
async function after(...lines: string[]) {
  let time = 0;
  const receipts = receiptStore({ client: memoryS3(() => new Date(time)), bucket: "control" });
  for (const line of lines) {
    const [first = "", ...rest] = line.split(" ");
    const [date, step = "", what] = first.startsWith("2017") ? [first, ...rest] : [businessDate, first, ...rest];
    time += 1000;
    const verdict = { verdict: what, waitsUntil: what === "incomplete" ? "2017-07-01T06:00:00.000Z" : null };
    const fact = step.startsWith("ended") ? { result: what } : verdict;
    await receipts.write({ businessDate: date, step, who: "test", when: "", what: fact });
  }
  const dates = await unpublished({ receipts, last: businessDate, lookBackDays: 7 });
  return dates.length === 0 ? null : unpublishedText(dates);
}

describe("host-power: is the day published?", () => {
  it("yes, once a run of its newest delivery has succeeded", async () => {
    assert.isNull(await after(`validated-${a} accepted`, `ended-${a} succeeded`));
    assert.isNull(await after(`validated-${a} accepted`, `ended-${a} failed`, `ended-${a}-2 succeeded`));
  });

  const cases: Readonly<Record<string, readonly string[]>> = {
    "nothing of it has been checked": [],
    "its manifest has not come; it was waited for until 2017-07-01T06:00:00.000Z. It is loaded as soon as": [
      `validated-${a} incomplete`,
    ],
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

  it("nor are older days, back to the first that is known and as far as the gate looks", async () => {
    const said = await after(
      // Eight days back: too old.
      `2017-06-23 validated-${a} rejected`,
      ...[`2017-06-26 validated-${a} accepted`, `2017-06-26 ended-${a} succeeded`],
      `2017-06-28 validated-${a} rejected`,
      ...[`validated-${a} accepted`, `ended-${a} succeeded`],
    );
    assert.deepEqual(said?.match(/2017-06-\d\d is/g), ["2017-06-29 is", "2017-06-28 is", "2017-06-27 is"]);
  });

  it("are told in one message that does not grow without end", () => {
    const dates = Array.from({ length: 13 }, (_, day) => ({ businessDate: `2017-06-${day + 10}`, reason: "r" }));
    assert.match(unpublishedText(dates), /So are 3 older dates\.$/);
  });
});
