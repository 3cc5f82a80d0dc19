/** The tables of a folder: staged, every column profiled, and what each of them is by its shape. */
import { rm } from "node:fs/promises";
import path from "node:path";
import type { Engine } from "../engine/duckdb.ts";
import { asUtf8, engineFault, textRows } from "../land/csv-source.ts";
import type { FileGroup, FoundFile } from "./files.ts";
import { keyOf } from "./keys.ts";
import { knownColumns, namesKey } from "./names.ts";
import { profileColumn } from "./profile.ts";
import { type Guess, guessType } from "./types.ts";

export type Role = "flow" | "stock" | "dimension" | "calendar" | "other";

export interface SeenColumn extends Guess {
  /** In the file. */
  readonly name: string;
  readonly distinct: number;
}

export interface SeenTable {
  /** From the names of its files. */
  readonly name: string;
  readonly files: readonly FoundFile[];
  readonly rows: number;
  readonly columns: readonly SeenColumn[];
  /** Columns that name one row each; null where none do. */
  readonly key: readonly string[] | null;
  /** Why, where their names do not say it. */
  readonly keyReason: string | null;
  /** The day of a row. */
  readonly day: string | null;
  readonly role: Role;
  readonly reason: string;
}

/** @returns the name of the staged relation */
export async function stageGroup(
  engine: Engine,
  folder: string,
  temporary: string,
  { files }: FileGroup,
  relation: string,
): Promise<void> {
  for (const [index, { file, encoding, delimiter }] of files.entries()) {
    const text = await asUtf8(path.join(folder, file), encoding, path.join(temporary, `${relation}.csv`));
    const into = index === 0 ? `CREATE TEMP TABLE ${relation} AS` : `INSERT INTO ${relation} BY NAME`;
    try {
      await engine.run(`${into} SELECT * FROM (${textRows(text, delimiter)})`);
    } catch (cause) {
      throw engineFault(file, cause);
    }
    await rm(text);
  }
}

const isNumber = ({ type }: SeenColumn) => type === "int" || type === "bigint" || type.startsWith("decimal");

/** Before it is said what it is. */
export type Shape = Omit<SeenTable, "role" | "reason">;

export async function seeTable(engine: Engine, relation: string, { name, files }: FileGroup): Promise<Shape> {
  const columns: SeenColumn[] = [];
  let rows = 0;
  for (const column of files[0]?.header ?? []) {
    const profile = await profileColumn(engine, relation, column);
    rows = profile.rows;
    columns.push({ name: column, distinct: profile.distinct, ...guessType(profile) });
  }
  // A few unreadable days do not make a table one without days.
  const dates = columns.filter(({ type, required }) => type === "date" && required);
  const known = [
    ...knownColumns(
      "sales",
      columns.map((one) => one.name),
    ),
    ...knownColumns(
      "inventory",
      columns.map((one) => one.name),
    ),
  ];
  const usual = dates.find((date) =>
    known.some(([from, to]) => from === date.name && /_dt$/.test(to) && to !== "next_delivery_dt"),
  );
  const day = (usual ?? dates[0])?.name ?? null;
  const key = await keyOf(engine, relation, columns, day, rows);
  return { name, files, rows, columns, day, key: key?.columns ?? null, keyReason: key?.reason ?? null };
}

/** By the shape of its rows, and of the others'. */
export function withRole(table: Shape, others: readonly Shape[]): SeenTable {
  const { name, columns, key, day } = table;
  const names = columns.map((column) => column.name);
  const as = (role: Role, reason: string): SeenTable => ({ ...table, role, reason });
  const single = key?.length === 1 ? key[0] : undefined;
  if (day !== null && single === day) {
    if ([...knownColumns("calendar", names).values()].includes("yr_wk_num"))
      return as("calendar", `one row a day (${day}) with its week`);
  }
  const meaning = (column: string, all: readonly string[]) =>
    knownColumns("sales", all).get(column) ?? column.toLowerCase();
  const refersTo = others.some((other) => {
    const theirs = other.columns.map((column) => column.name);
    return theirs.some(
      (column) =>
        single !== undefined && meaning(column, theirs) === meaning(single, names) && other.key?.join() !== column,
    );
  });
  if (single !== undefined && single !== day && (day === null || refersTo))
    return as(
      "dimension",
      `${single} names one row each${refersTo ? ", and other tables have that column" : ", and no row has a day"}`,
    );
  const onHand = [...knownColumns("inventory", names)].find(([, to]) => to === "inventory_on_hand_qty")?.[0];
  const speaks = /inv|stock|bestand|lager|stand/i.test(name) || /stock|hand|inv|bestand|lager/i.test(onHand ?? "");
  if (day !== null && key?.includes(day) === true && onHand !== undefined && speaks)
    return as("stock", `${key.join(" + ")} name one row each, and ${onHand} says what there is`);
  const known = knownColumns("sales", names);
  const isKeyLike = ({ name: one }: SeenColumn) => namesKey(one) || /_key$|_id$/.test(known.get(one) ?? "");
  const measures = columns.filter((column) => isNumber(column) && !isKeyLike(column));
  if (day !== null && measures.length > 0)
    return as("flow", `each row has a day (${day}) and numbers (${measures.map((one) => one.name).join(", ")})`);
  if (single !== undefined) return as("dimension", `${single} names one row each`);
  if (day === null && key !== null)
    return as("dimension", `${key.join(" + ")} name one row each, and no row has a day`);
  return as("other", day === null ? "no row has a day and no column names one row" : "there is no number to add up");
}
