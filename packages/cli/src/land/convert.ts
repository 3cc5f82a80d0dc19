/** From the texts of somebody's file to those that the contract's files have. What does not fit passes as it is: the checks reject it. */
import { quoted } from "../engine/duckdb.ts";
import type { SourceColumn } from "../settings/schema.ts";
import { identifier } from "./csv-source.ts";

/** A day, where a time may follow. */
export const dayText = (text: string) => `regexp_replace(trim(${text}), '[T ][0-9]{1,2}:.*$', '')`;

/** Numbers with this sign before their fraction; the other one, a blank or an apostrophe may stand between thousands. */
export const numberPattern = (decimal: "," | ".") =>
  decimal === ","
    ? "-?([0-9]+|[0-9]{1,3}([. '][0-9]{3})+)(,[0-9]+)?"
    : "-?([0-9]+|[0-9]{1,3}([, '][0-9]{3})+)([.][0-9]+)?";

/** The text of a number as the contract writes it. */
export const plainNumber = (text: string, decimal: "," | ".") => {
  const bare = `regexp_replace(trim(${text}), ${decimal === "," ? "'[. '']'" : "'[, '']'"}, '', 'g')`;
  return decimal === "," ? `replace(${bare}, ',', '.')` : bare;
};

/** @returns the expression of a column of the contract over the source's columns */
export function convertedSql(column: SourceColumn): string {
  if (typeof column === "string") return identifier(column);
  const { from, date, decimal, values } = column;
  const text = identifier(from);
  if (values !== undefined) {
    const whens = Object.entries(values).map(([value, meant]) => `WHEN ${quoted(value)} THEN ${quoted(meant)}`);
    return `CASE trim(${text}) ${whens.join(" ")} ELSE ${text} END`;
  }
  if (date !== undefined)
    return `COALESCE(strftime(try_strptime(${dayText(text)}, ${quoted(date)}), '%Y-%m-%d'), ${text})`;
  if (decimal !== undefined) {
    const pattern = quoted(numberPattern(decimal));
    return `CASE WHEN regexp_full_match(trim(${text}), ${pattern}) THEN ${plainNumber(text, decimal)} ELSE ${text} END`;
  }
  return text;
}
