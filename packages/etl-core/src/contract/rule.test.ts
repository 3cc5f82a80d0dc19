import { expect } from "chai";
import { SalesEtlError } from "../errors.ts";
import { amount, bigint, boolean, date, int, text } from "./column.ts";
import { ruleOf } from "./rule.ts";

const columns = Object.fromEntries(
  Object.entries({
    qty: amount("Quantity"),
    price: amount("Price"),
    total: amount("Total"),
    pieces: int("Pieces"),
    basket: bigint("Basket"),
    ordered: date("Ordered"),
    shipped: date("Shipped"),
    state: text("State"),
    open: boolean("Open"),
  }).map(([name, { spec }]) => [name, spec]),
);

const holds = (check: string, row: Readonly<Record<string, string>>) =>
  ruleOf({ description: "as told", check }, columns).holds((name) => row[name] ?? "");

const faultOf = (check: string, column?: string): string => {
  try {
    ruleOf({ description: "as told", check, ...(column === undefined ? {} : { column }) }, columns);
  } catch (error) {
    if (error instanceof SalesEtlError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return "no fault";
};

describe("a rule over several columns", () => {
  // Worked by hand: what holds, and what does not.
  const cases: Readonly<
    Record<string, readonly [right: Readonly<Record<string, string>>, wrong: Readonly<Record<string, string>>]>
  > = {
    // 3 x 0.10 is 0.30 and not 0.30000000000000004.
    "total = qty * price": [
      { qty: "3", price: "0.10", total: "0.3" },
      { qty: "3", price: "0.10", total: "0.31" },
    ],
    "total >= qty * price - 0.005": [
      { qty: "1.11", price: "1.11", total: "1.23" },
      { qty: "1.11", price: "1.12", total: "1.23" },
    ],
    "- qty <= pieces * 2 + basket": [
      { qty: "-9007199254740995", pieces: "1", basket: "9007199254740993" },
      { qty: "-9007199254740995.01", pieces: "1", basket: "9007199254740993" },
    ],
    "shipped >= ordered and shipped <= ordered + 30": [
      { ordered: "2024-02-01", shipped: "2024-03-02" },
      { ordered: "2023-02-01", shipped: "2023-03-04" },
    ],
    "ordered - 1 < date '1970-01-01' or state = 'it''s'": [
      { ordered: "1970-01-02", state: "it's" },
      { ordered: "1970-01-02", state: "its" },
    ],
    "not open or state <> 'done'": [
      { open: "1", state: "begun" },
      { open: "TRUE", state: "done" },
    ],
    "open = true": [{ open: "true" }, { open: "0" }],
    "state is null or shipped is not null": [{}, { state: "done" }],
    "(qty > 0) = (total > 0)": [
      { qty: "-1", total: "0" },
      { qty: "1", total: "-0.01" },
    ],
    // `and` binds before `or`: qty < 0 or (open and total > 0).
    "qty < 0 or open and total > 0": [
      { qty: "-1", open: "false", total: "-1" },
      { qty: "1", open: "false", total: "1" },
    ],
    "pieces != 7": [{ pieces: "8" }, { pieces: "007" }],
  };
  for (const [check, [right, wrong]] of Object.entries(cases)) {
    it(`${check}: holds for one row and not for another`, () => {
      expect([holds(check, right), holds(check, wrong)]).to.deep.equal([true, false]);
    });
  }

  it("holds where a value is empty, as nobody can say that it does not, unless the rest decides", () => {
    expect(holds("total = qty * price", { qty: "3", total: "1" })).to.equal(true);
    expect(holds("not total > 0", {})).to.equal(true);
    expect(holds("total > 0 and qty > 0", { qty: "-1" })).to.equal(false);
    expect(holds("total > 0 or qty > 0", { qty: "-1" })).to.equal(true);
  });

  it("is reported under the column that it says, else under the first one", () => {
    expect(ruleOf({ description: "x", check: "price < total" }, columns).column).to.equal("price");
    expect(ruleOf({ description: "x", check: "price < total", column: "total" }, columns).column).to.equal("total");
  });

  it("says how wide numbers are, so that engines make the same of them", () => {
    expect(ruleOf({ description: "x", check: "total = qty * price" }, columns).sql).to.equal(
      "(CAST(total AS DECIMAL(36,4)) = CAST(CAST(CAST(qty AS DECIMAL(19,2)) * CAST(price AS DECIMAL(18,2)) AS DECIMAL(36,4)) AS DECIMAL(36,4)))",
    );
  });

  const faults: Readonly<Record<string, string>> = {
    "totl > 0": '"totl > 0", character 1: there is no column totl: qty, price, total',
    "constructor = 1": "there is no column constructor",
    "total >": "character 8: a column or a value is expected, not the end",
    "total > 0 0": "character 11: and, or, or the end is expected, not 0",
    "total > 0 ; drop table x": "character 11: cannot be read from",
    "total / qty > 1": "character 7: cannot be read from",
    "(total > 0": "character 11: ) is expected, not the end",
    "total + 1": "a condition is expected, not a number",
    "1 = 1": "a rule names a column at least",
    "total > state": "a number cannot be compared with a text",
    "state > 'a'": "a text is equal or not: its order differs between engines",
    "state = ''": "an empty text is null: write `is null`",
    "state = 'a\\n'": "a text has no backslash and no control sign",
    "ordered > date '2023-02-29'": "2023-02-29 is no day written YYYY-MM-DD",
    "ordered > '2023-02-28'": "a date cannot be compared with a text",
    "shipped - ordered < 3": "to a day only a number of days is added, as in order_dt + 30",
    "qty * price * total > 0": "the result may have more than 38 digits",
    "basket * basket > 0": "the result may have more than 38 digits",
    "total > 1234567890123456789": "a number has at most 18 digits",
    "total is 0": "null is expected, not 0",
    "0 < qty < 1": "and, or, or the end is expected, not <",
    [`${"(".repeat(60)}open${")".repeat(60)}`]: "too many brackets in each other",
    [`${"not ".repeat(60)}open`]: "too many brackets in each other",
    [`open${" or open".repeat(200)}`]: "a rule has at most 1000 characters",
  };
  for (const [check, message] of Object.entries(faults)) {
    it(`cannot be: ${check.slice(0, 30)}`, () => {
      expect(faultOf(check)).to.contain("CONTRACT_INVALID: ").and.contain(message);
    });
  }

  it("cannot be reported under a column that there is not", () => {
    expect(faultOf("total > 0", "sum")).to.contain("the rule's column sum does not exist");
  });
});
