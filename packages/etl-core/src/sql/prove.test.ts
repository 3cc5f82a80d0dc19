import { expect } from "chai";
import { type ColumnSpec, type Dataset, defineDataset } from "../contract/index.ts";
import { SalesEtlError } from "../errors.ts";
import type { Fact } from "../measures/index.ts";
import { retail } from "../retail/index.ts";
import { divide } from "./division.ts";
import { Proof, spanOf } from "./whole.ts";

/** The retail data set with other declarations of one column. */
function withColumn(table: string, column: string, change: (spec: ColumnSpec) => ColumnSpec): Dataset {
  const tables = retail.tables.map((one) => {
    const spec = one.columns[column];
    if (one.name !== table || spec === undefined) return one;
    return { ...one, columns: { ...one.columns, [column]: change(spec) } };
  });
  return { ...retail, tables };
}

const withFact = (change: Partial<Fact>): Dataset => ({ ...retail, fact: { ...retail.fact, ...change } });
const withFlow = (change: Partial<Fact["flow"]>): Dataset => withFact({ flow: { ...retail.fact.flow, ...change } });

function errorOf({ attribution: _, ...dataset }: Dataset): SalesEtlError {
  try {
    defineDataset(dataset);
  } catch (error) {
    if (error instanceof SalesEtlError) return error;
    throw error;
  }
  throw new Error("the data set was accepted");
}

const boundless = ({ min: _min, max: _max, ...spec }: ColumnSpec): ColumnSpec => spec;

describe("the proof that the fact stays within 64 bits", () => {
  it("holds for the retail data set", () => {
    const { attribution: _, ...dataset } = retail;
    expect(() => defineDataset(dataset)).not.to.throw();
  });

  it("names the measure, how far it goes, and the column without a range", () => {
    const error = errorOf(withColumn("sales", "discount", boundless));
    expect(error).to.include({ code: "MEASURE_UNBOUNDED", path: "weekly_fact.discount" });
    // 100,000 rows of 999,999,999,999,999,999 hundredths.
    expect(error.message).to.contain(
      "measure discount: the intermediate SUM(discount) can reach 99,999,999,999,999,999,900,000",
    );
    expect(error.message).to.contain("9,223,372,036,854,775,807");
    expect(error.message).to.contain("sales.discount: no between(min, max), so all of decimal(18,2)");
  });

  it("names the product of money and units, and all that it is made of, when the stock may be far below 0", () => {
    const error = errorOf(
      withColumn("inventory", "inventory_on_hand_qty", (spec) => ({ ...spec, min: "-1000000.00" })),
    );
    expect(error).to.include({ code: "MEASURE_UNBOUNDED", path: "weekly_fact.potential_low_stock_impact" });
    // 1,000,000,000 x (50,000,000 + 100,000,000) x 100, in hundredths.
    expect(error.message).to.contain(
      "CAST(sales_amt * 100 AS BIGINT) * CAST(potential_low_stock_units * 100 AS BIGINT) * 100 can reach 15,000,000,000,000,000,000",
    );
    expect(error.message).to.contain("inventory.inventory_on_hand_qty: between(-1000000.00, 10000000.00)");
    expect(error.message).to.contain("flow.perDay -10000000.00 to 10000000.00");
  });

  it("knows that stock above 0 makes no impact larger than what was paid", () => {
    // Were the shortfall not bounded by the flow, 10,000,000 on hand would leave 64 bits already.
    const dataset = withColumn("inventory", "inventory_on_hand_qty", (spec) => ({ ...spec, max: "900000000000.00" }));
    const { attribution: _, ...args } = dataset;
    expect(() => defineDataset(args)).not.to.throw();
  });

  it("sees a week's impact that no column could hold", () => {
    const narrow = {
      sales_qty: { min: "-100000.00", max: "100000.00" },
      sales_amt: { min: "-10000000.00", max: "10000000.00" },
    };
    const dataset = withColumn("inventory", "inventory_on_hand_qty", (spec) => ({ ...spec, min: "-20000.00" }));
    const error = errorOf({ ...dataset, fact: { ...retail.fact, flow: { ...retail.fact.flow, perDay: narrow } } });
    // 7 x (10,000,000.0000 x (1 + 2,000,000) and one for rounding).
    expect(error.message).to.contain(
      "measure potential_low_stock_impact: potential_low_stock_impact (without the point) can reach 1,400,000,700,000,000,007, more than decimal(18,4) holds",
    );
  });

  it("counts the rows of a day and the days of a period", () => {
    expect(errorOf(withFlow({ rowsPerDay: 10_000_000_000 })).message).to.contain("the intermediate SUM(sales_amt)");
    expect(errorOf(withFact({ calendar: { ...retail.fact.calendar, mostDays: 100 } })).path).to.equal(
      "weekly_fact.potential_low_stock_impact",
    );
  });

  it("needs the narrower bounds of a day", () => {
    const { perDay: _, ...flow } = retail.fact.flow;
    const error = errorOf(withFact({ flow }));
    expect(error.message).to.contain("no flow.perDay").and.contain("sales.sales_amt");
  });

  it("refuses bounds of a day that one right row would break", () => {
    const perDay = { ...retail.fact.flow.perDay, sales_amt: { min: "0.00", max: "100.00" } };
    const error = errorOf(withFlow({ perDay }));
    expect(error).to.include({ code: "MEASURE_INVALID", path: "weekly_fact.sales_amt" });
    expect(error.message).to.contain("flow.perDay must hold the range of one row of sales.sales_amt");
  });

  it("refuses bounds of a column that is not there", () => {
    const perDay = { ...retail.fact.flow.perDay, colour: { min: "0", max: "1" } };
    expect(errorOf(withFlow({ perDay })).message).to.contain("the table sales has no column colour");
  });

  it("covers the columns of the literal wording", () => {
    const brief = retail.fact.brief;
    if (brief === undefined) throw new Error("no brief");
    const daily = brief.daily.map((one) => ({ ...one, type: "decimal(5,2)" as const }));
    expect(errorOf(withFact({ brief: { ...brief, daily: daily as typeof brief.daily } })).path).to.equal(
      "weekly_fact.brief_low_stock_impact",
    );
  });
});

