/** A small line without axes: the way of a number, not its values, which are in the charts and explanations. */
import { type Html, html } from "./html.ts";

const [WIDTH, HEIGHT, EDGE] = [160, 32, 3];

/** @param values decimal text, oldest first; null leaves a gap */
export function sparkline(values: readonly unknown[]): Html | null {
  const numbers = values.map((value) => (value === null || value === undefined ? null : Number(value)));
  const known = numbers.filter((value) => value !== null);
  if (known.length < 2) return null;
  const [least, most] = [Math.min(...known), Math.max(...known)];
  const x = (index: number) => EDGE + (index * (WIDTH - 2 * EDGE)) / (values.length - 1);
  const y = (value: number) =>
    most === least ? HEIGHT / 2 : HEIGHT - EDGE - ((value - least) * (HEIGHT - 2 * EDGE)) / (most - least);
  let path = "";
  let pen = "M";
  for (const [index, value] of numbers.entries()) {
    if (value !== null) path += `${pen}${x(index).toFixed(1)} ${y(value).toFixed(1)}`;
    pen = value === null ? "M" : "L";
  }
  const last = numbers.at(-1);
  const dot =
    last == null ? null : html`<circle cx="${x(numbers.length - 1).toFixed(1)}" cy="${y(last).toFixed(1)}" r="3"/>`;
  return html`<svg class="spark" viewBox="0 0 ${WIDTH} ${HEIGHT}" aria-hidden="true"><path d="${path}"/>${dot}</svg>`;
}
