/** What a row is that does not fit its file: a header again, a table after the first one, a line cut off. */
import type { Table } from "../contract/table.ts";
import type { CsvRow } from "./csv.ts";
import { shortened } from "./explain.ts";
import { FileFault } from "./fault.ts";
import { isHeaderOf, namesOf, readsAsHeader } from "./header.ts";

export const isBlank = ({ fields }: CsvRow): boolean => fields.length === 1 && fields[0] === "";

const shown = ({ fields }: CsvRow) => shortened(fields.join(","));

function secondHeader(table: Table, row: CsvRow): FileFault | null {
  if (isHeaderOf(table, row.fields)) {
    const message = "the header stands here again: two exports were joined. Deliver them as two files";
    return new FileFault("HEADER_REPEATED", message, row.line, shown(row));
  }
  if (!readsAsHeader(row.fields)) return null;
  const message = "another header stands here: the file holds several tables. Deliver each as a file of its own";
  return new FileFault("FILE_SEVERAL_TABLES", message, row.line, shown(row));
}

/** @param blank the empty line before the row, null where there is none */
export function rowOutOfPlace(table: Table, width: number, row: CsvRow, blank: number | null): FileFault {
  const header = secondHeader(table, row);
  if (header !== null) return header;
  if (blank !== null) return blankLine(blank, width);
  const { length } = row.fields;
  const counted = `the line has ${length} field${length === 1 ? "" : "s"}, the header ${width}`;
  if (row.unended === true && length < width) {
    return new FileFault("FILE_TRUNCATED", `the file ends inside a row: ${counted}`, row.line, shown(row));
  }
  return new FileFault("FILE_ROW_RAGGED", counted, row.line, shown(row));
}

export const blankLine = (line: number, width: number): FileFault =>
  new FileFault("FILE_ROW_RAGGED", `the line is empty, the header has ${width} fields`, line);

/**
 * Whether a row of the right width is a header nevertheless. Quick, as it is asked of every row: where the table has a
 * number or a day, a header has a letter there.
 */
export function headerAmongRows(table: Table, columns: readonly (string | null)[]): (row: CsvRow) => FileFault | null {
  const typed = columns.flatMap((name, field) => {
    const type = name === null ? undefined : table.columns[name]?.type;
    return type === undefined || type === "string" || type === "boolean" ? [] : [field];
  });
  const first = columns[0] ?? "";
  const letterAt = (row: CsvRow, field: number) => ((row.fields[field] ?? "").charCodeAt(0) | 0x20) - 0x61;
  const [probe] = typed;
  return (row) => {
    if (probe === undefined) {
      return row.fields[0]?.length === first.length && isHeaderOf(table, row.fields) ? secondHeader(table, row) : null;
    }
    const letter = letterAt(row, probe);
    if (!(letter >= 0 && letter < 26)) return null;
    if (isHeaderOf(table, row.fields)) return secondHeader(table, row);
    // A row of wrong values must not pass for a header: names are known by their look and by being many.
    const names = namesOf(row.fields);
    const known = names.filter((name) => name.includes("_") || table.columns[name] !== undefined).length;
    const isOther = typed.length > 1 && known * 2 >= names.length;
    return isOther ? secondHeader(table, row) : null;
  };
}
