/** The report as a reader has it: opened in a real browser, on a desk and on a phone, by day and by night, on paper. */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { businessDates } from "@sales-etl/etl-core/landing";
import { retail } from "@sales-etl/etl-core/retail";
import axe from "axe-core";
import { expect } from "chai";
import type { Browser, Page } from "playwright-core";
import { landSample } from "../samples/land.ts";
import { openEngine, quoted, type Row } from "../src/engine/duckdb.ts";
import { runDates } from "../src/engine/run.ts";
import { writeReport } from "../src/report/write.ts";
import { writeManifest } from "../src/source/write-manifest.ts";
import { browserPath, colour, coloured, openBrowser, textOf, withInPage } from "./support/browser.ts";
import { scratch } from "./support/command.ts";
import { stateOf } from "./support/warehouse.ts";

/** Five whole weeks of the sample, the last of which has the faults. */
const dates = businessDates("2017-11-26", "2017-12-30");
const RESTATED = "2017-12-10";

const screens = [
  { name: "a desk by day", width: 1280, height: 900, colorScheme: "light" },
  { name: "a desk by night", width: 1280, height: 900, colorScheme: "dark" },
  { name: "a phone by day", width: 390, height: 844, colorScheme: "light" },
  { name: "a phone by night", width: 390, height: 844, colorScheme: "dark" },
] as const;

/** Whole cents as money; no number of the report is made so. */
const money = (cents: unknown): string => {
  const digits = String(cents).padStart(3, "0");
  const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ",");
  return `$${whole}.${digits.slice(-2)}`;
};
const count = (value: unknown): string => String(value).replace(/\B(?=(\d{3})+$)/g, ",");

