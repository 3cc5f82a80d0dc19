import { expect } from "chai";
import { retail } from "../retail/index.ts";
import { factSql } from "../sql/index.ts";
import { defineFact, type Fact, factColumns } from "./fact.ts";
import type { Measure } from "./measure.ts";
import { dailyColumnsOf } from "./needs.ts";

const { fact } = retail;
const { brief: _, ...plain } = fact;
const withMeasures = (...measures: Measure[]): Fact => ({ ...plain, measures });
const found = (name: string): Measure => {
  const measure = fact.measures.find((one) => one.name === name);
  if (measure === undefined) throw new Error(`no measure ${name}`);
  return measure;
};

describe("the weekly fact", () => {
  it("has its columns in the order that is fixed for it", () => {
    expect(factColumns(fact)).to.deep.equal([
      ...["yr_wk_num", "store_key", "prod_key", "sales_qty", "sales_amt", "sales_cost", "sales_mgrn", "discount"],
      ...["ship_cost", "avg_price", "stock_on_hand_eow", "stock_on_order_eow", "stock_as_of_dt", "days_tracked"],
      ...["out_of_stock_days", "pct_in_stock", "low_stock_instances", "no_stock_instances"],
      ...["total_low_stock_impact", "potential_low_stock_impact", "potential_low_stock_units", "no_stock_impact"],
      "weeks_of_supply",
    ]);
  });
});

describe("defineFact", () => {
  const refuses = (title: string, message: string, ...measures: Measure[]) =>
    it(`refuses ${title}`, () => {
      expect(() => defineFact(withMeasures(...measures)))
        .to.throw(message)
        .with.property("code", "MEASURE_INVALID");
    });
  refuses("a measure twice", "measure sales_qty: is declared twice", found("sales_qty"), found("sales_qty"));
  refuses(
    "a ratio of what is not there yet",
    "measure avg_price: sales_amt is not declared before it",
    found("avg_price"),
  );
  refuses("a sum over the stock", "measure odd: inventory is not the flow table", {
    ...(found("sales_qty") as Extract<Measure, { kind: "sum" }>),
    name: "odd",
    of: { table: "inventory", column: "waste_qty" },
  });
  it("refuses stock measures where there is no stock", () => {
    expect(() => defineFact({ ...withMeasures(found("days_tracked")), stock: null })).to.throw(
      "measure low_stock_flg: needs the stock table",
    );
  });
});

describe("daily columns", () => {
  const daily = fact.daily ?? [];
  const refusesDaily = (title: string, message: string, changed: typeof daily) =>
    it(`refuse ${title}`, () => {
      expect(() => factSql({ ...retail, fact: defineFact({ ...fact, daily: changed }) }))
        .to.throw(message)
        .with.property("code", "MEASURE_INVALID");
    });
  const [flag, units, impact, lost] = daily;
  if (flag?.kind !== "below" || units === undefined || impact === undefined || lost?.kind !== "flow-where") {
    throw new Error("other daily columns than expected");
  }
  refusesDaily("one twice", "measure low_stock_flg: is declared twice", [flag, ...daily]);
  refusesDaily("one that is not there yet", "low_stock_flg is no daily column of the kind below before it", [
    units,
    flag,
  ]);
  refusesDaily("a flow that may be empty", "sales.discount must be required()", [
    ...[flag, units, impact],
    { ...lost, of: { table: "sales", column: "discount" } },
  ]);
  refusesDaily("a flag that is none", "inventory.waste_qty must be oneOf(0, 1) to be a flag", [
    ...[flag, units, impact],
    { ...lost, flag: "waste_qty" },
  ]);
  refusesDaily("digits that the type cuts off", "decimal(18,1) has another scale than sales_amt", [
    ...[flag, units, impact],
    { ...lost, type: "decimal(18,1)" },
  ]);
  refusesDaily("a stock column in the place of the flow", "inventory is not the flow table", [
    { ...flag, flow: { table: "inventory", column: "inventory_on_order_qty" } },
    ...[units, impact, lost],
  ]);

  it("are named with all else that a measure needs", () => {
    expect(dailyColumnsOf(fact, found("weeks_of_supply"))).to.deep.equal([
      "sales_qty",
      "tracked",
      "inventory_on_hand_qty",
    ]);
    expect(dailyColumnsOf(fact, found("potential_low_stock_impact"))).to.deep.equal([
      ...["sales_qty", "sales_amt", "tracked", "inventory_on_hand_qty"],
      ...["low_stock_flg", "potential_low_stock_units", "potential_low_stock_impact"],
    ]);
  });
});

describe("factSql", () => {
  it("refuses two columns of one name in the daily base", () => {
    const of = { table: "inventory", column: "sales_qty" };
    const inventory = retail.tables.find(({ name }) => name === "inventory");
    if (inventory === undefined) throw new Error("no inventory");
    const { inventory_on_hand_qty: column } = inventory.columns;
    if (column === undefined) throw new Error("no column");
    const other = { ...inventory, columns: { ...inventory.columns, sales_qty: column } };
    const last = { ...(found("stock_on_hand_eow") as Extract<Measure, { kind: "last" }>), of };
    const dataset = { ...retail, tables: [...retail.tables.filter(({ name }) => name !== "inventory"), other] };
    expect(() => factSql({ ...dataset, fact: withMeasures(found("sales_qty"), last) })).to.throw(
      "measure sales_qty: two columns of the daily base would have this name",
    );
  });

  it("refuses a sum that its type would round", () => {
    const sum = { ...(found("sales_amt") as Extract<Measure, { kind: "sum" }>), type: "decimal(18,0)" as const };
    expect(() => factSql({ ...retail, fact: withMeasures(sum) })).to.throw("decimal(18,0) has another scale");
  });

  it("refuses a difference of numbers of different scales", () => {
    const ratio = { ...(found("pct_in_stock") as Extract<Measure, { kind: "ratio" }>), numerator: "sales_qty" };
    const measures = [found("sales_qty"), found("days_tracked"), found("out_of_stock_days"), ratio];
    expect(() => factSql({ ...retail, fact: withMeasures(...measures) })).to.throw(
      "sales_qty and out_of_stock_days have different scales",
    );
  });

  it("divides no decimals and has no word that only one engine knows", () => {
    const sql = factSql(retail);
    for (const word of ["::", "//", "TRY_CAST", "GROUP BY ALL", "QUALIFY", "ROUND("]) expect(sql).not.to.contain(word);
    // Every division has a DOUBLE of whole numbers above it.
    const divisions = [...sql.matchAll(/(.{10}) \/ /g)];
    expect(divisions).to.have.length(8);
    for (const [, above] of divisions) expect(above).to.match(/AS DOUBLE\)$/);
  });
});
