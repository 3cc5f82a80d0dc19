/**
 * The codes of the checks. They are stable: programs branch on them. Each says what is wrong and what to do; the
 * checks of rows are the same in the stream checker and in the check SQL.
 */
export const codes = {
  MANIFEST_MISSING: "The export has no manifest yet. Write it last, when every file is complete.",
  MANIFEST_INVALID: "The manifest cannot be read. Write it again: `sales-etl manifest` shows how it should look.",
  TABLE_MISSING: "A table has no file in the manifest. Export the table and write the manifest again.",
  FILE_MISSING: "The manifest names a file that is not there. Deliver the file, or write the manifest again.",
  SNAPSHOT_OLDER:
    "A table that comes whole each time did not come; an earlier export is not too old and is used. Find out why.",
  GAP_ACCEPTED: "A table is missing or cannot be used, and a person has accepted that: what it would say is unknown.",
  FILE_NOT_IN_MANIFEST:
    "A file lies there that the manifest does not name; it is not read. Remove it, or write the manifest again.",
  FILE_NAME_WRONG: "A file's name does not fit <table>_<YYYY-MM-DD>[...].csv[.gz]. Deliver it under the right name.",
  ROWS_DIFFER:
    "The file has another number of rows than the manifest says: it is not the file that was exported. Deliver it again.",
  BYTES_DIFFER: "The file has another size than the manifest says: it is truncated or was changed. Deliver it again.",
  SHA256_DIFFERS:
    "The file has another SHA-256 than the manifest says: it was changed after the export. Deliver it again.",
  TOTALS_DIFFER:
    "A column of the table adds up to another sum than the source counted: rows are lost, doubled or changed. Export again.",
  VOLUME_UNUSUAL:
    "The table has far more or fewer rows than on the same weekday of the last weeks. Look whether the export is whole.",
  DAY_WITHOUT_ROWS:
    "The day has no row of the table, and the manifest says so. Right for a day on which all is closed; else export again.",
  FILE_EMPTY: "The file has no header. A day without rows still has its header line.",
  SNAPSHOT_EMPTY: "A table that comes whole each time has no row: every row before it would be gone. Export it again.",
  FILE_NOT_UTF8: "The file is not UTF-8; the message names what it looks like. Export it as UTF-8.",
  FILE_BINARY: "The file is no text: another kind of file under a CSV's name, or damaged. Export it as CSV.",
  FILE_GZIP_BROKEN: "The gzip file is truncated or damaged, something follows it, or it is no gzip. Deliver it again.",
  FILE_QUOTES_UNBALANCED:
    "A quote is opened and not closed, or stands inside an unquoted field. Quote the whole field and double its quotes.",
  FILE_LINE_ENDS_MIXED:
    "Lines end in different ways (LF, CRLF, CR): engines would read them differently. Export with one line end.",
  FILE_UNREADABLE:
    "The engine cannot read the file, or reads other rows than the checks did. Please report it with the file.",
  KEY_IN_TWO_FILES:
    "A key stands in two files of one table and date: the rows would count twice. Export the date again.",
  FILE_ROW_RAGGED:
    "A line has more or fewer fields than the header, or is empty. Quote fields that hold commas; remove empty lines.",
  FILE_ROW_TOO_LONG: "A line is longer than any row of an export. Export with line ends.",
  FILE_TRUNCATED: "The file ends in the middle of a row: the export or the transfer broke off. Deliver it again.",
  FILE_DELIMITER_WRONG: "The fields are not separated by commas. Export with a comma.",
  FILE_SEVERAL_TABLES:
    "Another table's header follows the first table's rows. Deliver each table as a file of its own.",
  FILE_DOUBLED: "Every row occurs twice: the export ran twice into one file. Export the date again.",
  FILE_REPEATED:
    "The file has the same rows as one of another date that is accepted, or, in any order, as another part of the same date. Export the right rows.",
  HEADER_MISSING: "The first line is a row of data. Export with the header.",
  HEADER_NOT_FIRST: "Something stands before the header, such as a title or a comment. Remove it.",
  HEADER_REPEATED: "The header stands again among the rows: two exports were joined. Deliver them as two files.",
  HEADER_COLUMN_MISSING: "The header lacks a column of the contract. Export it, or take it out of the contract.",
  HEADER_COLUMN_EXTRA:
    "The header has a column that the contract does not know. Leave it out, or add it to the contract.",
  HEADER_COLUMN_IGNORED:
    "The header has a column that the contract does not know; its values are not read. Add it to the contract, if it counts.",
  HEADER_COLUMN_KEPT:
    "The header has a column that the contract does not know; its values are stored beside the others. Add it to the contract, if it counts.",
  HEADER_COLUMN_TWICE: "The header names a column twice: which one counts is unknown. Export it once.",
  TOO_MANY_ROWS_REJECTED:
    "More rows are wrong than the table's tolerance allows; the whole file is rejected. Correct the rows listed.",
  VALUE_NULL: "A required value is empty. Fill it in at the source; the row counts nowhere as long as it is empty.",
  VALUE_NOT_INTEGER:
    "Not a whole number in plain digits. Export it without a point, an exponent, separators or blanks.",
  VALUE_NOT_DECIMAL:
    "Not a decimal in plain digits with a point. Export it without separators, exponents or a currency.",
  VALUE_NOT_DATE: "Not a day of the calendar written YYYY-MM-DD. Export it in that form, without a time.",
  VALUE_NOT_BOOLEAN: "Not true, false, 1 or 0. Export it as one of these.",
  VALUE_TOO_PRECISE: "More digits after the point than the column stores; it is not rounded. Round it at the source.",
  VALUE_TOO_LARGE:
    "More digits than the column stores. Look for a shifted column; else the contract needs a larger type.",
  VALUE_OUT_OF_RANGE: "Outside the column's range. Correct it at the source, or widen the range in the contract.",
  VALUE_NOT_ALLOWED:
    "Not one of the column's values, in upper and lower case as well. Correct it, or add it to the contract.",
  VALUE_NOT_MATCHING: "Not written in the column's form.",
  DATE_OUTSIDE_FILE:
    "The row's day is later than the file's date, or earlier than its lateness allows. Deliver it with its date.",
  RULE_BROKEN: "The values of the row contradict each other. Correct the row at the source.",
  KEY_NOT_UNIQUE:
    "Two rows have the same key; both are rejected, as neither is known to be right. Deliver the right one.",
} as const;

export type ProblemCode = keyof typeof codes;
