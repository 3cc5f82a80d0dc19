/** Rows of the published fact as relations to aggregate, with the columns that only the report has. */
import type { Dataset } from "@sales-etl/etl-core/contract";
import { describing } from "@sales-etl/etl-core/contract";
import type { Fact } from "@sales-etl/etl-core/measures";
import { aggregateSql } from "@sales-etl/etl-core/sql";
import { type Engine, quoted, type Row } from "../../engine/duckdb.ts";
import { overAbsolute } from "../../engine/relations.ts";
import type { Plan } from "../plan.ts";
import type { Source } from "../source.ts";

export interface Reading {
  readonly engine: Engine;
  readonly dataset: Dataset;
  readonly plan: Plan;
  readonly source: Source;
}

/** Groups by a key: those shown, best first, and all others as one. */
export interface Groups {
  /** Of the key, or of what a column of its table says. */
  readonly title: string;
  /** `part` names the group, `label` is for people. */
  readonly rows: readonly Row[];
  readonly rest: Row | null;
  readonly restCount: number;
  readonly total: Row;
}

/** @returns the SELECT of the fact's rows of some periods; those that are not published have none */
export function factRows({ plan, source }: Reading, periods: readonly number[]): string | null {
  const files = periods.flatMap((period) => source.fact.get(String(period)) ?? []);
  if (files.length === 0) return null;
  const added = Object.entries(plan.added).map(([name, sql]) => `, ${sql} AS ${name}`);
  return `SELECT *${added.join("")} FROM (${overAbsolute(files)})`;
}

/** The name of a group that no row has one for. */
const NAMELESS = "(none)";

/** A relation's rows with the column `part`: the key itself, or what a column of its table says of it. */
export function withPart({ dataset }: Reading, relation: string, key: string, column: string | null): string {
  const table = column === null ? undefined : describing(dataset, key);
  if (table === undefined) return `SELECT f.*, CAST(f.${key} AS VARCHAR) AS part FROM ${relation} f`;
  return `SELECT f.*, COALESCE(d.${column}, ${quoted(NAMELESS)}) AS part FROM ${relation} f LEFT JOIN ${table.name} d ON d.${key} = f.${key}`;
}

/** What people call the values of a key: the label of its table, else the key. */
export async function labelsOf({ engine, dataset }: Reading, key: string, parts: readonly string[]) {
  const table = describing(dataset, key);
  const labels = new Map<string, string>();
  if (table?.label == null || parts.length === 0) return labels;
  const rows = await engine.rows(
    `SELECT CAST(${key} AS VARCHAR) AS part, ${table.label} AS label FROM ${table.name} WHERE CAST(${key} AS VARCHAR) IN (${parts.map(quoted).join(", ")})`,
  );
  for (const { part, label } of rows) if (label !== null && label !== "") labels.set(String(part), String(label));
  // Two of one name are told apart by their keys.
  const names = [...labels.values()];
  const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  for (const [part, label] of labels) if (twice.has(label)) labels.set(part, `${label} (${part})`);
  return labels;
}

export interface GroupArgs {
  readonly fact: Fact;
  /** Its rows are of one period. */
  readonly relation: string;
  readonly key: string;
  readonly column: string | null;
  /** An ORDER BY over the measures. */
  readonly order: string;
  readonly limit: number;
}

/** The measures by key; of more than `limit` groups the rest together. */
export async function groupsOf(reading: Reading, args: GroupArgs): Promise<Groups> {
  const { engine, dataset } = reading;
  const { fact, key, column, limit } = args;
  const sums = (rows: string, by: readonly string[]) => aggregateSql(fact, rows, by, { onePeriod: true });
  // One pass over the rows; what follows reads one row a group.
  const rows = `(${withPart(reading, args.relation, key, column)})`;
  await engine.run(`CREATE OR REPLACE TEMP TABLE grouped AS ${sums(rows, ["part"])}`);
  const count = Number(await engine.value("SELECT COUNT(*) FROM grouped"));
  const found = await engine.rows(`SELECT * FROM grouped ORDER BY ${args.order}, part LIMIT ${limit}`);
  const parts = found.map(({ part }) => String(part));
  const labels = column === null ? await labelsOf(reading, key, parts) : new Map<string, string>();
  const others = `(SELECT * FROM grouped WHERE part NOT IN (${parts.map(quoted).join(", ") || "NULL"}))`;
  const [rest] = count > parts.length ? await engine.rows(sums(others, [])) : [];
  const [total] = await engine.rows(sums("grouped", []));
  return {
    title: column === null ? (describing(dataset, key)?.title ?? key) : titleOf(dataset, key, column),
    rows: found.map((row) => ({ ...row, label: labels.get(String(row.part)) ?? String(row.part) })),
    rest: rest ?? null,
    restCount: count - parts.length,
    total: total ?? {},
  };
}

/** What each of some groups by `key` is made of, by the fact's other key; null where it has none. */
export async function partsOfEach(
  reading: Reading,
  args: Omit<GroupArgs, "column">,
  parts: readonly string[],
): Promise<readonly (Groups | null)[]> {
  const { engine, dataset } = reading;
  const other = dataset.fact.keys.find((key) => key !== args.key);
  if (other === undefined || parts.length === 0) return parts.map(() => null);
  await engine.run(
    `CREATE OR REPLACE TEMP TABLE rows_of_parts AS SELECT * FROM ${args.relation} WHERE CAST(${args.key} AS VARCHAR) IN (${parts.map(quoted).join(", ")})`,
  );
  const found: Groups[] = [];
  for (const part of parts) {
    const relation = `(SELECT * FROM rows_of_parts WHERE CAST(${args.key} AS VARCHAR) = ${quoted(part)})`;
    found.push(await groupsOf(reading, { ...args, relation, key: other, column: null }));
  }
  return found;
}

const titleOf = (dataset: Dataset, key: string, column: string): string =>
  describing(dataset, key)?.columns[column]?.description ?? column;
