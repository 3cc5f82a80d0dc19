/** RFC 4180 over papaparse's parser, in pieces: rows with the physical line they begin on. */
import Papa from "papaparse";
import { FileFault } from "./fault.ts";
import { type LineEnd, strictFault } from "./strict.ts";

export interface CsvRow {
  /** Physical line of the row's first character, from 1. */
  readonly line: number;
  readonly fields: readonly string[];
  /** Set where the file ends without a line end. */
  readonly unended?: true;
}

/** No row of an export comes near this; a quote that is never closed would swallow the whole file. */
export const LONGEST_ROW = 2 * 1024 * 1024;

export interface CsvParser {
  /**
   * Takes the text that follows. An empty line is a row with one empty field.
   * @param take given each whole row
   * @throws {FileFault} a fault in the text, after the rows that stand before it, wherever the text was cut
   */
  push(text: string, take: (row: CsvRow) => void): void;
  /** After the last {@link push}. An empty last line is no row. */
  end(take: (row: CsvRow) => void): void;
  /** Rows that were read elsewhere, each a line. */
  skip(rows: number): void;
  /** The physical line that the next row begins on. */
  line(): number;
  /** Of the first line; null before its end was seen. */
  lineEnd(): LineEnd | null;
  /** How many characters of a row that has not ended are held. */
  held(): number;
  /** Where the text ends that was pushed so far: the physical line, and the place in it in bytes from 1. */
  here(): { readonly line: number; readonly byte: number };
}

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

export function csvParser(): CsvParser {
  let parser: Papa.Parser | null = null;
  let lineEnd: LineEnd | null = null;
  let rest = "";
  let line = 1;

  const tooLong = () =>
    rest.includes('"')
      ? new FileFault("FILE_QUOTES_UNBALANCED", "a quoted field does not end", line)
      : new FileFault("FILE_ROW_TOO_LONG", `the line has more than ${LONGEST_ROW} characters`, line);

  const begin = (input: string): Papa.Parser => {
    lineEnd = input[input.indexOf("\n") - 1] === "\r" ? "\r\n" : "\n";
    parser = new Papa.Parser({ delimiter: ",", newline: lineEnd, quoteChar: '"' });
    return parser;
  };

  /** Tells the rows that stand before the first fault. @returns the fault */
  const parse = (input: string, isLast: boolean, take: (row: CsvRow) => void): FileFault | null => {
    // The first line end decides; until it is here, wait.
    if (parser === null && !isLast && !input.includes("\n")) {
      rest = input;
      return rest.length > LONGEST_ROW ? tooLong() : null;
    }
    const { data, errors, meta } = (parser ?? begin(input)).parse(input, 0, !isLast) as Parsed;
    const consumed = isLast ? input : input.slice(0, meta.cursor);
    const [error] = errors;
    const fault = strictFault(consumed, lineEnd ?? "\n", line);
    // Only inside quotes can a field have a line end.
    const hasQuotes = consumed.includes('"');
    for (const [index, fields] of data.entries()) {
      const faulty: number = fault?.line ?? Number.POSITIVE_INFINITY;
      if (index === error?.row && line <= faulty) {
        return new FileFault("FILE_QUOTES_UNBALANCED", "a quoted field that begins in this row does not end", line);
      }
      if (line >= faulty) return fault;
      const row = { line, fields };
      line += 1;
      if (hasQuotes) for (const field of fields) line += newlinesIn(field);
      take(row);
    }
    rest = isLast ? "" : input.slice(meta.cursor);
    return fault ?? (rest.length > LONGEST_ROW ? tooLong() : null);
  };

  return {
    push(text, take) {
      const fault = parse(rest + text, false, take);
      if (fault !== null) throw fault;
    },
    end(take) {
      const isUnended = rest !== "" && !rest.endsWith("\n");
      const last: CsvRow[] = [];
      const fault = parse(rest, true, (row) => last.push(row));
      const end = last.at(-1);
      if (fault === null && end !== undefined && isUnended) last[last.length - 1] = { ...end, unended: true };
      else if (fault === null && end?.fields.length === 1 && end.fields[0] === "") last.pop();
      for (const row of last) take(row);
      if (fault !== null) throw fault;
    },
    skip(rows) {
      line += rows;
    },
    line: () => line,
    lineEnd: () => lineEnd,
    held: () => rest.length,
    here: () => ({
      line: line + newlinesIn(rest),
      byte: Buffer.byteLength(rest.slice(rest.lastIndexOf("\n") + 1)) + 1,
    }),
  };
}
