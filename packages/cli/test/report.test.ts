import { readFileSync } from "node:fs";
import path from "node:path";
import type { Measure } from "@sales-etl/etl-core/measures";
import { retail } from "@sales-etl/etl-core/retail";
import { expect } from "chai";
import { runDates } from "../src/engine/run.ts";
import { change, formatValue } from "../src/report/format.ts";
import { writeReport } from "../src/report/write.ts";
import { salesEtl, scratch } from "./support/command.ts";
import { land } from "./support/landing.ts";

const measure = (name: string): Measure => retail.fact.measures.find((one) => one.name === name) as Measure;

describe("numbers in the report", () => {
  it("keep every digit, and say unknown where there is none", () => {
    expect(formatValue(measure("sales_amt"), "9007199254740993.01")).to.equal("$9,007,199,254,740,993.01");
    expect(formatValue(measure("sales_amt"), "-0.50")).to.equal("-$0.50");
    expect(formatValue(measure("pct_in_stock"), "0.9695")).to.equal("97.0%");
    expect(formatValue(measure("stock_on_hand_eow"), null)).to.equal("–");
  });

  it("change in per cent, shares in points, and not at all from nothing", () => {
    expect(change(measure("sales_amt"), "110.00", "100.00")).to.equal("+10.0 %");
    expect(change(measure("sales_amt"), "99.95", "100.00")).to.equal("−0.1 %");
    expect(change(measure("sales_amt"), "100.04", "100.00")).to.equal("±0.0 %");
    expect(change(measure("pct_in_stock"), "0.9745", "0.9721")).to.equal("+0.2 points");
    for (const before of ["0.00", "-5.00", null]) expect(change(measure("sales_amt"), "1.00", before)).to.equal(null);
  });
});

describe("the report", () => {
  const folder = scratch();
  const [landing, warehouse] = [path.join(folder, "landing"), path.join(folder, "warehouse")];

  it("shows the week, what is missing of it, and the date that was refused; nothing from the data is markup", async () => {
    await land(landing, "2020-01-05", {
      sales: "1,10,1,2020-01-05,2,5.00",
      inventory: "2020-01-05,1,10,4,0",
      store: "1,<script>alert(1)</script>",
    });
    await land(landing, "2020-01-06", { sales: "1,10,1,2020-01-06,&<b>,5.00" });
    await runDates({ dataset: retail, landing, warehouse, dates: ["2020-01-05", "2020-01-06"] });
    const html = readFileSync(await writeReport(retail, warehouse, path.join(folder, "report.html")), "utf8");
    expect(html).to.contain("Week 202002, 2020-01-05 to 2020-01-11, 1 of 3 days so far");
    expect(html).to.contain("2020-01-06 is rejected: sales/dt=2020-01-06/sales_2020-01-06.csv: 1 of 1 rows are wrong");
    expect(html).to.contain("&lt;script&gt;alert(1)&lt;/script&gt;").and.not.to.contain("<script");
    const row = [
      "2",
      "$5.00",
      "–",
      "–",
      "–",
      "–",
      "$2.50",
      "4",
      "–",
      "0",
      "100.0%",
      "0",
      "0",
      "0",
      "$0.00",
      "0",
      "$0.00",
      "2",
    ];
    expect(html).to.contain(row.map((text) => `<td>${text}</td>`).join(""));
    // Self-contained: it asks for nothing.
    expect(html).not.to.match(/(src|href)=|url\((?!#)|@import/);
  });

  it("compares with the week before", async () => {
    const home = path.join(folder, "weeks");
    await land(home, "2020-01-04", { sales: "1,10,1,2020-01-04,4,10.00" });
    await land(home, "2020-01-05", { sales: "1,10,1,2020-01-05,5,15.00" });
    const target = path.join(folder, "weeks-warehouse");
    await runDates({ dataset: retail, landing: home, warehouse: target, dates: ["2020-01-04", "2020-01-05"] });
    const html = readFileSync(await writeReport(retail, target, path.join(folder, "weeks.html")), "utf8");
    // Units 4 to 5, sales 10 to 15, price 2.50 to 3.00.
    for (const text of ["+25.0 % on the week before", "+50.0 % on the week before", "+20.0 % on the week before"])
      expect(html).to.contain(text);
  });

  it("says that nothing is published yet", async () => {
    const { code, stderr } = await salesEtl("report", "--warehouse", path.join(folder, "empty"));
    expect(code).to.equal(2);
    expect(stderr).to.contain("nothing is published in").and.contain("run `sales-etl run` first");
  });
});
