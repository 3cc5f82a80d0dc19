/** A real browser for tests: the machine's Chromium, without network, and pictures that can be counted. */
import { existsSync } from "node:fs";
import path from "node:path";
import { type Browser, chromium, type Locator, type Page } from "playwright-core";

/** Where Debian and others install it. */
const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** The browser, or null where none is installed. `CHROMIUM` names one in its place; where that is not, there is none. */
export function browserPath(): string | null {
  const { CHROMIUM } = process.env;
  return (CHROMIUM === undefined ? places : [CHROMIUM]).find((place) => existsSync(place)) ?? null;
}

const flags = [
  // As root, as in containers, its sandbox does not start; the page is a file of ours.
  ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
];

export const openBrowser = (executablePath: string): Promise<Browser> =>
  chromium.launch({ executablePath, args: flags });

/** Loads what the tests ask inside pages: `inPage`, from the next address on. */
export async function withInPage(page: Page): Promise<void> {
  await page.addInitScript({ path: path.join(import.meta.dirname, "in-page.js") });
  await page.goto("about:blank");
}

/** `#rrggbb` of a CSS variable of the page. */
export const colour = (page: Page, name: string): Promise<string> =>
  page.evaluate(`getComputedStyle(document.documentElement).getPropertyValue(${JSON.stringify(name)}).trim()`);

/** The most that a channel differs by where an edge is not smoothed. */
const NEAR = 6;

/**
 * The share of a picture's pixels that have one of some colours.
 * @param canvas a page {@link withInPage} that forbids nothing
 */
export function coloured(canvas: Page, picture: Buffer, colours: readonly string[]): Promise<number> {
  const args = [`data:image/png;base64,${picture.toString("base64")}`, colours, NEAR];
  return canvas.evaluate(`inPage.coloured(${args.map((arg) => JSON.stringify(arg)).join(", ")})`);
}

/** Text without line breaks, as it is read. */
export const textOf = async (locator: Locator): Promise<string> =>
  ((await locator.textContent()) ?? "").replaceAll(/\s+/g, " ").trim();
