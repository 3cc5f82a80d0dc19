/** Text for people: tables, progress, colours only on a terminal. */
import { styleText } from "node:util";

export type Colour = "green" | "red" | "yellow" | "dim" | "bold";

/** Colours where the stream is a terminal that shows them. */
export const coloured = (colour: Colour, text: string, stream: NodeJS.WriteStream = process.stderr): string =>
  styleText(colour, text, { stream });

export const say = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

/** Columns that hold only numbers stand to the right. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((name, index) => Math.max(name.length, ...rows.map((row) => row[index]?.length ?? 0)));
  const numeric = header.map(
    (_, index) => rows.length > 0 && rows.every((row) => /^(–|[-+]?\$?[\d,.]*( ?%)?)$/.test(row[index] ?? "")),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, index) =>
        numeric[index] === true ? cell.padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0),
      )
      .join("  ")
      .trimEnd();
  return [line(header), line(widths.map((width) => "─".repeat(width))), ...rows.map(line)].join("\n");
}

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
