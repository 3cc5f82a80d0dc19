/** The proposed settings file: where the files are, and how their columns become the contract's. */

import path from "node:path";
import type { Dataset } from "@sales-etl/etl-core/contract";
import { matching } from "../land/csv-source.ts";
import { zoneHere } from "../settings/apply.ts";
import { note, notes } from "./jsonc.ts";
import type { MappedColumn, MappedTable, Mapping } from "./mapping.ts";
import { holdsColumn } from "./retail-fit.ts";

const relativeTo = (out: string, file: string) => {
  const relative = path.relative(out, file).split(path.sep).join("/");
  return relative.startsWith(".") ? relative : `./${relative}`;
};

/** A pattern where the names differ in numbers only and it finds just these: tomorrow's file is found, too. */
async function filesOf(folder: string, out: string, { seen }: MappedTable): Promise<readonly string[]> {
  const files = seen.files.map(({ file }) => path.join(folder, file)).sort();
  const patterns = [
    ...new Set(
      files.map((file) => path.join(path.dirname(file), path.basename(file).replace(/[0-9]+(?:[-_][0-9]+)*/g, "*"))),
    ),
  ];
  const found = await matching("/", patterns);
  const chosen = String(found) === String(files) ? patterns : files;
  return chosen.map((file) => relativeTo(out, file));
}

const convert = ({ seen }: MappedColumn) =>
  Object.keys(seen.convert).length === 0 ? seen.name : { from: seen.name, ...seen.convert };

/** @param columns those that the contract takes */
async function sourceOf(folder: string, out: string, table: MappedTable, columns: readonly MappedColumn[]) {
  const { files } = table.seen;
  const [first] = files;
  return {
    ...notes(
      `${files.length} ${files.length === 1 ? "file" : "files"}, ${table.seen.rows} rows; ${table.seen.reason}.`,
      first?.doubt == null ? null : `ASK: ${first.doubt}.`,
    ),
    files: await filesOf(folder, out, table),
    delimiter: first?.delimiter ?? ",",
    encoding: first?.encoding ?? "utf-8",
    columns: Object.assign(
      {},
      ...columns.map((column) => ({
        ...notes(
          `${column.seen.reason}${column.known ? "; the name is a usual one for this" : ""}`,
          column.seen.question === null ? null : `ASK: ${column.seen.question}`,
        ),
        [column.to]: convert(column),
      })),
    ),
  };
}

export interface SettingsArgs {
  readonly folder: string;
  /** Where the settings file will lie. */
  readonly out: string;
  readonly retail: Dataset;
  readonly mapping: Mapping;
  /** null: the retail contract itself. */
  readonly contract: string | null;
}

/** Columns that the contract has no place for. */
export const notTaken = (retail: Dataset, contract: string | null, table: MappedTable): readonly MappedColumn[] =>
  contract !== null ? [] : table.columns.filter((column) => !holdsColumn(retail, table.to, column));

export async function proposeSettings({ folder, out, retail, mapping, contract }: SettingsArgs) {
  const sources: Record<string, unknown> = {};
  for (const table of mapping.tables) {
    if (contract === null && !retail.tables.some(({ name }) => name === table.to)) continue;
    const left = notTaken(retail, contract, table);
    const columns = table.columns.filter((column) => !left.includes(column));
    sources[table.to] = await sourceOf(folder, out, table, columns);
  }
  if (mapping.calendar === null) sources.calendar = { generate: "fiscal-calendar" };
  return {
    ...notes(
      "Proposed by `sales-etl init` from what lies in the files. Lines that begin with // are comments; ASK marks what only you can say.",
      contract === null
        ? "The files are the product's own contract under other names: every measure of docs/measures.md comes with it."
        : "The contract of your files: columns, types, keys, and what is computed. Read and correct it.",
    ),
    contract: contract ?? retail.name,
    ...note("Folders, relative to this file."),
    landing: "./landing",
    warehouse: "./warehouse",
    ...note("ASK: whose midnight ends a business day? This machine's is assumed."),
    timeZone: zoneHere(),
    ...note("Versions of the warehouse to keep, to go back to."),
    keep: 10,
    ...note("How your files become the contract's, by table and column; the reasons stand above each."),
    sources,
  };
}
