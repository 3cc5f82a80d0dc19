/** Tables that a screen reader can read: caption, column and row headings with their scope. */
import { type Content, type Html, html } from "./html.ts";

export interface Column {
  readonly title: Content;
  /** Numbers stand to the right. */
  readonly number?: boolean;
  /** Left out on a narrow screen; the row's explanation has it. */
  readonly wide?: boolean;
}

export interface TableRow {
  readonly head: Content;
  readonly cells: readonly Content[];
  readonly id?: string;
  readonly kind?: "rest" | "total";
}

export interface TableArgs {
  readonly caption: Content;
  /** Only for screen readers, where a heading above says the same. */
  readonly captionHidden?: boolean;
  /** The first column, which names the rows. */
  readonly first: Content;
  readonly columns: readonly Column[];
  readonly rows: readonly TableRow[];
  readonly className?: string;
}

const classesOf = ({ number, wide }: Column): string =>
  [number === true ? "n" : "", wide === true ? "wide" : ""].filter((name) => name !== "").join(" ");

const classed = (name: string): Html | null => (name === "" ? null : html` class="${name}"`);

export function table({ caption, captionHidden, first, columns, rows, className }: TableArgs): Html {
  const head = columns.map((column) => html`<th scope="col"${classed(classesOf(column))}>${column.title}</th>`);
  const line = ({ head: title, cells, id, kind }: TableRow) =>
    html`<tr${id === undefined ? null : html` id="${id}" tabindex="-1"`}${classed(kind ?? "")}><th scope="row">${title}</th>${cells.map(
      (cell, index) => html`<td${classed(classesOf(columns[index] ?? { title: "" }))}>${cell}</td>`,
    )}</tr>
`;
  return html`<table${classed(className ?? "")}><caption${classed(captionHidden === true ? "vh" : "")}>${caption}</caption>
<thead><tr><th scope="col">${first}</th>${head}</tr></thead>
<tbody>${rows.map(line)}</tbody></table>
`;
}
