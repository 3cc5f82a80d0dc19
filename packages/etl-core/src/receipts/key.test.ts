import { assert } from "chai";
import fc from "fast-check";
import { InvalidPropertiesError } from "../errors.ts";
import { parseReceiptKey, receiptKey } from "./key.ts";

describe("receipts: names", () => {
  it("makes a key of date and step", () => {
    assert.equal(receiptKey({ businessDate: "2017-06-30", step: "cluster-ended" }), "dt=2017-06-30/cluster-ended.json");
  });

  it("reads back every name it makes", () => {
    const day = fc
      .date({ min: new Date("1000-01-01T00:00:00Z"), max: new Date("9999-12-31T00:00:00Z"), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 10));
    const step = fc.stringMatching(/^[a-z][a-z0-9-]{0,127}$/);
    fc.assert(
      fc.property(day, step, (businessDate, name) => {
        assert.deepEqual(parseReceiptKey(receiptKey({ businessDate, step: name })), { businessDate, step: name });
      }),
    );
  });

  it("names everything that is wrong", () => {
    try {
      receiptKey({ businessDate: "2017-02-30", step: "../lease" });
      assert.fail("must throw");
    } catch (error) {
      assert.instanceOf(error, InvalidPropertiesError);
      assert.equal(error.code, "RECEIPT_NAME_INVALID");
      assert.deepEqual(
        error.problems.map(({ path }) => path),
        ["businessDate", "step"],
      );
    }
  });

  for (const key of [
    "lease",
    "dt=2017-06-30/",
    "dt=2017-06-30/validated",
    "dt=2017-06-31/validated.json",
    "dt=2017-06-30/Validated.json",
    "dt=2017-06-30/a/b.json",
    "x/dt=2017-06-30/a.json",
    "dt=2017-06-30/a.json\n",
  ]) {
    it(`knows that ${JSON.stringify(key)} is none`, () => assert.isNull(parseReceiptKey(key)));
  }
});