describe("a whole number and its bounds", () => {
  const proof = new Proof("fact", "measure", []);
  const whole = (sql: string, min: bigint, max: bigint) => proof.whole(sql, { min, max });
  const [a, b] = [whole("a", -3n, 5n), whole("b", -7n, 2n)];

  it("multiplies and subtracts the corners", () => {
    // 5 x -7 = -35, -3 x -7 = 21; -3 - 2 = -5, 5 - -7 = 12.
    expect(proof.times(a, b)).to.deep.equal({ sql: "a * b", range: { min: -35n, max: 21n } });
    // -3 x 7 = -21, 5 x 7 = 35; -3 x -7 = 21, -3 x 1 = -3.
    expect(proof.times(a, whole("c", -2n, 7n)).range).to.deep.equal({ min: -21n, max: 35n });
    expect(proof.times(whole("d", -3n, -1n), whole("c", -7n, 1n)).range).to.deep.equal({ min: -3n, max: 21n });
    expect(proof.minus(a, b)).to.deep.equal({ sql: "(a - b)", range: { min: -5n, max: 12n } });
    expect(proof.shifted(a, 2)).to.deep.equal({ sql: "a * 100", range: { min: -300n, max: 500n } });
    expect(spanOf(4n, -2n, 3n)).to.deep.equal({ min: -2n, max: 4n });
  });

  it("ends at 64 bits, on both sides", () => {
    const most = 2n ** 63n - 1n;
    expect(whole("x", -most, most).range?.max).to.equal(most);
    expect(() => whole("x", 0n, most + 1n)).to.throw("can reach 9,223,372,036,854,775,808");
    expect(() => whole("x", -most - 1n, 0n)).to.throw(SalesEtlError);
  });

  it("leaves room for the estimate of a division", () => {
    const most = 2n ** 63n - 1n;
    const divided = (largest: bigint) => () =>
      divide(proof, {
        name: "m",
        dividend: whole("n", 0n, largest),
        divisor: whole("d", 1n, 7n),
        scale: 0,
        bound: 1000n,
      });
    // 53 bits of 63: 4,096 in the estimate, and the divisor.
    expect(divided(most)).to.throw("the intermediate m_e * m_d can reach 9,223,372,036,854,779,910");
    expect(divided(most - 5000n)).not.to.throw();
    expect(divided(5n)().value.range).to.deep.equal({ min: 0n, max: 6n });
    // A quotient of 19 digits has no column.
    const wide = { name: "m", dividend: whole("n", 0n, 10n ** 18n), divisor: whole("d", 1n, 7n), scale: 4 };
    expect(() => divide(proof, wide)).to.throw("the quotient m (without the point) can reach");
  });

  it("knows nothing where nothing is known", () => {
    expect(proof.times(a, { sql: "b", range: null })).to.deep.equal({ sql: "a * b", range: null });
  });
});
