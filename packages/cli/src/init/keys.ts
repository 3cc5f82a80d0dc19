/** Which columns name one row each: by their names where those say so, else by the rows, where chance would not do. */
import type { Engine } from "../engine/duckdb.ts";
import { identifier } from "../land/csv-source.ts";
import { knownColumns, namesKey } from "./names.ts";
import { isKey } from "./profile.ts";
import type { SeenColumn } from "./tables.ts";

export interface FoundKey {
  readonly columns: readonly string[];
  /** Why they are taken for the key where their names do not say it; null where they do. */
  readonly reason: string | null;
}

const byName = (columns: readonly string[]): FoundKey => ({ columns, reason: null });

/** Columns that name a store or a product, and others whose names say that they name something. */
function keyColumns(columns: readonly SeenColumn[]): readonly SeenColumn[] {
  const names = columns.map(({ name }) => name);
  const known = [...knownColumns("sales", names)].filter(([, to]) => to === "store_key" || to === "prod_key");
  const isKnown = ({ name }: SeenColumn) => known.some(([column]) => column === name);
  const whole = columns.filter(({ required, type }) => required && !/^(?:decimal|boolean|date)/.test(type));
  return [...whole.filter(isKnown), ...whole.filter((column) => !isKnown(column) && namesKey(column.name))];
}

/** What is looked at: so many columns, so many of them together beside the day, so many combinations, and of them in all rows. */
const MOST_COLUMNS = 10;
const MOST_TOGETHER = 4;
const MOST_TRIES = 250;
const MOST_PASSES = 30;
/** Rows that most combinations are refused by, without a look at the others. */
const SAMPLE = 5000;
/** So many equal rows chance would have made. */
const UNLIKELY = 10;

/**
 * How many pairs of rows would be equal in columns that have nothing to do with each other: few where nearly every
 * combination is unlike anyway, which says nothing.
 */
const expectedRepeats = (rows: number, columns: readonly SeenColumn[]): number =>
  (rows * (rows - 1)) / 2 / columns.reduce((product, { distinct }) => product * distinct, 1);

function* combinations<T>(items: readonly T[], size: number, from = 0): Generator<T[]> {
  if (size === 0) {
    yield [];
    return;
  }
  for (let at = from; at <= items.length - size; at += 1)
    for (const rest of combinations(items, size - 1, at + 1)) yield [items[at] as T, ...rest];
}

/**
 * The smallest combination that no two rows share, with the day where rows have one; of several the one with the fewest
 * different values, which is the least likely by chance.
 */
async function keyByRows(
  engine: Engine,
  relation: string,
  columns: readonly SeenColumn[],
  day: SeenColumn | null,
  rows: number,
): Promise<FoundKey | null> {
  // A column that is the same in all rows tells none apart, and free text names nothing.
  const able = columns
    .filter(({ name, required, type, distinct }) => required && distinct > 1 && name !== day?.name && nameable(type))
    .sort((a, b) => a.distinct - b.distinct)
    .slice(0, MOST_COLUMNS);
  const sample = `${relation}_sample`;
  await engine.run(
    `CREATE OR REPLACE TEMP TABLE ${sample} AS SELECT ${[...able, ...(day === null ? [] : [day])].map(({ name }) => identifier(name)).join(", ") || "1"} FROM ${relation} LIMIT ${SAMPLE}`,
  );
  let tries = 0;
  let passes = 0;
  for (let size = day === null ? 2 : 1; size <= MOST_TOGETHER; size += 1) {
    const together = [...combinations(able, size)]
      .map((parts) => (day === null ? parts : [day, ...parts]))
      .map((parts) => ({ parts, repeats: expectedRepeats(rows, parts) }))
      // Fewer combinations of values than rows cannot do; more than chance needs say nothing.
      .filter(({ parts, repeats }) => repeats >= UNLIKELY && parts.reduce((all, one) => all * one.distinct, 1) >= rows)
      .sort((a, b) => b.repeats - a.repeats);
    for (const { parts, repeats } of together) {
      const names = parts.map(({ name }) => name);
      tries += 1;
      if (tries > MOST_TRIES) return null;
      if (!(await isKey(engine, sample, names))) continue;
      if (rows > SAMPLE) {
        passes += 1;
        if (passes > MOST_PASSES) return null;
        if (!(await isKey(engine, relation, names))) continue;
      }
      const many = Math.round(repeats).toLocaleString("en");
      return {
        columns: names,
        reason: `no two of ${rows.toLocaleString("en")} rows have the same ${names.join(" + ")}, where chance would make about ${many} pairs`,
      };
    }
  }
  return null;
}

const nameable = (type: string) => type === "int" || type === "bigint" || type === "string";

/** By chance every column of a short table is unlike: only what is named as a key is one where rows have a day. */
export async function keyOf(
  engine: Engine,
  relation: string,
  columns: readonly SeenColumn[],
  day: string | null,
  rows: number,
): Promise<FoundKey | null> {
  const named = keyColumns(columns);
  const single = columns.filter(({ required, type }) => required && !/^(?:decimal|boolean)/.test(type));
  const daysFirst = day === null ? [] : single.filter(({ name }) => name === day);
  for (const { name } of [...daysFirst, ...named, ...(day === null ? single : [])]) {
    if (await isKey(engine, relation, [name])) return byName([name]);
  }
  if (day === null) {
    for (const [at, a] of named.entries()) {
      for (const b of named.slice(at + 1))
        if (await isKey(engine, relation, [a.name, b.name])) return byName([a.name, b.name]);
    }
    return keyByRows(engine, relation, columns, null, rows);
  }
  // The day with all that it is the day of: fewer columns may do in these rows, and not in the next ones.
  const stores = named.slice(0, 2).map(({ name }) => name);
  for (const parts of [stores, named.slice(0, 4).map(({ name }) => name)]) {
    if (parts.length > 0 && (await isKey(engine, relation, [day, ...parts]))) return byName([day, ...parts]);
  }
  const dayColumn = columns.find(({ name }) => name === day) ?? null;
  return keyByRows(engine, relation, columns, dayColumn, rows);
}
