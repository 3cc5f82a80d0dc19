/** What a report's HTML says, read without the code that wrote it. */

/** Every place that a link of the page leads to, and every place there is. */
export const linksOf = (html: string) => ({
  targets: [...html.matchAll(/href="#([^"]*)"/g)].map(([, id = ""]) => id),
  ids: [...html.matchAll(/\sid="([^"]*)"/g)].map(([, id = ""]) => id),
});

/** What asks for something outside the file. */
export const outside = (html: string): string[] =>
  [...html.matchAll(/(?:src|srcset|action|data|poster)="[^"]*"|href="(?!#)[^"]*"|url\((?!#)[^)]*\)|@import[^;]*/g)].map(
    ([found]) => found,
  );

/** The page without its explanations. */
export const mainOf = (html: string): string => html.slice(html.indexOf("<main>"), html.indexOf("<aside"));

/** One explanation. */
export function panelOf(html: string, id: string): string {
  const start = html.indexOf(`<section class="why" id="${id}"`);
  return start < 0 ? "" : html.slice(start, html.indexOf("</section>", start));
}

/** Cells of numbers that lead nowhere; a dash is no number. */
export const unexplained = (html: string): string[] =>
  [...mainOf(html).matchAll(/<td class="(?:n|h\d|none)(?: wide)?">([\s\S]*?)<\/td>|<p class="value">([\s\S]*?)<\/p>/g)]
    .map(([, cell, value]) => cell ?? value ?? "")
    .filter((cell) => cell !== "–" && !/^(<span class="\w+">)?<a href="#[^"]+">/.test(cell));

/** The texts of an HTML fragment, without markup and the words for screen readers. */
export const textsOf = (html: string): string =>
  html
    .replaceAll(/<wbr>/g, "")
    .replaceAll(/<[^>]+>/g, " ")
    .replaceAll(/&lt;/g, "<")
    .replaceAll(/&gt;/g, ">")
    .replaceAll(/\s+/g, " ")
    .trim();
