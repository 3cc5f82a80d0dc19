/** HTML that cannot be broken by data: what is put into a template is escaped, unless it came out of one. */

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");

export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** null is nothing; lists are joined. */
export type Content = Html | string | number | null | readonly Content[];

const textOf = (content: Content): string => {
  if (content === null) return "";
  if (content instanceof Html) return content.text;
  if (typeof content === "object") return content.map(textOf).join("");
  return escapeHtml(String(content));
};

export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Html {
  return new Html(strings.map((text, index) => text + textOf(values[index] ?? null)).join(""));
}

/** A name with underscores, which a line may end after. */
export const breakable = (name: string): Html =>
  html`${name.split("_").map((part, at) => [at === 0 ? null : html`_<wbr>`, part])}`;

/** Text that is markup already and holds nothing from the data: a drawn chart, the page's style. */
export const trusted = (markup: string): Html => new Html(markup);
