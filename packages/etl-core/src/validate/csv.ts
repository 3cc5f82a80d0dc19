/** RFC 4180 over papaparse's parser, in pieces: rows with the physical line they begin on. */
import Papa from "papaparse";
import { checkStrict, type LineEnd } from "./strict.ts";
import { FileFault } from "./text.ts";

export interface CsvRow {
  /** Physical line of the row's first character, from 1. */
  readonly line: number;
  readonly fields: readonly string[];
}

/** No row of an export comes near this; a quote that is never closed would swallow the whole file. */
const LONGEST_ROW = 2 * 1024 * 1024;

interface Parsed {
  readonly data: string[][];
  readonly errors: readonly { readonly code: string; readonly row: number; readonly message: string }[];
  readonly meta: { readonly cursor: number };
}

const newlinesIn = (field: string) => {
  let count = 0;
  for (let at = field.indexOf("\n"); at >= 0; at = field.indexOf("\n", at + 1)) count += 1;
  return count;
};

/** Batches of rows. An empty last line is none; one inside is a row with one empty field. */
export async function* csvRows(text: AsyncIterable<string>): AsyncGenerator<readonly CsvRow[]> {
  let parser: Papa.Parser | null = null;
  let lineEnd: LineEnd = "\n";
  let rest = "";
  let line = 1;

  const parse = (input: string, isLast: boolean): CsvRow[] => {
    if (parser === null) {
      // The first line end decides; until it is here, wait.
      if (!isLast && !input.includes("\n")) {
        rest = input;
        return [];
      }
      lineEnd = input[input.indexOf("\n") - 1] === "\r" ? "\r\n" : "\n";
      parser = new Papa.Parser({ delimiter: ",", newline: lineEnd, quoteChar: '"' });
    }
    const { data, errors, meta } = parser.parse(input, 0, !isLast) as Parsed;
    const fault = new Map(errors.map((error) => [error.row, error]));
    const consumed = isLast ? input : input.slice(0, meta.cursor);
    if (fault.size === 0) checkStrict(consumed, lineEnd, line);
    // Only inside quotes can a field have a line end.
    const hasQuotes = consumed.includes('"');
    const rows: CsvRow[] = [];
    for (const [index, fields] of data.entries()) {
      const error = fault.get(index);
      if (error !== undefined) throw new FileFault("FILE_QUOTES_UNBALANCED", error.message, line);
      rows.push({ line, fields });
      line += 1;
      if (hasQuotes) for (const field of fields) line += newlinesIn(field);
    }
    rest = isLast ? "" : input.slice(meta.cursor);
    if (rest.length > LONGEST_ROW) throw new FileFault("FILE_QUOTES_UNBALANCED", "a quoted field does not end", line);
    return rows;
  };

  for await (const piece of text) {
    const rows = parse(rest + piece, false);
    if (rows.length > 0) yield rows;
  }
  const last = parse(rest, true);
  const end = last.at(-1);
  if (end !== undefined && end.fields.length === 1 && end.fields[0] === "") last.pop();
  if (last.length > 0) yield last;
}
