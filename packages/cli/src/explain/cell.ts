/** One cell of the fact: what names it, how a person asks for it, and what stands near by where it does not exist. */
import type { ColumnSpec, Dataset } from "@sales-etl/etl-core/contract";
import { tableOf } from "@sales-etl/etl-core/contract";
import { SalesEtlError } from "@sales-etl/etl-core/errors";
import { duckdb, sqlType } from "@sales-etl/etl-core/sql";
import { canonicalOf } from "@sales-etl/etl-core/validate";
import { Option } from "commander";
import { usage } from "../command.ts";
import { quoted, type Row } from "../engine/duckdb.ts";
import type { ReadOnly } from "../engine/read-only.ts";

/** A column of the fact's grain. */
export interface GrainColumn {
  readonly column: string;
  /** As people ask for it: the period's word, or the table that the key is the key of. */
  readonly word: string;
  readonly spec: ColumnSpec;
}

/** The period and the keys, in the order of the fact. */
export function grainOf(dataset: Dataset): readonly GrainColumn[] {
  const { calendar, keys, flow } = dataset.fact;
  const spec = (table: string, column: string) => tableOf(dataset, table).columns[column] as ColumnSpec;
  const described = (key: string) =>
    dataset.tables.find(({ load, key: own }) => load === "snapshot" && own?.length === 1 && own[0] === key);
  return [
    { column: calendar.period, word: calendar.word ?? "period", spec: spec(calendar.table, calendar.period) },
    ...keys.map((key) => ({ column: key, word: described(key)?.name ?? key, spec: spec(flow.table, key) })),
  ];
}

/** Words that other options have. */
const TAKEN = ["help", "json", "warehouse", "landing", "measure", "config"];

const flagOf = (name: string) => `--${TAKEN.includes(name) ? "key-" : ""}${name.replaceAll("_", "-")}`;

/** An option for each column of the grain: `--week` and `--yr-wk-num` are the same. */
export const grainOptions = (grain: readonly GrainColumn[]): readonly Option[] =>
  grain.map(({ column, word }) => {
    const flags = [...new Set([flagOf(word), flagOf(column)])].join(", ");
    return new Option(`${flags} <value>`, `${column} of the cell`).makeOptionMandatory();
  });

/** Texts of the grain's columns, canonical. */
export type Cell = Readonly<Record<string, string>>;

const WHOLE = /^-?[0-9]+$/;

/** @param given what commander read, by {@link grainOptions} */
export function cellOf(grain: readonly GrainColumn[], given: Readonly<Record<string, unknown>>): Cell {
  const options = grainOptions(grain);
  return Object.fromEntries(
    grain.map(({ column, spec }, index) => {
      const option = options[index] as Option;
      const text = String(given[option.attributeName()] ?? "");
      if ((spec.type === "int" || spec.type === "bigint") && !WHOLE.test(text)) {
        const flag = (option.flags.split(" ")[0] ?? "").replace(",", "");
        throw usage(`${flag} ${text}: ${column} is a whole number`, flag);
      }
      return [column, canonicalOf(spec.type)(text)];
    }),
  );
}

const literal = ({ spec }: GrainColumn, text: string) => `CAST(${quoted(text)} AS ${sqlType(spec.type, duckdb)})`;

/** The condition that a relation with these columns of the grain is of the cell. */
export const isOfCell = (grain: readonly GrainColumn[], cell: Cell): string =>
  grain.map((one) => `${one.column} = ${literal(one, cell[one.column] ?? "")}`).join(" AND ");

const NEAR = 5;

/** The values of a column that come next to one that does not exist. */
async function near(reader: ReadOnly, fact: string, one: GrainColumn, text: string): Promise<string> {
  const number = one.spec.type !== "string" && one.spec.type !== "date" && one.spec.type !== "boolean";
  const distance = number
    ? `ABS(CAST(${one.column} AS DECIMAL(38,4)) - ${quoted(text)}::DECIMAL(38,4))`
    : `levenshtein(lower(CAST(${one.column} AS VARCHAR)), ${quoted(text.toLowerCase())})`;
  const rows = await reader.rows(
    `SELECT value FROM (SELECT DISTINCT CAST(${one.column} AS VARCHAR) AS value, ${distance} AS apart FROM ${fact}) ORDER BY apart, value LIMIT ${NEAR}`,
  );
  return rows.map(({ value }) => String(value)).join(", ");
}

const described = (grain: readonly GrainColumn[], cell: Cell) =>
  grain.map(({ column, word }) => `${word} ${cell[column]}`).join(", ");

/** What keeps a cell from being there, in words a person can act on. */
async function whyNot(reader: ReadOnly, fact: string, grain: readonly GrainColumn[], cell: Cell): Promise<string> {
  for (const one of grain) {
    const value = cell[one.column] ?? "";
    const [found] = await reader.rows(`SELECT 1 FROM ${fact} WHERE ${isOfCell([one], cell)} LIMIT 1`);
    if (found === undefined)
      return `no row has ${one.column} ${value}; near it: ${await near(reader, fact, one, value)}`;
  }
  // Each value exists: the values of one column that go with all the others.
  const offers: string[] = [];
  for (const one of grain) {
    const others = grain.filter((other) => other !== one);
    const with_ = `(SELECT * FROM ${fact} WHERE ${isOfCell(others, cell)})`;
    const values = await near(reader, with_, one, cell[one.column] ?? "").catch(() => "");
    if (values !== "") offers.push(`${described(others, cell)} has rows with ${one.word} ${values}`);
  }
  return offers.length === 0
    ? "its parts exist, but never two of them together"
    : `its parts exist, but not together: ${offers.join("; ")}`;
}

/** @throws {SalesEtlError} CELL_NOT_FOUND with values near by */
export async function factRow(
  reader: ReadOnly,
  dataset: Dataset,
  grain: readonly GrainColumn[],
  cell: Cell,
): Promise<Row> {
  const { name } = dataset.fact;
  const [row] = await reader.rows(`SELECT * FROM ${name} WHERE ${isOfCell(grain, cell)}`);
  if (row !== undefined) return row;
  throw new SalesEtlError(
    `${name} has no row for ${described(grain, cell)}: ${await whyNot(reader, name, grain, cell)}`,
    { code: "CELL_NOT_FOUND", path: grain.map(({ column }) => `${column}=${cell[column]}`).join("/") },
  );
}

/** What people call the keys of the cell: the label of the dimension's current row. */
export async function labelsOf(
  reader: ReadOnly,
  dataset: Dataset,
  grain: readonly GrainColumn[],
  cell: Cell,
): Promise<Readonly<Record<string, string>>> {
  const labels: Record<string, string> = {};
  for (const one of grain) {
    const table = dataset.tables.find(({ name, label }) => name === one.word && label !== null);
    if (table?.label == null) continue;
    const current = table.history === null ? "" : " AND is_current";
    const [row] = await reader.rows(
      `SELECT ${table.label} AS label FROM ${table.name}_dim WHERE ${isOfCell([one], cell)}${current}`,
    );
    if (row?.label != null) labels[one.column] = String(row.label);
  }
  return labels;
}
