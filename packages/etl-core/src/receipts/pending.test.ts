import { expect } from "chai";
import { endedStep, pendingRuns, triggeredStep } from "./pending.ts";
import type { ReceiptStore } from "./store.ts";

const [a, b, c] = ["000000000000000a", "000000000000000b", "000000000000000c"] as const;

/** Receipts in the order in which they were written: `date step`, a judgement with its verdict. */
function storeOf(...lines: string[]) {
  const receipts = lines.map((line, index) => {
    const [businessDate = "", step = "", verdict] = line.split(" ");
    return { businessDate, step, who: "test", when: "", what: { verdict }, written: new Date(index * 1000) };
  });
  const reads: string[] = [];
  const store: ReceiptStore = {
    write: () => expect.fail("nothing is written"),
    read: async ({ businessDate, step }) => {
      reads.push(`${businessDate} ${step}`);
      return receipts.find((one) => one.businessDate === businessDate && one.step === step) ?? null;
    },
    list: async () => receipts.toReversed(),
  };
  return { store, reads };
}

const pendingOf = async (...lines: string[]) =>
  (await pendingRuns(storeOf(...lines).store)).map(
    ({ businessDate, judgement, attempt, triggered }) =>
      `${businessDate} ${judgement.at(-1)} ${attempt}${triggered ? " triggered" : ""}`,
  );

describe("pendingRuns", () => {
  it("are the accepted dates whose run has not ended, oldest first", async () => {
    expect(
      await pendingOf(
        `2017-07-02 validated-${c} accepted`,
        `2017-06-30 validated-${a} accepted`,
        `2017-06-30 announced-${a}`,
        `2017-07-01 validated-${b} accepted`,
        `2017-07-01 triggered-${b}`,
        `2017-07-03 validated-${a} accepted`,
        `2017-07-03 triggered-${a}`,
        `2017-07-03 ended-${a}`,
      ),
    ).to.deep.equal(["2017-06-30 a 1", "2017-07-01 b 1 triggered", "2017-07-02 c 1"]);
  });

  it("are none of a date that is rejected or incomplete", async () => {
    expect(await pendingOf(`2017-06-30 validated-${a} rejected`, `2017-07-01 validated-${b} incomplete`)).to.deep.equal(
      [],
    );
  });

  it("follow the newest judgement", async () => {
    const date = "2017-06-30";
    expect(await pendingOf(`${date} validated-${c} rejected`, `${date} validated-${a} accepted`)).to.deep.equal([
      "2017-06-30 a 1",
    ]);
    expect(await pendingOf(`${date} validated-${a} accepted`, `${date} validated-${c} rejected`)).to.deep.equal([]);
    expect(
      await pendingOf(`${date} validated-${c} accepted`, `${date} ended-${c}`, `${date} validated-${a} accepted`),
    ).to.deep.equal(["2017-06-30 a 1"]);
  });

  it("hold the attempts that a person asked for", async () => {
    const date = "2017-06-30";
    const failed = [`${date} validated-${a} accepted`, `${date} ended-${a}`];
    expect(await pendingOf(...failed, `${date} triggered-${a}-2`)).to.deep.equal(["2017-06-30 a 2 triggered"]);
    expect(await pendingOf(...failed, `${date} triggered-${a}-2`, `${date} ended-${a}-2`)).to.deep.equal([]);
  });

  it("are found without reading what is done", async () => {
    const { store, reads } = storeOf(
      `2017-06-30 validated-${a} accepted`,
      `2017-06-30 ended-${a}`,
      `2017-07-01 validated-${b} accepted`,
    );
    await pendingRuns(store);
    expect(reads).to.deep.equal([`2017-07-01 validated-${b}`]);
  });

  it("have receipts of their own for every attempt", () => {
    expect(triggeredStep({ judgement: a, attempt: 1 })).to.equal(`triggered-${a}`);
    expect(endedStep({ judgement: a, attempt: 2 })).to.equal(`ended-${a}-2`);
  });
});
