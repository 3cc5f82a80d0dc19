import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Measure } from "@sales-etl/etl-core/measures";
import { retail } from "@sales-etl/etl-core/retail";
import { expect } from "chai";
import { runDates } from "../src/engine/run.ts";
import { change, difference, formatExact, formatShort, formatValue, rounded } from "../src/report/format.ts";
import { escapeHtml, html as template } from "../src/report/html.ts";
import { writeReport } from "../src/report/write.ts";
import { salesEtl, scratch } from "./support/command.ts";
import { land } from "./support/landing.ts";
import { linksOf, mainOf, outside, panelOf, textsOf, unexplained } from "./support/report-html.ts";

const measure = (name: string): Measure => retail.fact.measures.find((one) => one.name === name) as Measure;

describe("numbers in the report", () => {
  it("keep every digit, and say unknown where there is none", () => {
    expect(formatValue(measure("sales_amt"), "9007199254740993.01")).to.equal("$9,007,199,254,740,993.01");
    expect(formatValue(measure("sales_amt"), "-0.50")).to.equal("-$0.50");
    expect(formatValue(measure("pct_in_stock"), "0.9695")).to.equal("97.0%");
    expect(formatExact(measure("pct_in_stock"), "0.9695")).to.equal("96.95%");
    expect(formatExact(measure("potential_low_stock_impact"), "4.6667")).to.equal("$4.6667");
    expect(formatExact(measure("potential_low_stock_impact"), "20.1000")).to.equal("$20.10");
    expect(formatValue(measure("stock_on_hand_eow"), null)).to.equal("–");
    expect(formatValue({ unit: "EUR per ride" }, "1.4286")).to.equal("€1.43");
  });

  it("are rounded once: a ratio from its parts, not from the 4 places that are stored", () => {
    const inStock = measure("pct_in_stock");
    // 1 / 2001 = 0.00049975.. is 0.0 %; stored as 0.0005 it would be 0.1 %.
    const few = { days_tracked: "2001", out_of_stock_days: "2000", pct_in_stock: "0.0005" };
    expect(formatValue(inStock, few.pct_in_stock)).to.equal("0.1%");
    expect(formatValue(inStock, rounded(inStock, few))).to.equal("0.0%");
    // -10.05 / 3 = -3.35; unknown stays unknown, and what lacks a part is as it is stored.
    const price = measure("avg_price");
    expect(
      formatValue(price, rounded(price, { sales_amt: "-10.05", sales_qty: "3.00", avg_price: "-3.3500" })),
    ).to.equal("-$3.35");
    expect(rounded(price, { sales_amt: "1.00", sales_qty: "0.00", avg_price: null })).to.equal(null);
    expect(rounded(price, { avg_price: "1.2345" })).to.equal("1.2345");
  });

  it("of a tile are short from a million on", () => {
    expect(formatShort(measure("sales_amt"), "999999.99")).to.equal("$999,999.99");
    expect(formatShort(measure("sales_amt"), "12345678.90")).to.equal("$12.35M");
  });

  it("change in per cent, shares in points, and not at all from nothing", () => {
    const text = (name: string, now: unknown, before: unknown) => change(measure(name), now, before)?.text;
    expect(text("sales_amt", "110.00", "100.00")).to.equal("+10.0 %");
    expect(text("sales_amt", "99.95", "100.00")).to.equal("−0.1 %");
    expect(text("sales_amt", "100.04", "100.00")).to.equal("±0.0 %");
    expect(text("pct_in_stock", "0.9745", "0.9721")).to.equal("+0.2 points");
    for (const before of ["0.00", "-5.00", null]) expect(change(measure("sales_amt"), "1.00", before)).to.equal(null);
  });

  it("differ exactly", () => {
    expect(difference(measure("sales_amt"), "9007199254740993.02", "9007199254740993.01")).to.equal("+$0.01");
    expect(difference(measure("sales_amt"), "1.00", "3.50")).to.equal("−$2.50");
    expect(difference(measure("sales_amt"), "1.00", null)).to.equal("–");
  });
});

describe("html", () => {
  it("escapes what is put into it, unless it is HTML already", () => {
    const evil = `<img src=x onerror="a" title='b'> & c`;
    const escaped = "&lt;img src=x onerror=&quot;a&quot; title=&#39;b&#39;&gt; &amp; c";
    expect(escapeHtml(evil)).to.equal(escaped);
    expect(template`<p>${[evil, template`<b>${evil}</b>`, null, 1]}</p>`.text).to.equal(
      `<p>${escaped}<b>${escaped}</b>1</p>`,
    );
  });
});

