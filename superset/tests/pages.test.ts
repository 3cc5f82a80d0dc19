/** The dashboards as people see them: in a real browser, signed in by the form, every chart drawn and right. */
import { expect } from "chai";
import type { Browser, Locator, Page } from "playwright-core";
import { browserPath, coloured, openBrowser, textOf, withInPage } from "../../packages/cli/test/support/browser.ts";
import type { Json, Superset } from "./superset.ts";
import { tinySuperset } from "./tiny.ts";

/** What charts are drawn with: the first colours of Superset's own scheme, and that of the cards' lines. */
const DRAWN = ["#1fa8c9", "#454e7c", "#5ac189", "#007a87"];
const ALERTS = '[role="alert"], .ant-alert-error, .ant-empty, .missing-chart-container, [data-test="error-content"]';

/**
 * What the cards say of week 201727, by hand from expected_weekly_fact.csv: 4.51 of sales after 26.32; 6 of 12 tracked days
 * out of stock after 2 of 8; 15 on hand over 6 units, after 926.5 over 113; 3.50 at risk after 12.
 */
const cards = {
  Sales: ["$5", "-82.9%"],
  "In stock": ["50.0%", "-33.3%"],
  "Weeks of supply": ["2.50", "-69.5%"],
  "Sales at risk": ["$4", "-70.8%"],
};
const weekly = [
  ...Object.keys(cards),
  ...["Sales by week and category", "In stock by week and category", "Sales at risk by category", "Products at risk"],
];
const loads = ["Rows accepted", "Rows rejected", "Restated weeks", "Last loads"];

interface Seen {
  readonly page: Page;
  /** What went wrong, and what went elsewhere. */
  readonly said: readonly string[];
  readonly chart: (title: string) => Locator;
}

function inBrowser(this: Mocha.Suite, executable: string): void {
  this.timeout("600s");
  let superset: Superset;
  let browser: Browser;
  /** An empty page, to count pixels on. */
  let canvas: Page;
  let open: (dashboard: string) => Promise<Seen>;

  before(async () => {
    superset = await tinySuperset();
    browser = await openBrowser(executable);
    canvas = await browser.newPage();
    await withInPage(canvas);
    // Charts below the screen's end are not drawn.
    const people = await browser.newContext({ viewport: { width: 1440, height: 1800 }, reducedMotion: "reduce" });
    open = async (dashboard) => {
      const page = await people.newPage();
      const said: string[] = [];
      page.on("pageerror", (error) => said.push(error.message));
      page.on("response", async (response) => {
        if (!response.url().startsWith(superset.url)) said.push(`asked ${response.url()}`);
        if (!response.url().includes("/api/v1/chart/data")) return;
        const { result = [] }: Json = await response.json().catch(() => ({}));
        if (response.status() !== 200) said.push(`${response.status()} for a chart`);
        for (const { error, rowcount, query, rejected_filters: rejected } of result) {
          if (error !== null || rowcount === 0 || rejected.length > 0) said.push(`${error} ${rowcount} rows: ${query}`);
        }
      });
      await page.goto(`${superset.url}/superset/dashboard/${dashboard}/`);
      const chart = (title: string) =>
        page.locator(`[data-test="chart-grid-component"][data-test-chart-name="${title}"]`);
      return { page, said, chart };
    };
    const page = await people.newPage();
    await page.goto(`${superset.url}/login/`);
    await page.fill('[data-test="username-input"]', "admin");
    await page.fill('[data-test="password-input"]', superset.password);
    const signedIn = page.waitForURL((url) => !url.pathname.includes("/login"), { timeout: 120_000 });
    await Promise.all([signedIn, page.click('[data-test="login-button"]')]);
    await page.close();
  });
  after(() => browser?.close());

  /** Waits until all is drawn. */
  async function drawn({ page, chart }: Seen, titles: readonly string[]): Promise<void> {
    const inside = ".slice_container :is(canvas, table tbody tr, .header-line)";
    for (const title of titles) {
      await chart(title).locator(`:is(${inside}), ${ALERTS}`).first().waitFor({ timeout: 120_000 });
    }
    await page.locator('[data-test="loading-indicator"]').first().waitFor({ state: "detached", timeout: 120_000 });
    // ECharts brings lines and bars in, also where people want less motion.
    await page.waitForTimeout(1500);
  }

  for (const [dashboard, titles] of Object.entries({ weekly, loads })) {
    it(`draws every chart of ${dashboard}, asks nothing elsewhere`, async () => {
      const seen = await open(dashboard);
      await drawn(seen, titles);
      const { page, said, chart } = seen;
      const picture = process.env.SALES_ETL_PICTURES;
      if (picture !== undefined) await page.screenshot({ path: `${picture}/${dashboard}.png`, fullPage: true });
      expect(await page.locator('[data-test="chart-grid-component"]').count()).to.equal(titles.length);
      expect(said).to.deep.equal([]);
      for (const title of titles) {
        expect(await chart(title).locator(ALERTS).allTextContents(), title).to.deep.equal([]);
        if ((await chart(title).locator(".slice_container canvas").count()) === 0) continue;
        const share = await coloured(canvas, await chart(title).locator(".slice_container").screenshot(), DRAWN);
        expect(share, title).to.be.greaterThan(0.001);
      }
      await page.close();
    });
  }

  it("says what was worked out by hand, and under people's words", async () => {
    const seen = await open("weekly");
    await drawn(seen, weekly);
    for (const [title, words] of Object.entries(cards)) {
      const text = await textOf(seen.chart(title));
      for (const word of words) expect(text, title).to.contain(word);
    }
    const table = seen.chart("Products at risk");
    const heads = await table.locator("thead th").allTextContents();
    expect(heads.map((head) => head.trim())).to.deep.equal([
      ...["Store", "Product", "Category", "Sales at risk", "Weeks of supply", "In stock", "Days out of stock"],
      ...["Stock on hand", "Sales"],
    ]);
    // Of the newest week, the most at risk first: store 1, product 10.
    const first = await table.locator("tbody tr").first().locator("td").allTextContents();
    expect([first[0], ...first.slice(3)]).to.deep.equal(["Harbour, north", "$4", "6.00", "66.7%", "1", "6", "$4"]);
    await seen.page.close();
  });

  it("shows one store where people ask for it", async () => {
    const seen = await open("weekly");
    await drawn(seen, weekly);
    const { page, said, chart } = seen;
    await page.locator('[data-test="filter-bar"] .ant-select').filter({ hasText: "2 options" }).first().click();
    await page.locator(".ant-select-dropdown:visible").getByTitle('Station "Express"', { exact: true }).click();
    await page.keyboard.press("Escape");
    const answered = page.waitForResponse(
      (response) =>
        response.url().includes("/api/v1/chart/data") && (response.request().postData() ?? "").includes("Express"),
    );
    await page.locator('[data-test="filter-bar__apply-button"]').click();
    await answered;
    // By hand: 1.00 + 0.00 + 0.01 of sales, after -4.00 - 0.01 + 10.00; 1 of 5 tracked days out of stock.
    await chart("Sales").getByText("$1", { exact: true }).waitFor({ timeout: 60_000 });
    await chart("In stock").getByText("80.0%", { exact: true }).waitFor({ timeout: 60_000 });
    expect(said).to.deep.equal([]);
    await page.close();
  });
}

describe("Superset in a browser", function () {
  const executable = browserPath();
  // Pending, so that the summary says by name what was not tested.
  if (executable === null) it("needs chromium, which is not installed (apt-get install chromium)");
  else inBrowser.call(this, executable);
});
