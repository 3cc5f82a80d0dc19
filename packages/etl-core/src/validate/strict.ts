/**
 * RFC 4180 to the letter. The parser is lenient where other readers are not, or lenient in another way: a blank before a
 * quote, a quote inside an unquoted field, a lone carriage return. What two engines may read differently is a fault.
 */
import { FileFault } from "./fault.ts";

export type LineEnd = "\n" | "\r\n";

/** One field with what ends it. */
const fields: Readonly<Record<LineEnd, RegExp>> = {
  "\n": /(?:"[^"]*(?:""[^"]*)*"|[^",\r\n]*)(?:,|\n|$)/y,
  "\r\n": /(?:"[^"]*(?:""[^"]*)*"|[^",\r\n]*)(?:,|\r\n|$)/y,
};

/** Plain text without quotes and with the right line ends, as nearly all of it is, needs no look at each field. */
function isPlain(text: string, lineEnd: LineEnd): boolean {
  if (text.includes('"')) return false;
  return lineEnd === "\n" ? !text.includes("\r") : !/[^\r]\n|\r(?!\n)|^\n/.test(text);
}

const lineAt = (text: string, index: number, first: number) => first + (text.slice(0, index).match(/\n/g)?.length ?? 0);

/**
 * @param text whole rows
 * @param line the physical line that it begins on
 * @returns the first fault, FILE_LINE_ENDS_MIXED or FILE_QUOTES_UNBALANCED with its line
 */
export function strictFault(text: string, lineEnd: LineEnd, line: number): FileFault | null {
  if (isPlain(text, lineEnd)) return null;
  const field = fields[lineEnd];
  for (let at = 0; at < text.length; at = field.lastIndex) {
    field.lastIndex = at;
    if (field.test(text)) continue;
    // What stands where the field should have ended.
    const rest = /(?:"[^"]*(?:""[^"]*)*"|[^",\r\n]*)/y;
    rest.lastIndex = at;
    rest.test(text);
    const index = rest.lastIndex;
    const where = lineAt(text, index, line);
    if (text[index] === "\r" || text[index] === "\n") {
      return new FileFault(
        "FILE_LINE_ENDS_MIXED",
        `the line ends otherwise than the first one (${JSON.stringify(lineEnd)})`,
        where,
      );
    }
    return new FileFault(
      "FILE_QUOTES_UNBALANCED",
      "a quote stands inside an unquoted field, or text beside a quoted one",
      where,
    );
  }
  return null;
}
