import { receiptStore } from "@sales-etl/etl-core/receipts";
import { assert } from "chai";
import { memoryS3 } from "../../test/memory-s3.ts";
import { announceOnce, EVENT_TAKES_AT_MOST_MS } from "./announce.ts";

const businessDate = "2017-06-30";
const announced = { businessDate, step: "announced-0a" };

/** A bucket, a clock that only `sleep` moves, and invocations that judge and announce as the handler does. */
function gate() {
  const receipts = receiptStore({ client: memoryS3(), bucket: "control" });
  let time = Date.parse("2017-07-01T02:00:00Z");
  const sent: string[] = [];
  const now = () => new Date(time);
  const judge = (who: string) =>
    receipts.write({ businessDate, step: "validated-0a", who, when: now().toISOString(), what: "accepted" });
  const announce = async (who: string, send = async () => void sent.push(who), onSleep = async () => {}) =>
    announceOnce({
      receipts,
      validated: await judge(who),
      announcedStep: announced.step,
      who,
      send,
      now,
      sleep: async (milliseconds) => {
        time += milliseconds;
        await onSleep();
      },
    });
  return { receipts, sent, judge, announce, later: (ms: number) => (time += ms), now };
}

describe("validate-landing: one event for a judgement", () => {
  it("sends it, and says so in a receipt", async () => {
    const { announce, receipts, sent } = gate();
    assert.isTrue(await announce("first"));
    assert.deepEqual(sent, ["first"]);
    assert.deepEqual(await receipts.read(announced), {
      ...announced,
      who: "first",
      when: "2017-07-01T02:00:00.000Z",
      what: { judgement: "dt=2017-06-30/validated-0a.json" },
    });
  });

  it("sends nothing for a repetition", async () => {
    const { announce, sent, later } = gate();
    await announce("first");
    later(86_400_000);
    assert.isFalse(await announce("second"));
    assert.deepEqual(sent, ["first"]);
  });

  it("waits while the first may be sending, and leaves it to it", async () => {
    const { announce, judge, receipts, sent, now } = gate();
    await judge("first");
    let looks = 0;
    const firstIsDone = async () => {
      if (++looks < 3) return;
      await receipts.write({ ...announced, who: "first", when: now().toISOString(), what: "" });
    };
    assert.isFalse(await announce("second", undefined, firstIsDone));
    assert.isEmpty(sent);
    assert.equal(looks, 3);
  });

  it("sends in the place of a first that died before its event", async () => {
    const { announce, judge, sent, later, now } = gate();
    await judge("first");
    const died = now().getTime();
    later(1000);
    assert.isTrue(await announce("second"));
    assert.deepEqual(sent, ["second"]);
    assert.equal(now().getTime() - died, EVENT_TAKES_AT_MOST_MS);
  });

  it("does not wait for a first that died long ago", async () => {
    const { announce, judge, sent, later, now } = gate();
    await judge("first");
    later(60_000);
    const begun = now().getTime();
    assert.isTrue(await announce("second"));
    assert.deepEqual(sent, ["second"]);
    assert.equal(now().getTime(), begun);
  });

  it("says nothing of an event that the bus did not take: the repetition sends it", async () => {
    const { announce, receipts, sent, later } = gate();
    const refuse = async () => {
      throw new Error("no bus");
    };
    const error = await announce("first", refuse).catch((reason: Error) => reason);
    assert.equal((error as Error).message, "no bus");
    assert.isNull(await receipts.read(announced));
    later(60_000);
    assert.isTrue(await announce("second"));
    assert.deepEqual(sent, ["second"]);
  });
});