/** Week 202002 and 202003 with three days each. */
const calendar = [
  ...["2020-01-04,6,202001,2020,1", "2020-01-05,0,202002,2020,2", "2020-01-06,1,202002,2020,2"],
  ...["2020-01-11,6,202002,2020,2", "2020-01-12,0,202003,2020,3", "2020-01-13,1,202003,2020,3"],
  "2020-01-18,6,202003,2020,3",
].join("\n");

describe("the report", function () {
  this.timeout("120s");
  const folder = scratch();
  const place = (name: string) => ({
    landing: path.join(folder, name, "landing"),
    warehouse: path.join(folder, name, "warehouse"),
  });
  const read = async (warehouse: string, period?: number) => {
    const { file, bytes } = await writeReport({ dataset: retail, warehouse, period });
    const html = readFileSync(file, "utf8");
    expect(bytes).to.equal(Buffer.byteLength(html));
    // Whatever the data: nothing from outside, no link that leads nowhere, no number without an explanation.
    const { targets, ids } = linksOf(html);
    expect(outside(html)).to.deep.equal([]);
    expect(html).not.to.match(/<script|javascript:/i);
    expect(targets.filter((id) => !ids.includes(id))).to.deep.equal([]);
    expect(ids).to.have.length(new Set(ids).size);
    expect(unexplained(html)).to.deep.equal([]);
    return html;
  };

  it("shows the week, what is missing of it, and the date that was refused; nothing from the data is markup", async () => {
    const { landing, warehouse } = place("names");
    await land(landing, "2020-01-05", {
      sales: "1,10,1,2020-01-05,2,5.00",
      inventory: "2020-01-05,1,10,1,1",
      store: "1,<script>alert(1)</script>",
      product: `10,"a "" onmouseover=""x"`,
    });
    await land(landing, "2020-01-06", { sales: "1,10,1,2020-01-06,&<b>,5.00" });
    await runDates({ dataset: retail, landing, warehouse, dates: ["2020-01-05", "2020-01-06"] });
    const html = await read(warehouse);
    const text = textsOf(html);
    expect(text).to.contain("Week 2 of 2020").and.contain("Part week, 1 of 3 days so far");
    expect(text).to.contain("2020-01-06 is rejected : sales/dt=2020-01-06/sales_2020-01-06.csv: 1 of 1 rows are wrong");
    expect(html).to.contain("&lt;script&gt;alert(1)&lt;/script&gt;");
    expect(html).not.to.contain('onmouseover="');
    // 2 sold, 1 on hand: 5 - 1 x 5 / 2 = 2.50 at risk; the one day tracked is out.
    const [sales, units, margin, inStock, out, risk] = [...mainOf(html).matchAll(/<p class="value">(.*?)<\/p>/g)].map(
      ([, value = ""]) => textsOf(value),
    );
    expect([sales, units, margin, inStock, out, risk]).to.deep.equal(["$5.00", "2", "–", "0.0%", "1", "$2.50"]);
    expect(textsOf(panelOf(html, "now.pct_in_stock"))).to.contain("(1 − 1) / 1 = 0.00%");
    expect(textsOf(panelOf(html, "loss.0"))).to.contain("5.00 - 1.00 x 5.00 / 2.00 = 2.5000");
    expect(html).to.contain(`content="default-src 'none'; style-src 'unsafe-inline'`);
  });

  it("compares with the week before, and says whether that is good", async () => {
    const { landing, warehouse } = place("weeks");
    const stock = (day: string, out: 0 | 1) => `${day},1,10,9,${out}`;
    await land(landing, "2020-01-04", { sales: "1,10,1,2020-01-04,4,10.00", inventory: stock("2020-01-04", 1) });
    const days = ["2020-01-05", "2020-01-06", "2020-01-11"] as const;
    for (const day of days) await land(landing, day, { sales: `1,10,1,${day},2,5.00`, inventory: stock(day, 0) });
    await runDates({ dataset: retail, landing, warehouse, dates: ["2020-01-04", ...days] });
    const tiles = (await read(warehouse)).split('<li class="tile"').slice(1).map(textsOf);
    // 10 to 3 x 5; 4 to 3 x 2; no margin is known; 0 of 1 day in stock to 3 of 3; 1 day out to none.
    expect(tiles[0]).to.contain("Sales $15.00 ▲ +50.0 % better than W01 ( $10.00 )");
    expect(tiles[1]).to.contain("Units sold 6 ▲ +50.0 % better than W01 ( 4 )");
    expect(tiles[2]).to.contain("Margin % –").and.not.to.contain("better");
    expect(tiles[3]).to.contain("In stock 100.0% ▲ +100.0 points better than W01 ( 0.0% )");
    expect(tiles[4]).to.contain("Days out of stock 0 ▼ −100.0 % better than W01 ( 1 )");
    const earlier = await read(warehouse, 202001);
    expect(textsOf(earlier)).to.contain("Week 1 of 2020").and.contain("no week before to compare");
  });

  it("compares a part of a week with the same days of the week before", async () => {
    const { landing, warehouse } = place("part");
    const sold = { "2020-01-05": "4,10.00", "2020-01-06": "1,5.00", "2020-01-11": "2,7.00", "2020-01-12": "5,15.00" };
    for (const [day, sale] of Object.entries(sold)) {
      await land(landing, day, { calendar, sales: `1,10,1,${day},${sale}` });
    }
    await runDates({ dataset: retail, landing, warehouse, dates: Object.keys(sold) });
    const html = await read(warehouse);
    // 15.00 against the 10.00 of the first day, not against the 22.00 of the week.
    expect(textsOf(html)).to.contain("Sales $15.00 ▲ +50.0 % better than the same day of W02 ( $10.00 )");
    expect(textsOf(panelOf(html, "week.202002"))).to.contain("$22.00");
  });

  it("does not call it good or bad against a week of which days are missing", async () => {
    const { landing, warehouse } = place("gaps");
    const sold = { "2020-01-05": "4,10.00", "2020-01-12": "5,15.00", "2020-01-13": "1,1.00", "2020-01-18": "1,4.00" };
    for (const [day, sale] of Object.entries(sold)) {
      await land(landing, day, { calendar, sales: `1,10,1,${day},${sale}` });
    }
    await runDates({ dataset: retail, landing, warehouse, dates: Object.keys(sold) });
    const html = await read(warehouse);
    expect(textsOf(html)).to.contain("Sales $20.00 ▲ +100.0 % against W02, 1 of its 3 days published ( $10.00 )");
    expect(mainOf(html)).not.to.match(/class="(delta )?(good|bad)"/);
  });

  it("tells a week that was restated from one that grew: by a date delivered again, by rows that came late", async () => {
    const { landing, warehouse } = place("restated");
    const run = (date: string) => runDates({ dataset: retail, landing, warehouse, dates: [date], by: "Maria <Rossi>" });
    await land(landing, "2020-01-04", { sales: "1,10,1,2020-01-04,1,3.00" });
    await run("2020-01-04");
    await land(landing, "2020-01-05", { sales: "1,10,1,2020-01-05,4,10.00" });
    await run("2020-01-05");
    await land(landing, "2020-01-06", { sales: "1,10,1,2020-01-06,1,2.00\n2,10,1,2020-01-04,1,4.00" });
    await run("2020-01-06");
    expect(textsOf(await read(warehouse))).to.contain("1 restatement");
    await land(landing, "2020-01-05", { sales: "1,10,1,2020-01-05,4,9.50" });
    await run("2020-01-05");
    const html = await read(warehouse);
    // 10.00 + 2.00 = 12.00 to 9.50 + 2.00 = 11.50; before that 3.00 to 3.00 + 4.00.
    const table = textsOf(html.slice(html.indexOf("Restated weeks")));
    expect(table).to.match(
      /W02 \S+, delivered again \$12\.00 \$11\.50 −\$0\.50 W01 \S+, late rows \$3\.00 \$7\.00 \+\$4\.00/,
    );
    expect(textsOf(panelOf(html, "restated.0"))).to.contain("by Maria <Rossi>: dates were delivered again");
  });

  it("holds for thousands of stores: the first, and the rest together", async () => {
    const { landing, warehouse } = place("many");
    const stores = Array.from({ length: 2000 }, (_, index) => index + 1);
    // Store n sells n units for n.00; the last 20 stores are out of stock.
    await land(landing, "2020-01-05", {
      store: stores.map((key) => `${key},Store ${key}`).join("\n"),
      sales: stores.map((key) => `${key},10,${key},2020-01-05,${key},${key}.00`).join("\n"),
      inventory: stores.map((key) => `2020-01-05,${key},10,5,${key > 1980 ? 1 : 0}`).join("\n"),
    });
    await runDates({ dataset: retail, landing, warehouse, dates: ["2020-01-05"] });
    const html = await read(warehouse);
    // 1 + .. + 2000 = 2,001,000; without the first twelve, 1989 + .. + 2000 = 23,934: 1,977,066.
    const table = textsOf(html.slice(html.indexOf('id="stores-title"'), html.indexOf('id="trust"')));
    expect(table).to.contain("Store 2000 $2,000.00").and.contain("Store 1989 $1,989.00").and.not.contain("Store 1988");
    expect(table).to.contain("1,988 others $1.98M").and.contain("Together $2M");
    expect(textsOf(panelOf(html, "store.12"))).to.contain("$1,977,066.00");
    expect(textsOf(html)).to.contain("Stores: the 12 worst of 2,000").and.contain("1,988 others");
    expect(Buffer.byteLength(html)).to.be.below(400 * 1024);
  });

  it("tells two products of one name apart, and leaves unknown what nobody counted", async () => {
    const { landing, warehouse } = place("twins");
    await land(landing, "2020-01-05", {
      product: "10,Milk\n11,Milk\n12,Bread",
      sales: "1,10,1,2020-01-05,3,9.00\n2,11,1,2020-01-05,2,4.00\n3,12,1,2020-01-05,1,1.00",
    });
    await runDates({ dataset: retail, landing, warehouse, dates: ["2020-01-05"] });
    const html = await read(warehouse);
    expect(textsOf(panelOf(html, "store.0")))
      .to.contain("Milk (10) $9.00")
      .and.contain("Milk (11) $4.00 2")
      .and.contain("Bread $1.00");
    expect(textsOf(html.slice(html.indexOf('data-measure="pct_in_stock"')))).to.match(/^[^>]*>? ?In stock –/);
    expect(textsOf(html)).to.contain("None: nothing that sold well has a known stock.");
  });

  it("has nothing but what it can say where no row is published", async () => {
    const { landing, warehouse } = place("none");
    await land(landing, "2020-01-05");
    await runDates({ dataset: retail, landing, warehouse, dates: ["2020-01-05"] });
    expect(textsOf(await read(warehouse)))
      .to.contain("No week has rows yet")
      .and.contain("No row was rejected");
  });

  it("is written for a week that is asked for, as JSON tells", async () => {
    const { warehouse } = place("weeks");
    const out = path.join(folder, "out", "week.html");
    const args = ["report", "--warehouse", warehouse, "--out", out, "--week"];
    const { code, stdout } = await salesEtl(...args, "202001", "--json");
    expect(code).to.equal(0);
    expect(JSON.parse(stdout)).to.deep.equal({ report: out, bytes: readFileSync(out).length, week: 202001 });
    const absent = await salesEtl(...args, "202009");
    expect([absent.code, absent.stderr]).to.deep.equal([
      2,
      "sales-etl: week 202009 is not published: published are 202001 to 202002\n",
    ]);
    expect((await salesEtl(...args, "x")).stderr).to.contain("--week x: a number as the calendar has it");
  });

  it("names a place that it cannot write to", async () => {
    const { warehouse } = place("weeks");
    const file = path.join(folder, "a-file");
    writeFileSync(file, "");
    const places = [path.join(file, "report.html")];
    // Here the system says that the folder to make is not there, however often one asks.
    if (process.platform === "linux") places.push("/proc/none/of/these/report.html");
    for (const out of places) {
      const { code, stderr } = await salesEtl("report", "--warehouse", warehouse, "--out", out);
      expect(code).to.equal(2);
      expect(stderr).to.contain(`the report cannot be written to ${out}: `);
    }
  });

  it("says that nothing is published yet", async () => {
    const { code, stderr } = await salesEtl("report", "--warehouse", path.join(folder, "empty"));
    expect(code).to.equal(2);
    expect(stderr).to.contain("nothing is published in").and.contain("run `sales-etl run` first");
  });
});
