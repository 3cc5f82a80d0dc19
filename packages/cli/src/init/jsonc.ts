/** JSON with comments on lines of their own. */

let count = 0;

/** A property that becomes a comment; must not be the last one of its object. */
export const note = (text: string): Readonly<Record<string, string>> => {
  count += 1;
  return { [`//${count}`]: text.replaceAll(/\s+/g, " ") };
};

export const notes = (...texts: readonly (string | null)[]): Readonly<Record<string, string>> =>
  Object.assign({}, ...texts.flatMap((text) => (text === null ? [] : [note(text)])));

/** What is left without the comments. */
export function withoutNotes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNotes);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !key.startsWith("//"))
      .map(([key, inner]) => [key, withoutNotes(inner)]),
  );
}

const WIDTH = 110;

/** Objects without an inner one or a comment stand on one line where they fit. */
function written(value: unknown, indent: string): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value);
  const short = JSON.stringify(value).replaceAll(/([,:])(?=["[{\d])/g, "$1 ");
  const isFlat = entries.every(
    ([key, inner]) => !key.startsWith("//") && (typeof inner !== "object" || inner === null || Array.isArray(inner)),
  );
  if (isFlat && indent.length + short.length < WIDTH) return flat(value);
  const inside = `${indent}  `;
  const lines = entries.map(([key, inner], index) => {
    if (key.startsWith("//")) return `${inside}// ${inner}`;
    const comma = index === entries.length - 1 ? "" : ",";
    return `${inside}${Array.isArray(value) ? "" : `${JSON.stringify(key)}: `}${written(inner, inside)}${comma}`;
  });
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  return entries.length === 0 ? `${open}${close}` : `${open}\n${lines.join("\n")}\n${indent}${close}`;
}

function flat(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(flat).join(", ")}]`;
  return `{ ${Object.entries(value)
    .map(([key, inner]) => `${JSON.stringify(key)}: ${flat(inner)}`)
    .join(", ")} }`;
}

export const jsonc = (value: unknown): string => `${written(value, "")}\n`;
