import { expect } from "chai";
import { amount, bigint, boolean, date, int, numeric, text } from "../contract/column.ts";
import type { ProblemCode } from "./codes.ts";
import { valueCheck } from "./value.ts";

const context = { latest: "2017-07-01", earliest: "2017-06-24" };

type Case = readonly [text: string, expected: ProblemCode | null];

const cases: Readonly<Record<string, { check: ReturnType<typeof valueCheck>; cases: readonly Case[] }>> = {
  "int, required, 0 to 23": {
    check: valueCheck(int("Hour").required().between(0, 23).spec, false),
    cases: [
      ["0", null],
      ["23", null],
      ["007", null],
      ["-0", null],
      ["24", "VALUE_OUT_OF_RANGE"],
      ["-1", "VALUE_OUT_OF_RANGE"],
      ["", "VALUE_NULL"],
      ["1.0", "VALUE_NOT_INTEGER"],
      ["1e3", "VALUE_NOT_INTEGER"],
      ["1_000", "VALUE_NOT_INTEGER"],
      ["1,000", "VALUE_NOT_INTEGER"],
      ["+1", "VALUE_NOT_INTEGER"],
      [" 1", "VALUE_NOT_INTEGER"],
      ["1\n", "VALUE_NOT_INTEGER"],
      ["12x", "VALUE_NOT_INTEGER"],
      ["NaN", "VALUE_NOT_INTEGER"],
      ["٣", "VALUE_NOT_INTEGER"],
      ["2147483648", "VALUE_TOO_LARGE"],
    ],
  },
  "text in a form": {
    check: valueCheck(text("Country").matching("[A-Z]{2}|[^a-z]").spec, false),
    cases: [
      ["", null],
      ["FR", null],
      ["😀", null],
      ["FRA", "VALUE_NOT_MATCHING"],
      ["FR\n", "VALUE_NOT_MATCHING"],
      ["x", "VALUE_NOT_MATCHING"],
    ],
  },
  "bigint: all 64 bits, no more": {
    check: valueCheck(bigint("Basket").spec, false),
    cases: [
      ["", null],
      ["9223372036854775807", null],
      ["-9223372036854775808", null],
      ["9223372036854775808", "VALUE_TOO_LARGE"],
      ["-9223372036854775809", "VALUE_TOO_LARGE"],
      ["00000000000000000000000000000000000001", null],
    ],
  },
  "decimal(18,2), at most 100000.00": {
    check: valueCheck(amount("Paid").between("-100000.00", "100000.00").spec, false),
    cases: [
      ["0", null],
      ["1.5", null],
      ["-1.50", null],
      ["1.500", null],
      ["100000.00", null],
      ["100000.01", "VALUE_OUT_OF_RANGE"],
      ["-100000.01", "VALUE_OUT_OF_RANGE"],
      ["1.005", "VALUE_TOO_PRECISE"],
      ["1.", "VALUE_NOT_DECIMAL"],
      [".5", "VALUE_NOT_DECIMAL"],
      ["1,5", "VALUE_NOT_DECIMAL"],
      ["1e3", "VALUE_NOT_DECIMAL"],
      ["Infinity", "VALUE_NOT_DECIMAL"],
      ["9999999999999999.99", "VALUE_OUT_OF_RANGE"],
      ["10000000000000000.00", "VALUE_TOO_LARGE"],
    ],
  },
  "decimal(18,6)": {
    check: valueCheck(numeric(6)("Latitude").between(-90, 90).spec, false),
    cases: [
      ["40.712776", null],
      ["90.000001", "VALUE_OUT_OF_RANGE"],
      ["40.7127761", "VALUE_TOO_PRECISE"],
    ],
  },
  "decimal(18,0)": {
    check: valueCheck(numeric(0)("Count").spec, false),
    cases: [
      ["12", null],
      ["12.0", null],
      ["12.5", "VALUE_TOO_PRECISE"],
    ],
  },
  "int, 0 or 1": {
    check: valueCheck(int("Flag").oneOf(0, 1).spec, false),
    cases: [
      ["0", null],
      ["01", null],
      ["2", "VALUE_NOT_ALLOWED"],
      ["Y", "VALUE_NOT_INTEGER"],
    ],
  },
  boolean: {
    check: valueCheck(boolean("Flag").spec, false),
    cases: [
      ["true", null],
      ["FALSE", null],
      ["1", null],
      ["yes", "VALUE_NOT_BOOLEAN"],
      ["truex", "VALUE_NOT_BOOLEAN"],
      ["01", "VALUE_NOT_BOOLEAN"],
    ],
  },
  "date, the row's own day": {
    check: valueCheck(date("Day").required().spec, true),
    cases: [
      ["2017-07-01", null],
      ["2017-06-24", null],
      ["2017-07-02", "DATE_OUTSIDE_FILE"],
      ["2017-06-23", "DATE_OUTSIDE_FILE"],
      ["2017-02-29", "VALUE_NOT_DATE"],
      ["2017-7-01", "VALUE_NOT_DATE"],
      ["01/07/2017", "VALUE_NOT_DATE"],
      ["2017-07-01 00:00:00", "VALUE_NOT_DATE"],
      ["2017-13-01", "VALUE_NOT_DATE"],
    ],
  },
  "date of something else": {
    check: valueCheck(date("Delivery").spec, false),
    cases: [
      ["1999-12-31", null],
      ["2016-02-29", null],
      ["1900-02-29", "VALUE_NOT_DATE"],
    ],
  },
  text: {
    check: valueCheck(text("Name").oneOf("a", "b").spec, false),
    cases: [
      ["a", null],
      ["", null],
      ["A", "VALUE_NOT_ALLOWED"],
    ],
  },
};

describe("valueCheck", () => {
  for (const [title, { check, cases: rows }] of Object.entries(cases)) {
    describe(title, () => {
      for (const [value, expected] of rows) {
        it(`${JSON.stringify(value)}: ${expected ?? "accepted"}`, () => {
          expect(check(value, context)).to.equal(expected);
        });
      }
    });
  }
});
