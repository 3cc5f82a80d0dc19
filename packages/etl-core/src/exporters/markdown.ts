/** The data dictionary: every column of every table and of the fact, for people. */
import { type Dataset, EXTRA_COLUMNS, latenessOf, type Table } from "../contract/index.ts";
import type { Field, Relation } from "./relation.ts";
import { storedTypeName } from "./relation.ts";
import { generatedBy } from "./text.ts";

/** A | would end the cell. */
const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("\n", " ");

/** What values a column takes besides its type, in words. */
export function rulesOf({ nullable, min, max, oneOf, pattern }: Omit<Field, "name" | "description">): string {
  const range =
    min !== undefined && max !== undefined
      ? `${min} to ${max}`
      : min !== undefined
        ? `from ${min}`
        : max !== undefined
          ? `up to ${max}`
          : null;
  return [
    nullable ? null : "required",
    range,
    oneOf === undefined ? null : oneOf.join(" or "),
    pattern === undefined ? null : `matches ${pattern}`,
  ]
    .filter((rule) => rule !== null)
    .join("; ");
}

const row = (field: Field) =>
  `| \`${field.name}\` | ${storedTypeName(field.type)} | ${cell(rulesOf(field))} | ${cell(field.unit ?? "")} | ${cell(field.description)} |`;

const days = (count: number) => (count === 1 ? "1 day" : `${count} days`);

const loads = {
  delta: "the rows of the business date",
  snapshot: "the whole table, every time",
  cumulative: "the rows of all days up to the business date, of which what is new or changed counts",
} as const;

/** How far before its file's date a row's day may lie, in words. */
export function beforeText(table: Table): string {
  const lateness = latenessOf(table);
  if (lateness === null) return " or any day before";
  return lateness === 0 ? "" : ` or up to ${days(lateness)} before`;
}

const madeHow: Readonly<Record<Relation["kind"], string>> = {
  table: "",
  fact: "Computed; see [what the numbers mean](measures.md).",
  dimension: "Made of the accepted exports; see [history of dimensions](embedded.md#history-of-dimensions).",
  operations: "Written by each run.",
  view: "A view: all its tables as one publish left them.",
};

function facts({ kind, grain, key, table }: Relation): string[] {
  const lines = [`Grain: ${grain}.`];
  lines.push(
    key === null ? "Key: none, repeated rows are data." : `Key: ${key.map((name) => `\`${name}\``).join(", ")}.`,
  );
  if (table === null) return [...lines, madeHow[kind]];
  lines.push(`Each export brings ${loads[table.load]}.`);
  if (table.dated !== null) lines.push(`\`${table.dated.column}\` is the file's date${beforeText(table)}.`);
  for (const { description } of table.rules) lines.push(`Rule: ${description}.`);
  if (table.drift === "ignore") lines.push("Columns that are not listed here are not read.");
  if (table.drift === "keep") lines.push(`Columns that are not listed here are kept in \`${EXTRA_COLUMNS}\`.`);
  if (table.freshness > 0) lines.push(`An export may be missing for up to ${days(table.freshness)}.`);
  if (table.owner !== null) lines.push(`Owner: ${table.owner}.`);
  return lines;
}

/** One table or the fact, as a section. */
export const section = (relation: Relation): string => `## ${relation.name}

${relation.description.replace(/[.]?$/, ".")} ${facts(relation).join(" ")}

| column | type | values | unit | meaning |
|---|---|---|---|---|
${relation.fields.map(row).join("\n")}
`;

/** `data-dictionary.md`. */
export const markdownFiles = (dataset: Dataset, relations: readonly Relation[]): ReadonlyMap<string, string> =>
  new Map([
    [
      "data-dictionary.md",
      `<!-- ${generatedBy} -->\n# The data dictionary\n\n${dataset.title}.\n\n${relations.map(section).join("\n")}`,
    ],
  ]);
