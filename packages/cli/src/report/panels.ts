/**
 * Explanations: one panel for each number or row of numbers, shown when its link is followed (`:target`), without a
 * script. A link can only be made to a panel that was added, so none leads nowhere.
 */
import { type Content, type Html, html } from "./html.ts";

/** Where a panel's closing link leads: to nothing that moves the page. */
export const CLOSED = "closed";

export interface Panel {
  readonly id: string;
}

export class Panels {
  readonly #made = new Map<string, Html>();

  /** @param id letters, digits, dots, dashes; made from positions and names of measures, never from data */
  add(id: string, title: Content, body: Content): Panel {
    if (this.#made.has(id)) throw new TypeError(`the panel ${id} is there already`);
    const heading = `${id}.title`;
    this.#made.set(
      id,
      html`<section class="why" id="${id}" tabindex="-1" aria-labelledby="${heading}"><div class="why-head"><h3 id="${heading}">${title}</h3><a class="close" href="#${CLOSED}" aria-label="Close this explanation">×</a></div>
${body}</section>
`,
    );
    return { id };
  }

  get all(): readonly Html[] {
    return [...this.#made.values()];
  }
}

/** @param part of the panel, to be marked: a row with the id `<panel>.<part>` */
export const link = ({ id }: Panel, text: Content, part?: string | number): Html =>
  html`<a href="#${part === undefined ? id : `${id}.${part}`}">${text}</a>`;
