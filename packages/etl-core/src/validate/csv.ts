/** RFC 4180 over papaparse's parser, in pieces: rows with the physical line they begin on. */
import Papa from "papaparse";
import { type LineEnd, strictFault } from "./strict.ts";
import { FaultHere, FileFault } from "./text.ts";

export interface CsvRow {
  /** Physical line of the row's first character, from 1. */
  readonly line: number;
  readonly fields: readonly string[];
  /** Set where the file ends without a line end. */
  readonly unended?: true;
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

  /** A fault in the rows parsed last: told after the rows that stand before it, wherever the text was cut. */
  let fault: FileFault | null = null;

  const parse = (input: string, isLast: boolean): CsvRow[] => {
    if (parser === null) {
      // The first line end decides; until it is here, wait.
      if (!isLast && !input.includes("\n")) {
        rest = input;
        if (rest.length > LONGEST_ROW) fault = tooLong();
        return [];
      }
      lineEnd = input[input.indexOf("\n") - 1] === "\r" ? "\r\n" : "\n";
      parser = new Papa.Parser({ delimiter: ",", newline: lineEnd, quoteChar: '"' });
    }
    const { data, errors, meta } = parser.parse(input, 0, !isLast) as Parsed;
    const consumed = isLast ? input : input.slice(0, meta.cursor);
    const [error] = errors;
    if (error === undefined) fault = strictFault(consumed, lineEnd, line);
    // Only inside quotes can a field have a line end.
    const hasQuotes = consumed.includes('"');
    const rows: CsvRow[] = [];
    for (const [index, fields] of data.entries()) {
      if (index === error?.row)
        fault = new FileFault("FILE_QUOTES_UNBALANCED", "a quoted field that begins in this row does not end", line);
      const { line: faulty } = fault ?? { line: null };
      if (faulty !== null && line >= faulty) return rows;
      rows.push({ line, fields });
      line += 1;
      if (hasQuotes) for (const field of fields) line += newlinesIn(field);
    }
    rest = isLast ? "" : input.slice(meta.cursor);
    if (rest.length > LONGEST_ROW) fault ??= tooLong();
    return rows;
  };
  const tooLong = () =>
    rest.includes('"')
      ? new FileFault("FILE_QUOTES_UNBALANCED", "a quoted field does not end", line)
      : new FileFault("FILE_ROW_TOO_LONG", `the line has more than ${LONGEST_ROW} characters`, line);

  try {
    for await (const piece of text) {
      const rows = parse(rest + piece, false);
      if (rows.length > 0) yield rows;
      if (fault !== null) throw fault;
    }
  } catch (error) {
    if (!(error instanceof FaultHere)) throw error;
    const begin = rest.lastIndexOf("\n") + 1;
    throw error.at(line + newlinesIn(rest), Buffer.byteLength(rest.slice(begin)) + 1);
  }
  const isUnended = rest !== "" && !rest.endsWith("\n");
  const last = parse(rest, true);
  const end = last.at(-1);
  if (fault !== null) {
    if (last.length > 0) yield last;
    throw fault;
  }
  if (end !== undefined && isUnended) last[last.length - 1] = { ...end, unended: true };
  else if (end?.fields.length === 1 && end.fields[0] === "") last.pop();
  if (last.length > 0) yield last;
}