/** @param executable the browser */
function inBrowser(this: Mocha.Suite, executable: string): void {
  this.timeout("120s");
  const folder = scratch();
  const [landing, warehouse] = [path.join(folder, "landing"), path.join(folder, "warehouse")];
  let browser: Browser;
  let file: string;
  /** An empty page, to count pixels on. */
  let canvas: Page;
  let ask: (sql: string) => Promise<readonly Row[]>;
  let close = () => {};

  before(async () => {
    await landSample(folder, dates, () => {});
    await runDates({ dataset: retail, landing, warehouse, dates });
    // One date comes again without its last sale.
    const sales = path.join(landing, "sales", `dt=${RESTATED}`, `sales_${RESTATED}.csv`);
    writeFileSync(sales, readFileSync(sales, "utf8").replace(/[^\n]+\n$/, ""));
    await writeManifest(retail, landing, RESTATED);
    await runDates({ dataset: retail, landing, warehouse, dates: [RESTATED] });
    ({ file } = await writeReport({ dataset: retail, warehouse }));
    // What is expected comes from the database that the run published, by SQL of this test.
    const engine = await openEngine(":memory:");
    await engine.run(
      `ATTACH ${quoted(path.join(warehouse, stateOf(warehouse).database.file))} AS published (READ_ONLY)`,
    );
    await engine.run("USE published");
    ask = engine.rows;
    close = engine.close;
    browser = await openBrowser(executable);
    canvas = await browser.newPage();
    await withInPage(canvas);
  });

  after(async () => {
    close();
    await browser?.close();
  });

  /** Opens the file and fails where it asks for anything else. */
  async function opened(screen: (typeof screens)[number]): Promise<Page> {
    const { width, height, colorScheme } = screen;
    const page = await browser.newPage({ viewport: { width, height }, colorScheme, reducedMotion: "reduce" });
    await withInPage(page);
    const asked: string[] = [];
    const said: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    page.on("console", (message) => said.push(message.text()));
    page.on("pageerror", (error) => said.push(error.message));
    const url = pathToFileURL(file).href;
    await page.goto(url);
    expect([asked, said]).to.deep.equal([[url], []]);
    return page;
  }

  const shares = (page: Page, selector: string, colours: readonly string[]) =>
    page
      .locator(selector)
      .screenshot()
      .then((picture) => coloured(canvas, picture, colours));

  for (const screen of screens) {
    describe(`on ${screen.name}`, () => {
      let page: Page;
      before(async () => {
        page = await opened(screen);
      });
      after(() => page?.close());

      it("has all within its width, and no label is cut off", async () => {
        expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).to.be.at.most(0);
        expect(await page.evaluate("inPage.overflowing()")).to.deep.equal([]);
        expect(await page.evaluate("inPage.cutLabels()")).to.deep.equal([]);
      });

      it("has a chart's worth of colour in every chart, and none where nothing is drawn", async () => {
        const [series = "", now = ""] = [await colour(page, "--series"), await colour(page, "--now")];
        const steps = await Promise.all(["--h1", "--h2", "--h3", "--h4", "--h5"].map((name) => colour(page, name)));
        const bars = await shares(page, "[data-chart=sales_amt]", [series]);
        const newest = await shares(page, "[data-chart=sales_amt]", [now]);
        const line = await shares(page, "[data-chart=pct_in_stock]", [series, now]);
        // Four bars of five are of weeks before.
        expect(bars).to.be.within(0.08, 0.5);
        expect(newest).to.be.within(0.01, bars / 2);
        expect(line).to.be.within(0.002, 0.05);
        for (const heat of ["heat.0", "heat.1"]) {
          expect(await shares(page, `[data-chart="${heat}"]`, steps), heat).to.be.within(0.1, 0.8);
        }
        for (const measure of ["sales_amt", "pct_in_stock"]) {
          expect(await shares(page, `[data-measure=${measure}] .spark`, [series, now]), measure).to.be.above(0.01);
        }
        // A chart that draws nothing is seen to be blank: the count can fail.
        const hidden = await page.addStyleTag({
          content: ".chart path, .spark { visibility: hidden } .heat a { background: none !important }",
        });
        for (const chart of ["sales_amt", "pct_in_stock"]) {
          expect(await shares(page, `[data-chart=${chart}]`, [series, now]), chart).to.be.below(0.001);
        }
        expect(await shares(page, `[data-chart="heat.0"]`, steps)).to.be.below(0.001);
        await hidden.dispose();
        await page.reload();
      });

      it("draws the warehouse's numbers", async () => {
        const weeks = await ask(
          `SELECT yr_wk_num AS week, CAST(SUM(sales_amt) * 100 AS BIGINT) AS cents, SUM(days_tracked) AS tracked,
             SUM(days_tracked) - SUM(out_of_stock_days) AS there FROM weekly_fact GROUP BY 1 ORDER BY 1`,
        );
        expect(weeks).to.have.length(5);
        const titles = async (chart: string) =>
          (await page.locator(`[data-chart=${chart}] svg.chart:visible title`).allTextContents()).sort();
        expect(await titles("sales_amt")).to.deep.equal(
          weeks.map(({ week, cents }) => `Sales, week ${Number(week) % 100} of 2017: ${money(cents)}`),
        );
        expect(await titles("pct_in_stock")).to.deep.equal(
          weeks.map(({ week, there, tracked }) => {
            // Half away from zero to 4 places, in whole numbers.
            const share =
              (2n * 10_000n * BigInt(String(there)) + BigInt(String(tracked))) / (2n * BigInt(String(tracked)));
            return `In stock, week ${Number(week) % 100} of 2017: ${share / 100n}.${String(share % 100n).padStart(2, "0")}%`;
          }),
        );
        const labels = await page.locator("[data-chart=sales_amt] svg.chart:visible text").allTextContents();
        expect(labels).to.include.members(["W48", "W49", "W50", "W51", "W52", money(weeks.at(-1)?.cents)]);
      });

      it("shows the warehouse's numbers in tiles and tables", async () => {
        const [week] = await ask(
          `SELECT CAST(SUM(sales_amt) * 100 AS BIGINT) AS cents, CAST(SUM(sales_qty) AS BIGINT) AS units, SUM(out_of_stock_days) AS out,
             CAST(ROUND(SUM(potential_low_stock_impact) * 100) AS BIGINT) AS risk, ROUND(1000 * SUM(sales_mgrn) / SUM(sales_amt)) / 10 AS margin
           FROM weekly_fact WHERE yr_wk_num = 201752`,
        );
        const tile = (measure: string) => textOf(page.locator(`[data-measure=${measure}] .value`));
        expect(await tile("sales_amt")).to.equal(money(week?.cents));
        expect(await tile("sales_qty")).to.equal(count(week?.units));
        expect(await tile("out_of_stock_days")).to.equal(count(week?.out));
        expect(await tile("potential_low_stock_impact")).to.equal(money(week?.risk));
        expect(await tile("mgrn_pct")).to.equal(`${Number(week?.margin).toFixed(1)}%`);
        const stores = await ask(
          `SELECT d.store_desc AS store, CAST(SUM(f.sales_amt) * 100 AS BIGINT) AS cents FROM weekly_fact f
           JOIN store_dim d ON d.store_key = f.store_key AND d.is_current WHERE yr_wk_num = 201752 GROUP BY 1, f.store_key ORDER BY 2 DESC, CAST(f.store_key AS VARCHAR)`,
        );
        const shown = page.locator("section[aria-labelledby=stores-title] tbody tr");
        expect(await shown.locator("th").allTextContents()).to.deep.equal([
          ...stores.map(({ store }) => store),
          "Together",
        ]);
        expect(await shown.locator("td:nth-child(2)").allTextContents()).to.deep.equal(
          [...stores.map(({ cents }) => cents), week?.cents].map(money),
        );
        const cells = await ask(
          `SELECT d.store_desc AS store, f.yr_wk_num AS week, ROUND(1000 * SUM(out_of_stock_days) / SUM(days_tracked)) / 10 AS share
           FROM weekly_fact f JOIN store_dim d ON d.store_key = f.store_key AND d.is_current GROUP BY 1, 2`,
        );
        expect(cells).to.have.length(50);
        for (const { store, week: of, share } of cells) {
          const row = page.locator(`[data-chart="heat.0"] tr`, {
            has: page.locator("th", { hasText: new RegExp(`^${store}$`) }),
          });
          const cell = await textOf(
            row.locator("td").nth([201748, 201749, 201750, 201751, 201752].indexOf(Number(of))),
          );
          expect(cell, `${store} ${of}`).to.equal(Number(share) === 0 ? "0" : Number(share).toFixed(1));
        }
      });

      it("opens what a number is made of, and closes it, without moving the page", async () => {
        const value = page.locator("[data-measure=pct_in_stock] .value a");
        await value.scrollIntoViewIfNeeded();
        const at = await page.evaluate("scrollY");
        await value.click();
        const panel = page.locator("#now\\.pct_in_stock");
        const [parts] = await ask(
          "SELECT SUM(days_tracked) AS tracked, SUM(out_of_stock_days) AS out FROM weekly_fact WHERE yr_wk_num = 201752",
        );
        const tracked = count(parts?.tracked);
        expect(await textOf(panel)).to.contain(`(${tracked} − ${count(parts?.out)}) / ${tracked} = `);
        expect(await panel.isVisible()).to.equal(true);
        await panel.locator("a.close").click();
        expect([await panel.isVisible(), await page.evaluate("scrollY")]).to.deep.equal([false, at]);
      });

      it("leads every link to something on the screen", async () => {
        expect(await page.locator("main a").count()).to.be.above(150);
        expect(await page.evaluate("inPage.deadLinks()")).to.deep.equal([]);
      });

      // Both widths and both themes, in the two of the four that have them; it takes its time.
      const audited = screen === screens[0] || screen === screens[3];
      if (!audited) return;
      it("is accessible: headings, names, contrast, order", async () => {
        await page.evaluate(axe.source);
        const found = async () => {
          const { violations } = (await page.evaluate("axe.run()")) as axe.AxeResults;
          return violations.map(
            ({ id, nodes }) =>
              `${id}: ${nodes
                .slice(0, 3)
                .map(({ html }) => html.slice(0, 120))
                .join(" | ")}`,
          );
        };
        expect(await found()).to.deep.equal([]);
        await page.evaluate("location.hash = '#loss.0'");
        expect(await found(), "with an explanation open").to.deep.equal([]);
      });
    });
  }

  it("prints without explanations, light, on few pages", async () => {
    const page = await opened(screens[1]);
    await page.evaluate("location.hash = '#loss.0'");
    await page.emulateMedia({ media: "print" });
    expect(await page.locator("aside").isVisible()).to.equal(false);
    expect(await colour(page, "--card")).to.equal("#ffffff");
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString("latin1");
    expect([...pdf.matchAll(/\/Type\s*\/Page\b/g)]).to.have.length.within(2, 4);
    await page.close();
  });

  it("tells the restated week and the rejected rows", async () => {
    const page = await opened(screens[0]);
    const [faults] = await ask("SELECT COUNT(DISTINCT (file_name, line_num)) AS n FROM quarantine");
    expect(await textOf(page.locator("section[aria-labelledby=rejects-title]"))).to.contain(`${faults?.n} rows of`);
    const [week] = await ask(
      "SELECT CAST(SUM(sales_amt) * 100 AS BIGINT) AS cents FROM weekly_fact WHERE yr_wk_num = 201750",
    );
    const row = await textOf(page.locator("section[aria-labelledby=restated-title] tbody tr"));
    expect(row).to.contain("W50").and.contain("delivered again").and.contain(money(week?.cents));
    await page.close();
  });
}

describe("the report in a browser", function () {
  const executable = browserPath();
  // Pending, so that the summary says by name what was not tested.
  if (executable === null) it("needs chromium, which is not installed (apt-get install chromium)");
  else inBrowser.call(this, executable);
});
