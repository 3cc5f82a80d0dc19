import { retail } from "@sales-etl/etl-core/retail";
import { expect } from "chai";
import { type Point, periodChart } from "./charts.ts";

const point = (value: string, label: string): Point => ({
  ...{ value, label, shown: value, title: label, href: label, partial: false },
});

/** What stands at the axis, in per cent. */
function axisOf(name: string, values: readonly string[]): number[] {
  const measure = retail.fact.measures.find((one) => one.name === name);
  if (measure === undefined) throw new Error(`there is no measure ${name}`);
  const points = values.map((value, index) => point(value, `W${index}`));
  const drawn = periodChart(measure, points).text;
  return [...drawn.matchAll(/>(-?[\d.]+)%<\/text>/g)].map(([, text]) => Number(text));
}

describe("the axis of a share", () => {
  it("ends at the whole", () => {
    for (const values of [["0.975"], ["1"], ["0.95", "0.999"], ["0.5", "1"]]) {
      const axis = axisOf("pct_in_stock", values);
      expect(Math.max(...axis), values.join()).to.equal(100);
      expect(Math.min(...axis), values.join()).to.be.at.most(Number(values[0]) * 100);
    }
  });

  it("goes beyond it with the values, and stays below it where they are small", () => {
    expect(Math.max(...axisOf("pct_in_stock", ["0.9", "1.2"]))).to.be.at.least(120);
    expect(Math.max(...axisOf("pct_in_stock", ["0.17"]))).to.be.below(40);
  });
});
