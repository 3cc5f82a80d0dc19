/** The report as one HTML file: no script, nothing from outside, every link inside. */
import { plural } from "../people.ts";
import type { ReportData } from "./data.ts";
import { formatDays } from "./format.ts";
import { type Html, html, trusted } from "./html.ts";
import { CLOSED } from "./panels.ts";
import { heat } from "./sections/heat.ts";
import { missing, operations } from "./sections/operations.ts";
import { products } from "./sections/products.ts";
import { stores } from "./sections/stores.ts";
import { tiles } from "./sections/tiles.ts";
import { trends } from "./sections/trends.ts";
import { style } from "./style.ts";
import { capital, definition, meaning, type NumbersPage, newPage, type Page } from "./words.ts";

/** Styles stand in the file; all else is forbidden, should a text ever get through. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/** What a reader must know before believing a number. */
function trust(page: Page): Html {
  const { operations: found, restatements } = page.data;
  const numbers = page.data.numbers;
  const pill = (kind: "ok" | "warn", text: string) =>
    html`<li class="${kind}"><a href="#trust"><span aria-hidden="true">${kind === "ok" ? "✓" : "!"}</span> ${text}</a></li>`;
  const pills: Html[] = [];
  if (numbers !== null) {
    const { published, days } = numbers.periods.shown;
    const whole = published.length === days.length;
    const text = `${published.length} of ${plural(days.length, "day")}${whole ? "" : " so far"}`;
    pills.push(pill(whole ? "ok" : "warn", whole ? `Whole ${page.word}, ${text}` : `Part ${page.word}, ${text}`));
  }
  const away = missing(page);
  pills.push(
    pill(away === 0 ? "ok" : "warn", away === 0 ? "No date missing" : `${plural(away, "date")} missing or refused`),
  );
  const { rows } = found.rejects;
  pills.push(pill(rows === 0 ? "ok" : "warn", rows === 0 ? "No row rejected" : `${plural(rows, "row")} rejected`));
  if (restatements.count > 0) pills.push(pill("warn", plural(restatements.count, "restatement")));
  const alerts = found.alerts?.length ?? 0;
  if (alerts > 0) pills.push(pill("warn", `${plural(alerts, "alert")} this ${page.word}`));
  return html`<ul class="trust" aria-label="Can it be trusted?">${pills}</ul>
`;
}

/** Every measure as a panel of its own, where its title leads, and all of them as a list to read. */
function definitions(page: Page): Html {
  const { plan, data } = page;
  const { measures } = data.dataset.fact;
  const shown = [
    ...plan.headlines.map(({ measure }) => measure),
    ...(plan.heat === null ? [] : [plan.measure(plan.heat.share)]),
  ];
  const all = [...measures, ...new Set(shown.filter(({ name }) => !measures.some((measure) => measure.name === name)))];
  for (const measure of all) {
    page.panels.add(definition(measure).id, html`${measure.title} <code>${measure.name}</code>`, meaning(measure));
  }
  return html`<details class="card"><summary><h2>What the numbers mean</h2></summary>
<dl>${all.map(
    ({ name, title, formula, unit, why }) =>
      html`<div><dt>${title} <code>${name}</code></dt><dd>${capital(formula)} (${unit}). ${why ?? null}</dd></div>
`,
  )}</dl></details>
`;
}

function heading({ data, period, word }: Page): { readonly title: string; readonly days: string } {
  const shown = data.numbers?.periods.shown;
  if (shown === undefined) return { title: `No ${word} has rows yet`, days: "" };
  return { title: capital(period(shown.period)), days: formatDays(shown.first, shown.last) };
}

/** @returns the HTML; every text from the data is escaped */
export function page(data: ReportData): string {
  const made = newPage(data);
  const { dataset, source, numbers } = data;
  const { title, days } = heading(made);
  const body = numbers === null ? null : sections({ ...made, numbers });
  const below = operations(made);
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${trusted(POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>${dataset.title}: ${title}</title><style>${trusted(style)}</style></head><body>
<span id="${CLOSED}"></span>
<header><p class="eyebrow">${dataset.title}</p><h1>${title}</h1><p class="when">${days}</p>
${trust(made)}</header>
<main>
${body ?? html`<p class="card none">No row is published yet: when the first accepted date has some, its numbers are here.</p>`}${below}${definitions(made)}</main>
<footer><p>Run <code>${source.runId}</code>, published ${source.publishedAt.slice(0, 16).replace("T", " ")} UTC. Every number is a link to what it is made of.</p>
${source.attribution === null ? null : html`<p>${source.attribution}</p>`}</footer>
<aside aria-label="Explanations">
${made.panels.all}</aside>
</body></html>
`.text;
}

const sections = (made: NumbersPage): Html =>
  html`${tiles(made)}${trends(made)}${heat(made)}${products(made)}${stores(made)}`;
