/** The checks of single columns as SQL expressions: what the check SQL and the SQL of accepted rows are made of. */
import type { ColumnSpec } from "../contract/column.ts";
import { latenessOf, type Table } from "../contract/table.ts";
import type { ProblemCode } from "../validate/codes.ts";
import { lexicalOf } from "../validate/lexical.ts";
import { type Dialect, sqlType } from "./dialect.ts";

/** The relation of raw rows: all columns text under their names, plus `_file` and `_business_date` (text). */
export const rawRelation = (table: Pick<Table, "name">): string => `raw_${table.name}`;

/** A column's value with its stored type; NULL where its text is not one. */
export const typed = (name: string): string => `${name}__typed`;
/** What a cast makes of a column's text: its value, where the text is one of its type. */
export const cast = (name: string): string => `${name}__cast`;

export interface ColumnChecks {
  /** The columns of the raw rows with what their casts make of them. */
  readonly casts: readonly string[];
  /** The columns of the raw rows with their {@link typed} values, of rows with {@link ColumnChecks.casts}. */
  readonly values: readonly string[];
  /** For each column that can be wrong: its code or NULL, of rows with {@link ColumnChecks.values}. */
  readonly problems: readonly string[];
  /** For each column that can be wrong: whether nothing is, of the same rows. Never NULL. */
  readonly fines: readonly string[];
  /** For each column that can be wrong: whether its value may stand there, of rows with typed values. Never NULL. */
  readonly within: readonly string[];
}

/**
 * A cast alone repairs silently (`1.6` as a whole number becomes 2): it counts where its value is written as the text
 * is, or where the text has the pattern of its type. Nearly all values are written as engines write them, and nearly all
 * rows are right: patterns, which cost the most, are for the others.
 */
export function columnChecks(table: Table, dialect: Dialect): ColumnChecks {
  const columns = Object.entries(table.columns);
  const matches = (name: string, pattern: string) =>
    `${dialect.regexp}(${name}, ${dialect.literal(`^(?:${pattern})\\z`)})`;

  const literalOf = ({ type }: ColumnSpec, text: string) =>
    lexicalOf(type) === null ? dialect.literal(text) : `CAST(${dialect.literal(text)} AS ${sqlType(type, dialect)})`;
  const latest = "CAST(_business_date AS DATE)";
  const lateness = latenessOf(table);
  /** null where rows may be of any day before. */
  const earliest = lateness === null ? null : lateness === 0 ? latest : `${latest} - INTERVAL '${lateness}' DAY`;

  // Of days, engines also write and read such as have no four-digit year.
  const years = (name: string, column: ColumnSpec) =>
    `${name} BETWEEN ${literalOf(column, "1000-01-01")} AND ${literalOf(column, "9999-12-31")}`;

  const value = (name: string, column: ColumnSpec) => {
    const { type } = column;
    const lexical = lexicalOf(type);
    if (lexical === null) return name;
    const back = `CAST(${cast(name)} AS ${sqlType("string", dialect)}) = ${name}`;
    const same = type === "date" ? `${years(cast(name), column)} AND ${back}` : back;
    return `CASE WHEN ${same} THEN ${cast(name)} WHEN ${matches(name, lexical.scalePattern ?? lexical.pattern)} THEN ${cast(name)} END`;
  };

  const problem = (name: string, column: ColumnSpec) => {
    const whens: string[] = [];
    const when = (condition: string, code: ProblemCode) =>
      whens.push(`WHEN ${condition} THEN ${dialect.literal(`${name}=${code}`)}`);
    if (column.nullable) whens.push(`WHEN ${name} IS NULL THEN NULL`);
    else when(`${name} IS NULL`, "VALUE_NULL");
    const lexical = lexicalOf(column.type);
    // What has a typed value matched its pattern: only the others are looked at closely, as patterns cost the most.
    if (lexical !== null) {
      when(`${typed(name)} IS NULL AND NOT ${matches(name, lexical.pattern)}`, lexical.code);
      if (lexical.scalePattern !== undefined) {
        when(`${typed(name)} IS NULL AND NOT ${matches(name, lexical.scalePattern)}`, "VALUE_TOO_PRECISE");
      }
      when(`${typed(name)} IS NULL`, column.type === "date" ? "VALUE_NOT_DATE" : "VALUE_TOO_LARGE");
    }
    const bound = (text: string) => literalOf(column, text);
    if (column.min !== undefined) when(`${typed(name)} < ${bound(column.min)}`, "VALUE_OUT_OF_RANGE");
    if (column.max !== undefined) when(`${typed(name)} > ${bound(column.max)}`, "VALUE_OUT_OF_RANGE");
    if (column.oneOf !== undefined)
      when(`${typed(name)} NOT IN (${column.oneOf.map(bound).join(", ")})`, "VALUE_NOT_ALLOWED");
    if (column.pattern !== undefined) when(`NOT ${matches(name, column.pattern)}`, "VALUE_NOT_MATCHING");
    if (table.dated?.column === name) {
      const early = earliest === null ? "" : ` OR ${typed(name)} < ${earliest}`;
      when(`${typed(name)} > ${latest}${early}`, "DATE_OUTSIDE_FILE");
    }
    return whens.length === (column.nullable ? 1 : 0) ? null : `CASE ${whens.join("\n      ")} END`;
  };

  /** What the contract says of a value besides its type. */
  const conditionsOf = (value: string, name: string, column: ColumnSpec): string[] => {
    const conditions: string[] = [];
    const bound = (text: string) => literalOf(column, text);
    if (column.min !== undefined) conditions.push(`${value} >= ${bound(column.min)}`);
    if (column.max !== undefined) conditions.push(`${value} <= ${bound(column.max)}`);
    if (column.oneOf !== undefined) conditions.push(`${value} IN (${column.oneOf.map(bound).join(", ")})`);
    if (column.pattern !== undefined) conditions.push(matches(name, column.pattern));
    if (table.dated?.column === name) {
      conditions.push(`${value} ${earliest === null ? "<=" : `BETWEEN ${earliest} AND`} ${latest}`);
    }
    return conditions;
  };
  const orNull = (name: string, { nullable }: ColumnSpec, conditions: readonly string[]): string | null => {
    if (!nullable) return [`${name} IS NOT NULL`, ...conditions].join(" AND ");
    return conditions.length === 0 ? null : `(${name} IS NULL OR ${conditions.join(" AND ")})`;
  };

  /** Whether nothing is wrong with a value; one with a typed value has the pattern of its type. */
  const fine = (name: string, column: ColumnSpec): string | null => {
    const isTyped = lexicalOf(column.type) === null ? [] : [`${typed(name)} IS NOT NULL`];
    return orNull(name, column, [...isTyped, ...conditionsOf(typed(name), name, column)]);
  };
  const within = (name: string, column: ColumnSpec): string | null =>
    orNull(name, column, [
      ...(column.type === "date" ? [years(name, column)] : []),
      ...conditionsOf(name, name, column),
    ]);
  const ofAll = (make: (name: string, column: ColumnSpec) => string | null) =>
    columns.map(([name, column]) => make(name, column)).filter((expression) => expression !== null);
  return {
    casts: ofAll((name, { type }) =>
      lexicalOf(type) === null ? name : `${name}, TRY_CAST(${name} AS ${sqlType(type, dialect)}) AS ${cast(name)}`,
    ),
    values: ofAll((name, column) => `${name},\n    ${value(name, column)} AS ${typed(name)}`),
    problems: ofAll(problem),
    fines: ofAll(fine),
    within: ofAll(within),
  };
}
